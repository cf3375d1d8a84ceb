// The predicates of the rule language, listed in one table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/condition.h"

namespace weighbridge {

struct Predicate {
  const char* name;
  // What the argument must be: "strings" (non-empty list of strings), "pattern" (RE2),
  // "number", "boolean" or "month" (YYYY-MM).
  const char* argument;
  Verdict (*ask)(const Json& argument, const Question& question);
  const char* subject = "model";  // "model", "accelerator", "any"
};

// Those about accelerators, and about the Country Groups of places.
std::vector<Predicate> AcceleratorPredicates();

const std::vector<Predicate>& Predicates();

// A licence id as rules compare it: lower case, without "other:", with every run of
// spaces, brackets and underscores as one hyphen. Hubs write "other:openpangu" or
// "tencent-hunyuan-community (HunyuanVideo)".
std::string NormalLicence(const std::string& id);

// False when the licence statements, if any, name no licence ("other", "unknown").
bool HasKnownLicence(const ModelFacts& facts);

// The 27 member states; the licences and acts that say "EU" do not say "EEA".
bool IsEuMember(const std::string& country);
const std::vector<std::string_view>& EuMembers();

}  // namespace weighbridge
