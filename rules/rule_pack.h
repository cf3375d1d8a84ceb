// A rule pack: the rules of one regime, read from JSON and checked whole.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/condition.h"
#include "rules/rule_set.h"

namespace weighbridge {

struct Rule {
  RuleInfo info;
  Outcome outcome = Outcome::kReview;  // for its own subject kind
  // Silent unless the policy settles the context: for rules about nearly every model.
  bool needs_context = false;
  std::shared_ptr<const Condition> condition;
  std::shared_ptr<const Condition> context;
};

// Every error at once, each "FILE: POINTER: message" on a line of its own.
Result<std::vector<Rule>> ParseRulePack(std::string_view text, const std::string& file_name);

// The packs compiled into the program: file name and text.
struct EmbeddedPack {
  const char* name;
  std::string_view text;
};
const std::vector<EmbeddedPack>& EmbeddedPacks();

}  // namespace weighbridge
