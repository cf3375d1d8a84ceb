#include "rules/condition_words.h"

#include <algorithm>

#include "scanner/base/figure_text.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Groups deeper than any that compiles are not walked.
constexpr int kMaxDepth = 16;

struct Phrase {
  const char* name;
  const char* yes;  // % is the argument
  const char* no;
};

constexpr Phrase kPhrases[] = {
    {"lineage_publisher",
     "the model comes from %, directly or through a model that it is made from",
     "the model does not come from %, not through a model that it is made from either"},
    {"developer", "the model, or the base that it comes from, was developed by %",
     "neither the model nor the base that it comes from was developed by %"},
    {"publisher_country", "a publisher in the model's chain, or its parent, is seated in %",
     "no publisher in the model's chain, nor its parent, is seated in %"},
    {"parent_company", "a publisher in the model's chain belongs to %",
     "no publisher in the model's chain belongs to %"},
    {"listed", "the publisher or maker stands on a list that is named %",
     "no publisher or maker stands on a list that is named %"},
    {"family", "the model family is %", "the model family is not %"},
    {"model_name", "a name of the model matches the pattern %",
     "no name of the model matches the pattern %"},
    {"licence", "a licence statement says %", "no licence statement says %"},
    {"licence_pattern", "a licence id matches the pattern %",
     "no licence id matches the pattern %"},
    {"licence_known", "some licence is named", "no licence is named"},
    {"modality", "the modality is %", "the modality is not %"},
    {"training_flops_above", "published training compute is greater than % operations",
     "published training compute is at most % operations"},
    {"training_flops_from", "published training compute is % operations or more",
     "published training compute is less than % operations"},
    {"released_from", "the model was released in % or later", "the model was released before %"},
    {"released_before", "the model was released before %", "the model was released in % or later"},
    {"unknown", "a fact that no scan can see decides: %", "a fact that no scan can see decides: %"},
    {"country", "the deployer has its seat in %", "the deployer does not have its seat in %"},
    {"sector", "the deployer belongs to the sector %",
     "the deployer does not belong to the sector %"},
    {"activity", "what is done is %", "what is done is not %"},
    {"destination", "it is sent to %", "it is not sent to %"},
    {"eccn", "the circuit is classified as %", "the circuit is not classified as %"},
    {"computer_eccn", "a computer that holds it is classified as %",
     "a computer that holds it is not classified as %"},
    {"tpp_at_least", "total processing performance is % or more",
     "total processing performance is below %"},
    {"tpp_below", "total processing performance is below %",
     "total processing performance is % or more"},
    {"memory_bandwidth_at_least", "memory bandwidth is % GB/s or more",
     "memory bandwidth is below % GB/s"},
    {"memory_bandwidth_below", "memory bandwidth is below % GB/s",
     "memory bandwidth is % GB/s or more"},
    {"vendor", "the vendor is %", "the vendor is not %"},
    {"product", "the product matches the pattern %", "the product does not match the pattern %"},
    {"designer_country", "its designer has its headquarters in %",
     "its designer does not have its headquarters in %"},
    {"segment", "the product table takes it as %", "the product table does not take it as %"},
    {"destination_group", "it is sent to %", "it is not sent to %"},
    {"headquarters_group", "the deployer's seat is in %", "the deployer's seat is not in %"},
};

// "a, b or c".
std::string Either(const std::vector<std::string>& words) {
  if (words.size() < 2) return Join(words, "");
  return Join({words.begin(), words.end() - 1}, ", ") + " or " + words.back();
}

std::string GroupWord(const std::string& word) {
  if (word == "*") return "any place";
  return word.find(':') == std::string::npos ? word : "Country Group " + word;
}

// "Country Group D:1 or MO, but not to one of Country Group A:5".
std::string Places(const Json& list) {
  std::vector<std::string> named, excluded;
  for (const Json& item : list) {
    const std::string word = Printable(item.get<std::string>());
    if (word.starts_with("!"))
      excluded.push_back(GroupWord(word.substr(1)));
    else
      named.push_back(GroupWord(word));
  }
  return Either(named) + (excluded.empty() ? "" : ", other than " + Either(excluded));
}

std::string Argument(const std::string& name, const Json& argument) {
  if (name.ends_with("_group") && argument.is_array()) return Places(argument);
  if (argument.is_number()) return FigureText(argument.get<double>());
  if (argument.is_string()) return Quote(argument.get<std::string>());
  if (!argument.is_array()) return {};
  std::vector<std::string> words;
  for (const Json& item : argument) words.push_back(Printable(item.get<std::string>()));
  return Either(words);
}

void Add(const Json& json, bool negated, int depth, std::vector<ConditionLine>& lines);

void AddGroup(const char* heading, const Json& list, bool negated, int depth,
              std::vector<ConditionLine>& lines) {
  if (list.size() == 1) return Add(list[0], negated, depth, lines);
  lines.push_back({depth, heading});
  for (const Json& part : list) Add(part, negated, depth + 1, lines);
}

void AddKey(const std::string& key, const Json& value, bool negated, int depth,
            std::vector<ConditionLine>& lines) {
  // The opposite of "all of these" is "at least one of their opposites".
  if (key == "all" || key == "any") {
    const bool all = (key == "all") != negated;
    return AddGroup(all ? "all of these hold:" : "at least one of these holds:", value, negated,
                    depth, lines);
  }
  if (key == "not") return Add(value, !negated, depth, lines);
  lines.push_back({depth, PredicateWords(key, value, negated)});
}

void Add(const Json& json, bool negated, int depth, std::vector<ConditionLine>& lines) {
  if (depth > kMaxDepth || !json.is_object()) return;
  if (json.empty()) {
    lines.push_back({depth, negated ? "never" : "always"});
    return;
  }
  const bool several = json.size() > 1;
  if (several)
    lines.push_back({depth, negated ? "at least one of these holds:" : "all of these hold:"});
  for (const auto& [key, value] : json.items())
    AddKey(key, value, negated, depth + (several ? 1 : 0), lines);
}

}  // namespace

std::string PredicateWords(const std::string& name, const Json& argument, bool negated) {
  const auto phrase = std::find_if(std::begin(kPhrases), std::end(kPhrases),
                                   [&](const Phrase& each) { return name == each.name; });
  if (phrase == std::end(kPhrases)) return {};
  const bool no = argument.is_boolean() ? argument.get<bool>() == negated : negated;
  std::string text = no ? phrase->no : phrase->yes;
  const std::size_t at = text.find('%');
  return at == std::string::npos ? text : text.replace(at, 1, Argument(name, argument));
}

std::vector<ConditionLine> ConditionWords(const Json& condition) {
  std::vector<ConditionLine> lines;
  if (condition.is_object() && !condition.empty()) Add(condition, false, 0, lines);
  return lines;
}

}  // namespace weighbridge
