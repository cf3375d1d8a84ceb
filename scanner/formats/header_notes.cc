#include "scanner/formats/header_notes.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// A file with a million faults is described by its first ones.
constexpr std::size_t kMaxNotes = 32;

}  // namespace

void HeaderNotes::AddClaim(std::string_view key, std::string_view value) {
  if (claims_full_ || value.empty()) return;
  if (artifact_.claims.size() >= limits_.max_claims_per_file) {
    claims_full_ = true;
    Partial(ErrorCode::kLimitExceeded,
            "more than " + std::to_string(limits_.max_claims_per_file) + " claims");
    return;
  }
  artifact_.claims.push_back(
      {std::string(key), std::string(CutUtf8(value, limits_.max_claim_bytes))});
}

void HeaderNotes::Note(ErrorCode code, std::string_view message, Severity severity,
                       DiagnosticKind kind) {
  // A kind that is a finding is told even behind a thousand others, the first time.
  const bool first_of_kind = kind != DiagnosticKind::kNone && kinds_.insert(kind).second;
  if (notes_ > kMaxNotes && !first_of_kind) return;
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = code;
  diagnostic.location = artifact_.location;
  diagnostic.message = subject_ + ": " + Printable(message);
  diagnostic.kind = kind;
  if (notes_ == kMaxNotes && !first_of_kind) {
    diagnostic.message = subject_ + ": further problems are not listed";
    diagnostic.kind = DiagnosticKind::kNone;
  }
  artifact_.diagnostics.push_back(std::move(diagnostic));
  if (notes_ <= kMaxNotes) ++notes_;
}

void HeaderNotes::Partial(ErrorCode code, std::string_view message, DiagnosticKind kind) {
  Note(code, message, Severity::kWarning, kind);
  if (artifact_.inspection == Inspection::kFull) artifact_.inspection = Inspection::kPartial;
  if (artifact_.not_inspected_reason.empty()) artifact_.not_inspected_reason = Printable(message);
}

std::string CountOf(std::uint64_t count, std::string_view singular) {
  std::string text = std::to_string(count) + " ";
  text += singular;
  if (count != 1) text += "s";
  return text;
}

void CheckDuplicateNames(const Artifact& artifact, HeaderNotes& notes) {
  std::vector<const std::string*> names;
  names.reserve(artifact.tensors.size());
  for (const Tensor& tensor : artifact.tensors) names.push_back(&tensor.name);
  std::sort(names.begin(), names.end(),
            [](const std::string* a, const std::string* b) { return *a < *b; });
  for (std::size_t i = 1; i < names.size(); ++i) {
    const bool repeats = *names[i] == *names[i - 1];
    const bool said = i >= 2 && *names[i] == *names[i - 2];
    if (repeats && !said) {
      notes.Partial(ErrorCode::kMalformed, "tensor " + Quote(*names[i]) + " is defined twice");
    }
  }
}

}  // namespace weighbridge
