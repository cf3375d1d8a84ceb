// Finding: the outcome of one rule for one subject. Kinds and levels are SARIF's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weighbridge/artifact.h"
#include "weighbridge/location.h"

namespace weighbridge {

// Strongest last, so that a gate is a comparison.
enum class Outcome { kNone, kNotice, kReview, kRestricted, kLicenceRequired, kProhibited };
const char* OutcomeName(Outcome outcome);  // "licence-required", ...
std::optional<Outcome> ParseOutcome(const std::string& text);

struct Waiver {
  std::string reason;
  std::string owner;
  std::string expires;  // ISO date, last day on which it waives
};

struct Finding {
  std::string rule_id;
  std::string title;    // what the rule is about, a few words
  std::string message;  // one or two plain sentences: what was found and why it matters
  Outcome outcome = Outcome::kNone;
  bool settled = true;       // false: depends on the facts in depends_on
  std::string kind;          // SARIF: "fail", "review", "open", "informational"
  std::string level;         // SARIF: "error", "warning", "note", "none"
  std::string jurisdiction;  // "US", "US-TX", "EU", "" for built-in findings
  std::string authority;
  std::string citation;
  std::string source_url;
  std::string source_date;
  std::string confidence;  // "high", "medium", "low"
  std::string effective_from;
  std::string effective_to;
  std::string status;                   // of the rule: "in-force", ...
  std::vector<std::string> depends_on;  // missing facts: "context.country", "model.training_flops"
  std::string model_id;                 // Model::id, "" when the subject is none
  std::string accelerator_id;           // Accelerator::id, likewise
  std::string service_id;               // ServiceId(), likewise
  Location location;
  std::vector<ImagePlace> images;  // of the location, when it lies in container images
  std::optional<Waiver> waiver;    // a waiver that applies today
  bool gates = false;              // counts against the gate
  // What a waiver may call the subject besides its id and place: display name, hub id,
  // SHA-256 of its files. Shared by the findings of one subject; null when there are none.
  std::shared_ptr<const std::vector<std::string>> subject_names;
};

}  // namespace weighbridge
