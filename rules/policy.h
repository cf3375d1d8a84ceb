// Policy: who deploys, where and for what; the gate; allow and deny lists; waivers.
// JSON in which // comments are accepted; schema in rules/schema/policy.schema.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/finding.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct Context {
  std::optional<std::string> country;  // ISO 3166 alpha-2 of the deployer's seat
  std::optional<std::string>
      sector;  // "us-dod", "us-federal-civilian", "us-state-tx", "au-government", "private"
  std::optional<std::vector<std::string>>
      activity;  // "use", "distribute", "export", "reexport", "procure"
  std::optional<std::vector<std::string>> destinations;  // ISO codes
};

struct PolicyList {  // own deny or allow entry; RE2 patterns, full match
  std::string id;    // becomes the finding's rule id, "POLICY-..."
  std::string publisher, country, family, licence, digest;
  Outcome outcome = Outcome::kProhibited;  // deny entries
  std::string reason;
};

struct PolicyWaiver {
  std::string rule;  // rule id, RE2 full match
  // Model id, display name, hub id, SHA-256 or location: the text itself or RE2, full
  // match; a location also as a glob. "" = any.
  std::string subject;
  std::string reason, owner, expires;
};

struct Policy {
  std::string name;
  Context context;
  std::vector<std::string> packs;  // ids of packs that apply; empty = all
  Outcome fail_on = Outcome::kProhibited;
  bool fail_on_undecided = false;
  std::vector<PolicyList> deny;
  std::vector<PolicyList> allow;  // a matching model keeps only findings that are not own-deny
  // Of a model that no allow entry matches; kNone: the allow list only makes exceptions.
  Outcome unlisted = Outcome::kNone;
  std::vector<PolicyWaiver> waivers;
};

// Sectors that rules ask about; "us-state-XX" takes any state.
bool IsSector(const std::string& text);

// Every error at once, each "FILE:LINE:COLUMN: message", with a pointer where there is one.
Result<Policy> ParsePolicy(std::string_view text, const std::string& file_name);
// A commented example for `policy init`.
std::string ExamplePolicy();

}  // namespace weighbridge
