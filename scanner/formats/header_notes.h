// HeaderNotes: how a tensor format's reader writes into its Artifact. Claims are cut
// and counted, diagnostics are printable and capped, the first reason for a partial
// inspection is kept.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

class HeaderNotes {
 public:
  // `subject` stands before every message ("safetensors: ..."). Keeps references.
  HeaderNotes(Artifact& artifact, const Limits& limits, std::string subject)
      : artifact_(artifact), limits_(limits), subject_(std::move(subject)) {}

  // Cut at limits.max_claim_bytes; beyond limits.max_claims_per_file refused, once said.
  void AddClaim(std::string_view key, std::string_view value);
  // Something odd that leaves the file readable.
  void Note(ErrorCode code, std::string_view message, Severity severity = Severity::kWarning,
            DiagnosticKind kind = DiagnosticKind::kNone);
  // As Note, and the file was not fully understood.
  void Partial(ErrorCode code, std::string_view message,
               DiagnosticKind kind = DiagnosticKind::kNone);

 private:
  Artifact& artifact_;
  const Limits& limits_;
  std::string subject_;
  std::size_t notes_ = 0;
  std::set<DiagnosticKind> kinds_;  // that were told
  bool claims_full_ = false;
};

// "1 byte", "2 bytes".
std::string CountOf(std::uint64_t count, std::string_view singular);

// Reports names that occur twice, once each.
void CheckDuplicateNames(const Artifact& artifact, HeaderNotes& notes);

}  // namespace weighbridge
