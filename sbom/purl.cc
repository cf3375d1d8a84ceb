#include "sbom/purl.h"

#include <algorithm>

#include "sbom/document.h"

namespace weighbridge {
namespace {

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool IsCommit(const std::string& text) {
  return text.size() == 40 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Proven: bytes that were hashed now are those of this repository on the hub, and it is
// not a copy that somebody else made of them.
bool IsProven(const Identity& identity) {
  if (identity.hub_id.empty() || !identity.uploader.empty()) return false;
  if (OriginGrade(identity) != Grade::kVerified) return false;
  return std::any_of(identity.evidence.begin(), identity.evidence.end(), [&](const Evidence& e) {
    return e.grade == Grade::kVerified && e.field == "name" && e.value == identity.hub_id;
  });
}

bool HasWeights(const Report& report, const Model& model, const std::string& sha256) {
  return std::any_of(model.weights.begin(), model.weights.end(), [&](std::size_t index) {
    return index < report.artifacts.size() && report.artifacts[index].sha256 == sha256;
  });
}

// The one commit that hub metadata states of weight files whose digest it states
// rightly; "" when there is none or they differ.
std::string StatedCommit(const Report& report, const Model& model) {
  std::string commit;
  for (const std::size_t index : model.side_cars) {
    if (index >= report.artifacts.size()) continue;
    const std::string& stated = report.artifacts[index].ClaimOr("hub:commit");
    const std::string& etag = report.artifacts[index].ClaimOr("hub:etag");
    if (!IsCommit(stated) || etag.empty() || !HasWeights(report, model, etag)) continue;
    if (!commit.empty() && commit != stated) return {};
    commit = stated;
  }
  return commit;
}

}  // namespace

std::string PercentEncode(std::string_view raw, std::string_view keep) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : raw) {
    if (IsUnreserved(c) || keep.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0x0F];
  }
  return out;
}

bool IsWebAddress(std::string_view text) {
  return (text.rfind("https://", 0) == 0 || text.rfind("http://", 0) == 0) &&
         text == PercentEncode(text, "%:/?#[]@!$&'()*+,;=");
}

std::string LocationUri(const Location& location) {
  const std::string encoded = PercentEncode(location.path, "/");
  return location.path.rfind('/', 0) == 0 ? "file://" + encoded : encoded;
}

std::string HuggingFacePurl(const Report& report, const Model& model) {
  const Identity& identity = model.identity;
  const std::size_t slash = identity.hub_id.find('/');
  if (!IsProven(identity) || slash == std::string::npos) return {};
  std::string purl = "pkg:huggingface/" + PercentEncode(identity.hub_id.substr(0, slash)) + "/" +
                     PercentEncode(identity.hub_id.substr(slash + 1));
  const std::string commit = StatedCommit(report, model);
  return commit.empty() ? purl : purl + "@" + commit;
}

}  // namespace weighbridge
