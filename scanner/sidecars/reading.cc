#include "scanner/sidecars/reading.h"

#include <algorithm>
#include <utility>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Result<std::string> ReadText(const ByteSource& source, std::uint64_t max_bytes) {
  const std::uint64_t wanted = std::min(source.size(), max_bytes);
  constexpr std::uint64_t kStep = 1ULL << 20;
  std::string text;
  while (text.size() < wanted) {
    const std::size_t had = text.size();
    text.resize(had + static_cast<std::size_t>(std::min(kStep, wanted - had)));
    const MutableByteSpan room(reinterpret_cast<std::uint8_t*>(text.data()) + had,
                               text.size() - had);
    auto got = source.ReadAt(had, room);
    if (!got.ok()) return std::move(got).error();
    text.resize(had + got.value());
    if (got.value() == 0) break;
  }
  return text;
}

void AddClaim(Artifact& artifact, const Limits& limits, std::string_view key,
              std::string_view value) {
  if (value.empty()) return;
  if (artifact.claims.size() >= limits.max_claims_per_file) {
    if (artifact.inspection == Inspection::kFull) {
      MarkPartial(artifact, ErrorCode::kLimitExceeded, artifact.format,
                  "more than " + std::to_string(limits.max_claims_per_file) + " claims");
    }
    return;
  }
  artifact.claims.push_back(
      Claim{std::string(key), std::string(CutUtf8(value, limits.max_claim_bytes))});
}

void AddDiagnostic(Artifact& artifact, ErrorCode code, std::string_view name,
                   std::string_view message) {
  Diagnostic diagnostic;
  diagnostic.code = code;
  diagnostic.location = artifact.location;
  diagnostic.message = std::string(name) + ": " + Printable(message);
  artifact.diagnostics.push_back(std::move(diagnostic));
}

void MarkPartial(Artifact& artifact, ErrorCode code, std::string_view name,
                 std::string_view message) {
  AddDiagnostic(artifact, code, name, message);
  artifact.inspection = Inspection::kPartial;
  if (artifact.not_inspected_reason.empty()) artifact.not_inspected_reason = Printable(message);
}

std::string ScalarText(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>();
  if (value.is_boolean() || value.is_number()) return Dump(value);
  return {};
}

void AddJsonClaim(Artifact& artifact, const Limits& limits, std::string_view key,
                  const Json& object, const char* field) {
  const Json* value = Find(object, field);
  if (value == nullptr) return;
  if (!value->is_array()) {
    AddClaim(artifact, limits, key, ScalarText(*value));
    return;
  }
  for (const Json& element : *value) AddClaim(artifact, limits, key, ScalarText(element));
}

char FirstByte(std::string_view text) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? '\0' : text[at];
}

bool LooksLikeText(ByteSpan head) {
  const ByteSpan sample = head.first(std::min<std::size_t>(head.size(), 4096));
  return std::all_of(sample.begin(), sample.end(), [](std::uint8_t byte) {
    return byte >= 0x20 || (byte >= 0x08 && byte <= 0x0D);
  });
}

}  // namespace weighbridge
