#include "rules/condition_checks.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "rules/condition_values.h"
#include "rules/predicates.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Demands looked at for one rule; real rules have under fifty.
constexpr int kMostSteps = 20000;

struct Literal {
  std::string name;
  const Json* argument = nullptr;
  bool positive = true;
  std::string pointer;
};

struct Branch {
  std::string key;  // "" for a whole object
  const Json* json = nullptr;
  bool negated = false;
  std::string pointer;
};

struct Alternatives {
  std::vector<Branch> branches;
  std::string pointer;
};

// What must hold together: literals, and groups of which one part must hold.
struct Demands {
  std::vector<Literal> literals;
  std::vector<Alternatives> groups;
};

using Words = std::set<std::string>;

// Facts of which a subject or deployer has one value.
constexpr std::string_view kSingle[] = {"country",  "sector",        "family",
                                        "modality", "segment",       "vendor",
                                        "eccn",     "computer_eccn", "designer_country"};

bool IsSingle(std::string_view name) {
  return std::find(std::begin(kSingle), std::end(kSingle), name) != std::end(kSingle);
}

// The values that a list names, as the predicate compares them. None where a word stands
// for many ("us-state-").
std::optional<Words> ValuesOf(const Literal& literal) {
  if (!literal.argument->is_array()) return Words{ToLower(Dump(*literal.argument))};
  Words words;
  for (const Json& item : *literal.argument) {
    const std::string word = item.get<std::string>();
    if (word.ends_with('-')) return std::nullopt;
    const bool union_word = ToLower(word) == "eu";
    if (union_word && (literal.name == "country" || literal.name == "destination")) {
      for (const std::string_view member : EuMembers()) words.insert(ToLower(member));
      continue;
    }
    words.insert(literal.name == "licence" ? NormalLicence(word) : ToLower(word));
  }
  return words;
}

struct Bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;
  bool empty() const { return low > high || (low == high && (low_open || high_open)); }
};

struct BoundOf {
  std::string_view name, fact;
  bool lower, open;
};

constexpr BoundOf kBounds[] = {
    {"tpp_at_least", "total processing performance", true, false},
    {"tpp_below", "total processing performance", false, true},
    {"memory_bandwidth_at_least", "memory bandwidth", true, false},
    {"memory_bandwidth_below", "memory bandwidth", false, true},
    {"training_flops_above", "training compute", true, true},
    {"training_flops_from", "training compute", true, false},
    {"released_from", "the month of release", true, false},
    {"released_before", "the month of release", false, true},
};

double NumberOf(const Json& argument) {
  if (argument.is_number()) return argument.get<double>();
  const std::string month = argument.get<std::string>();  // "2025-08", checked before
  return std::stod(month.substr(0, 4)) * 12 + std::stod(month.substr(5, 2));
}

class Checker {
 public:
  // Adds what a condition demands. `negated` turns it round.
  void Flatten(const Branch& branch, Demands& demands, int depth) {
    if (depth > 40 || ++steps_ > kMostSteps) return;
    if (!branch.key.empty()) return FlattenKey(branch, demands, depth);
    if (!branch.json->is_object()) return;
    std::vector<Branch> parts;
    for (const auto& [key, value] : branch.json->items())
      parts.push_back({key, &value, branch.negated, branch.pointer + "/" + key});
    Split(std::move(parts), !branch.negated, branch.pointer, demands, depth);
  }

  // "" when all literals can hold together, else why not; `at` is where.
  std::string Contradiction(const Demands& demands, std::string& at) {
    std::map<std::string_view, Bounds> bounds;
    std::map<std::string, Words> allowed;
    for (const Literal& literal : demands.literals) {
      if (++steps_ > kMostSteps) return {};
      at = literal.pointer;
      std::string why = NarrowBounds(literal, bounds);
      if (why.empty()) why = NarrowValues(literal, allowed);
      if (!why.empty()) return why;
    }
    for (const Literal& literal : demands.literals) {
      if (literal.positive) continue;
      at = literal.pointer;
      const std::string why = AgainstPositives(literal, demands, allowed);
      if (!why.empty()) return why;
    }
    return {};
  }

  void Check(const Demands& demands, const std::string& pointer, int depth) {
    std::string at;
    const std::string why = Contradiction(demands, at);
    if (!why.empty()) {
      problems.push_back({true, at.empty() ? pointer : at, "never holds: " + why});
      return;
    }
    for (const Alternatives& group : demands.groups) CheckGroup(demands, group, depth);
  }

  std::vector<ConditionProblem> problems;

 private:
  void FlattenKey(const Branch& branch, Demands& demands, int depth) {
    if (branch.key == "not")
      return Flatten({"", branch.json, !branch.negated, branch.pointer}, demands, depth + 1);
    if (branch.key != "all" && branch.key != "any") {
      demands.literals.push_back({branch.key, branch.json, !branch.negated, branch.pointer});
      return;
    }
    std::vector<Branch> parts;
    for (std::size_t i = 0; i < branch.json->size(); ++i) {
      parts.push_back(
          {"", &(*branch.json)[i], branch.negated, branch.pointer + "/" + std::to_string(i)});
    }
    Split(std::move(parts), (branch.key == "all") != branch.negated, branch.pointer, demands,
          depth);
  }

  void Split(std::vector<Branch> parts, bool conjunction, const std::string& pointer,
             Demands& demands, int depth) {
    if (!conjunction && parts.size() > 1) {
      demands.groups.push_back({std::move(parts), pointer});
      return;
    }
    for (const Branch& part : parts) Flatten(part, demands, depth + 1);
  }

  // Each alternative must be able to hold beside what is demanded anyway.
  void CheckGroup(const Demands& demands, const Alternatives& group, int depth) {
    std::vector<ConditionProblem> found;
    for (const Branch& branch : group.branches) {
      if (steps_ > kMostSteps || depth > 20) return;
      Demands together;
      together.literals = demands.literals;
      Flatten(branch, together, 0);
      std::string at;
      const std::string why = Contradiction(together, at);
      if (!why.empty())
        found.push_back({false, branch.pointer, "this alternative never holds: " + why});
      else
        for (const Alternatives& inner : together.groups) CheckGroup(together, inner, depth + 1);
    }
    if (!found.empty() && found.size() == group.branches.size())
      problems.push_back({true, group.pointer, "none of the alternatives can ever hold"});
    problems.insert(problems.end(), found.begin(), found.end());
  }

  std::string NarrowBounds(const Literal& literal, std::map<std::string_view, Bounds>& all) {
    const auto bound = std::find_if(std::begin(kBounds), std::end(kBounds),
                                    [&](const BoundOf& b) { return b.name == literal.name; });
    if (bound == std::end(kBounds)) return {};
    Bounds& bounds = all[bound->fact];
    const double value = NumberOf(*literal.argument);
    const bool lower = bound->lower == literal.positive;
    const bool open = bound->open == literal.positive;
    if (lower && (value > bounds.low || (value == bounds.low && open))) {
      bounds.low = value;
      bounds.low_open = open;
    }
    if (!lower && (value < bounds.high || (value == bounds.high && open))) {
      bounds.high = value;
      bounds.high_open = open;
    }
    return bounds.empty() ? "no value of " + std::string(bound->fact) + " meets both limits" : "";
  }

  std::string NarrowValues(const Literal& literal, std::map<std::string, Words>& allowed) {
    if (!literal.positive || !IsSingle(literal.name)) return {};
    const auto values = ValuesOf(literal);
    if (!values) return {};
    const auto [entry, is_new] = allowed.emplace(literal.name, *values);
    if (!is_new)
      std::erase_if(entry->second, [&](const std::string& word) { return !values->count(word); });
    return entry->second.empty() ? "no " + literal.name + " is in all the lists" : "";
  }

  // A denied list that covers all that another demand leaves.
  std::string AgainstPositives(const Literal& denied, const Demands& demands,
                               const std::map<std::string, Words>& allowed) {
    const auto values = ValuesOf(denied);
    if (!values || denied.name == "unknown" || denied.name.ends_with("_group")) return {};
    const auto covered = [&](const Words& words) {
      return std::all_of(words.begin(), words.end(),
                         [&](const std::string& word) { return values->count(word) != 0; });
    };
    if (const auto left = allowed.find(denied.name); left != allowed.end())
      return covered(left->second) ? "every " + denied.name + " that is asked for is denied" : "";
    for (const Literal& literal : demands.literals) {
      if (++steps_ > kMostSteps) return {};
      if (!literal.positive || literal.name != denied.name) continue;
      const auto wanted = ValuesOf(literal);
      if (wanted && covered(*wanted))
        return "every " + denied.name + " that is asked for is denied";
    }
    return {};
  }

  int steps_ = 0;
};

}  // namespace

std::vector<ConditionProblem> CheckConditions(const Json& condition, const Json& context,
                                              const std::string& rule_pointer) {
  Checker checker;
  Demands demands;
  checker.Flatten({"", &condition, false, rule_pointer + "/condition"}, demands, 0);
  checker.Flatten({"", &context, false, rule_pointer + "/context"}, demands, 0);
  CheckValues(condition, rule_pointer + "/condition", checker.problems);
  CheckValues(context, rule_pointer + "/context", checker.problems);
  checker.Check(demands, rule_pointer + "/condition", 0);
  return std::move(checker.problems);
}

}  // namespace weighbridge
