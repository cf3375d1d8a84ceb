#include "rules/condition_values.h"

#include <algorithm>
#include <set>

#include "rules/country_codes.h"
#include "rules/policy.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// The closed vocabularies of the predicates; "" when the predicate has none.
std::vector<std::string> Vocabulary(const std::string& name) {
  if (name == "segment") return {"datacenter", "not-datacenter"};
  if (name == "activity") return {"use", "distribute", "export", "reexport", "procure"};
  if (name == "eccn") return {"3A090.a", "3A090.b", "3A991.p", "none"};
  if (name == "computer_eccn") return {"4A090.a", "4A090.b", "4A994.l", "none"};
  return {};
}

std::string CountryProblem(const std::string& word, bool may_be_union) {
  if (IsCountryCode(word) || (may_be_union && word == "EU")) return {};
  const std::string upper = word == "UK" ? "GB" : word == "EL" ? "GR" : "";
  return Quote(word) + " is not an ISO 3166 alpha-2 code" +
         (upper.empty() ? "" : " (did you mean \"" + upper + "\"?)");
}

// "D:5", "MO", "*", each also with "!".
std::string PlaceProblem(std::string word) {
  if (word.starts_with("!")) word.erase(0, 1);
  if (word == "*" || IsCountryCode(word)) return {};
  const bool group = word.size() == 3 && word[1] == ':' && word[0] >= 'A' && word[0] <= 'E' &&
                     word[2] >= '1' && word[2] <= '9';
  return group ? "" : Quote(word) + " is neither a Country Group nor an ISO 3166 alpha-2 code";
}

std::string ValueProblem(const std::string& name, const std::string& word) {
  if (name == "country" || name == "destination") return CountryProblem(word, true);
  if (name == "publisher_country" || name == "designer_country") return CountryProblem(word, false);
  if (name.ends_with("_group")) return PlaceProblem(word);
  if (name == "sector")
    return word == "us-state-" || IsSector(word) ? "" : Quote(word) + " is not a sector";
  const std::vector<std::string> known = Vocabulary(name);
  const bool fits =
      known.empty() || std::any_of(known.begin(), known.end(), [&](const std::string& each) {
        return ToLower(each) == ToLower(word);
      });
  if (fits) return {};
  const std::string near = Nearest(word, known);
  return Quote(word) + " is not one of " + Join(known, ", ") +
         (near.empty() ? "" : " (did you mean \"" + near + "\"?)");
}

void CheckList(const std::string& name, const Json& list, const std::string& pointer,
               std::vector<ConditionProblem>& problems) {
  std::set<std::string> seen;
  bool places_left = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string word = list[i].get<std::string>();
    const std::string at = pointer + "/" + std::to_string(i);
    const std::string wrong = ValueProblem(name, word);
    if (!wrong.empty()) problems.push_back({true, at, "never matches: " + wrong});
    if (!seen.insert(ToLower(word)).second)
      problems.push_back({false, at, Quote(word) + " stands twice"});
  }
  if (!name.ends_with("_group")) return;
  for (const std::string& word : seen)
    places_left = places_left || (!word.starts_with("!") && seen.count("!" + word) == 0);
  if (!places_left || seen.count("!*") != 0)
    problems.push_back({true, pointer, "never holds: every place that is named is ruled out"});
}

void Walk(const Json& json, const std::string& pointer, int depth,
          std::vector<ConditionProblem>& problems) {
  if (depth > 40 || !json.is_object()) return;
  for (const auto& [key, value] : json.items()) {
    const std::string at = pointer + "/" + key;
    if (key == "not") {
      Walk(value, at, depth + 1, problems);
    } else if (key == "all" || key == "any") {
      for (std::size_t i = 0; i < value.size(); ++i)
        Walk(value[i], at + "/" + std::to_string(i), depth + 1, problems);
    } else if (value.is_array()) {
      CheckList(key, value, at, problems);
    }
  }
}

}  // namespace

void CheckValues(const Json& condition, const std::string& pointer,
                 std::vector<ConditionProblem>& problems) {
  Walk(condition, pointer, 0, problems);
}

}  // namespace weighbridge
