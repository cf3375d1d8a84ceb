// A rule pack: the rules of one regime, read from JSON and checked whole.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/condition.h"
#include "rules/rule_example.h"
#include "rules/rule_set.h"

namespace weighbridge {

struct Rule {
  RuleInfo info;
  Outcome outcome = Outcome::kReview;  // for its own subject kind
  // Silent unless the policy settles the context: for rules about nearly every model.
  bool needs_context = false;
  std::shared_ptr<const Condition> condition;
  std::shared_ptr<const Condition> context;
  Json condition_json, context_json;  // as written, for those who explain or check it
  std::vector<RuleExample> examples;
  std::string pointer;         // its place in the pack, "/rules/3"
  std::size_t pack_index = 0;  // which of several packs it stands in, for those who read several
};

// A pack as it was read: name of the file and text.
struct PackText {
  std::string name;
  std::string text;
};

// False with every error in `errors` ("POINTER: message"), or with what is wrong with the
// JSON in `malformed` ("LINE:COLUMN: message").
bool ReadRulePack(std::string_view text, std::vector<Rule>& rules, std::vector<std::string>& errors,
                  std::string& malformed);

// Every error at once, each "FILE:LINE:COLUMN: POINTER: message" on a line of its own.
Result<std::vector<Rule>> ParseRulePack(std::string_view text, const std::string& file_name);

// The packs compiled into the program: file name and text.
struct EmbeddedPack {
  const char* name;
  std::string_view text;
};
const std::vector<EmbeddedPack>& EmbeddedPacks();

}  // namespace weighbridge
