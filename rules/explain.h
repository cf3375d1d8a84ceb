// A rule in plain words: what it says, of whom, how it stands on a day, its history, its
// source and its examples.
#pragma once

#include <string>
#include <vector>

#include "rules/rule_pack.h"

namespace weighbridge {

// A line of the page: a field with its label, or a paragraph at an indent.
struct ExplainLine {
  std::size_t indent = 0;
  std::string label;  // "" for a paragraph
  std::string text;
  std::string bullet;  // in front of a paragraph
};

std::vector<ExplainLine> ExplainRule(const Rule& rule, const std::string& as_of);

// "in force", "suspended", "over", "not yet in force", "proposed", ... on a day.
std::string StateOn(const RuleInfo& rule, const std::string& as_of);

}  // namespace weighbridge
