#include "scanner/registry/reference.h"

#include <algorithm>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxReferenceBytes = 1024;
constexpr std::size_t kMaxNameBytes = 255;  // reference.go, RepositoryNameTotalLengthMax
constexpr std::size_t kMaxTagBytes = 128;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }
bool IsAlnum(char c) { return IsDigit(c) || IsLower(c) || IsUpper(c); }
bool IsPathAlnum(char c) { return IsDigit(c) || IsLower(c); }

// [a-z0-9]+ joined by '.', '_', "__" or any number of '-'.
bool IsPathComponent(std::string_view part) {
  if (part.empty() || !IsPathAlnum(part.front()) || !IsPathAlnum(part.back())) return false;
  for (std::size_t i = 0; i < part.size();) {
    if (IsPathAlnum(part[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < part.size() && !IsPathAlnum(part[end])) ++end;
    const std::string_view joint = part.substr(i, end - i);
    const bool dashes = joint.find_first_not_of('-') == joint.npos;
    if (joint != "." && joint != "_" && joint != "__" && !dashes) return false;
    i = end;
  }
  return true;
}

// Letters, digits and inner dashes.
bool IsDomainComponent(std::string_view part) {
  if (part.empty() || part.front() == '-' || part.back() == '-') return false;
  return std::all_of(part.begin(), part.end(), [](char c) { return IsAlnum(c) || c == '-'; });
}

bool IsPort(std::string_view text) {
  const auto port = ParseUint(text);
  return port && *port > 0 && *port <= 65535;
}

bool IsDomain(std::string_view text) {
  if (!text.empty() && text.front() == '[') {  // IPv6
    const std::size_t close = text.find(']');
    if (close == text.npos || close < 3) return false;
    const std::string_view address = text.substr(1, close - 1);
    const bool plain = std::all_of(address.begin(), address.end(), [](char c) {
      return IsHex(c) || IsUpper(c) || c == ':' || c == '.';
    });
    if (!plain) return false;
    const std::string_view rest = text.substr(close + 1);
    return rest.empty() || (rest.front() == ':' && IsPort(rest.substr(1)));
  }
  const std::size_t colon = text.find(':');
  if (colon != text.npos && !IsPort(text.substr(colon + 1))) return false;
  for (const std::string& part : Split(text.substr(0, colon), '.')) {
    if (!IsDomainComponent(part)) return false;
  }
  return true;
}

bool IsTag(std::string_view tag) {
  if (tag.empty() || tag.size() > kMaxTagBytes || tag[0] == '.' || tag[0] == '-') return false;
  return std::all_of(tag.begin(), tag.end(),
                     [](char c) { return IsAlnum(c) || c == '_' || c == '.' || c == '-'; });
}

bool LooksLikeDomain(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:[") != first.npos ||
         std::any_of(first.begin(), first.end(), IsUpper);
}

Error Refused(std::string_view text, const std::string& reason) {
  return {ErrorCode::kInvalidArgument, Quote(text) + " is not a registry reference: " + reason};
}

}  // namespace

bool IsDigest(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return false;
  const std::string_view algorithm = text.substr(0, colon);
  const std::string_view hex = text.substr(colon + 1);
  const std::size_t wanted = algorithm == "sha256" ? 64 : algorithm == "sha512" ? 128 : 0;
  return wanted != 0 && hex.size() == wanted && std::all_of(hex.begin(), hex.end(), IsHex);
}

std::string_view DigestAlgorithm(std::string_view digest) {
  return digest.substr(0, digest.find(':'));
}

std::string_view DigestHex(std::string_view digest) { return digest.substr(digest.find(':') + 1); }

std::string Reference::ToString() const {
  return Name() + (tag.empty() ? "" : ":" + tag) + (digest.empty() ? "" : "@" + digest);
}

std::string Reference::ApiHost() const {
  return domain == "docker.io" ? "registry-1.docker.io" : domain;
}

Result<Reference> ParseReference(std::string_view text) {
  if (text.size() > kMaxReferenceBytes) return Refused(text, "longer than 1024 bytes");
  Reference reference;
  std::string_view rest = text;
  if (const std::size_t at = rest.find('@'); at != rest.npos) {
    reference.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (!IsDigest(reference.digest)) {
      return Refused(text, Quote(reference.digest) + " is not sha256:<64 hex> or sha512:<128 hex>");
    }
  }
  reference.domain = "docker.io";
  if (const std::size_t slash = rest.find('/'); slash != rest.npos) {
    const std::string_view first = rest.substr(0, slash);
    if (LooksLikeDomain(first)) {
      if (!IsDomain(first)) return Refused(text, Quote(first) + " is not a host or host:port");
      reference.domain = first;
      rest = rest.substr(slash + 1);
    }
  }
  if (reference.domain == "index.docker.io") reference.domain = "docker.io";
  if (const std::size_t colon = rest.rfind(':'); colon != rest.npos) {
    reference.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (!IsTag(reference.tag)) return Refused(text, Quote(reference.tag) + " is not a tag");
  }
  for (const std::string& part : Split(rest, '/')) {
    if (IsPathComponent(part)) continue;
    return Refused(text, part.empty() ? "an empty name component"
                                      : Quote(part) +
                                            " is not a name component (lower-case "
                                            "letters, digits, '.', '_', '-')");
  }
  const bool lone = rest.find('/') == rest.npos;
  if (lone && rest.size() == 64 && std::all_of(rest.begin(), rest.end(), IsHex)) {
    return Refused(text, "64 hexadecimal digits are an id, not a name");
  }
  reference.repository = (reference.domain == "docker.io" && lone ? "library/" : "");
  reference.repository += rest;
  if (reference.Name().size() > kMaxNameBytes) return Refused(text, "name longer than 255 bytes");
  if (reference.tag.empty() && reference.digest.empty()) reference.tag = "latest";
  return reference;
}

}  // namespace weighbridge
