#include "rules/condition.h"

#include <re2/re2.h>

#include "rules/predicates.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Depth of nesting in a pack; real packs use three.
constexpr int kMaxDepth = 16;

class Call final : public Condition {
 public:
  Call(const Predicate& predicate, Json argument)
      : predicate_(predicate), argument_(std::move(argument)) {}
  Verdict Ask(const Question& question) const override {
    return predicate_.ask(argument_, question);
  }

 private:
  const Predicate& predicate_;
  Json argument_;
};

class Always final : public Condition {
 public:
  Verdict Ask(const Question&) const override { return {Truth::kTrue, {}, {}}; }
};

// Conjunction and disjunction are one: `decisive` ends it, unknown outweighs the rest.
class Group final : public Condition {
 public:
  Group(std::vector<std::unique_ptr<Condition>> parts, Truth decisive)
      : parts_(std::move(parts)), decisive_(decisive) {}
  Verdict Ask(const Question& question) const override {
    Verdict result{decisive_ == Truth::kFalse ? Truth::kTrue : Truth::kFalse, {}, {}};
    bool decided = false;
    for (const auto& part : parts_) {
      Verdict verdict = part->Ask(question);
      if (verdict.truth != Truth::kFalse) result.listings.merge(verdict.listings);
      decided = decided || verdict.truth == decisive_;
      if (verdict.truth != Truth::kUnknown) continue;
      result.truth = Truth::kUnknown;
      result.missing.merge(verdict.missing);
    }
    if (!decided) return result;
    if (decisive_ == Truth::kFalse) return {Truth::kFalse, {}, {}};
    return {Truth::kTrue, {}, std::move(result.listings)};
  }

 private:
  std::vector<std::unique_ptr<Condition>> parts_;
  Truth decisive_;
};

class Not final : public Condition {
 public:
  explicit Not(std::unique_ptr<Condition> part) : part_(std::move(part)) {}
  Verdict Ask(const Question& question) const override {
    Verdict verdict = part_->Ask(question);
    if (verdict.truth == Truth::kTrue)
      verdict.truth = Truth::kFalse;
    else if (verdict.truth == Truth::kFalse)
      verdict.truth = Truth::kTrue;
    verdict.listings.clear();
    return verdict;
  }

 private:
  std::unique_ptr<Condition> part_;
};

// "" when the argument is as the predicate wants it, else what is wrong.
std::string CheckArgument(const Predicate& predicate, const Json& argument) {
  const std::string_view kind = predicate.argument;
  if (kind == "strings") {
    if (!argument.is_array() || argument.empty()) return "expected a non-empty list of strings";
    for (const Json& item : argument) {
      if (!item.is_string() || item.get_ref<const std::string&>().empty()) {
        return "expected a non-empty list of strings";
      }
    }
    return "";
  }
  if (kind == "boolean") return argument.is_boolean() ? "" : "expected true or false";
  if (kind == "number") return argument.is_number() ? "" : "expected a number";
  if (!argument.is_string()) return "expected a string";
  const std::string& text = argument.get_ref<const std::string&>();
  if (kind == "month") return IsIsoDate(text + "-01") ? "" : "expected a month, YYYY-MM";
  const RE2 expression(text, RE2::Quiet);
  return expression.ok() ? "" : "not a pattern: " + expression.error();
}

class Compiler {
 public:
  Compiler(std::vector<std::string>& errors, const std::string& subject)
      : errors_(errors), subject_(subject) {}

  std::unique_ptr<Condition> Compile(const Json& json, const std::string& pointer, int depth) {
    if (depth > kMaxDepth) return Fail(pointer, "nested deeper than 16");
    if (json.is_null()) return std::make_unique<Always>();
    if (!json.is_object()) return Fail(pointer, "expected an object");
    if (json.empty()) return std::make_unique<Always>();
    std::vector<std::unique_ptr<Condition>> parts;
    for (const auto& [key, value] : json.items()) {
      parts.push_back(CompileKey(key, value, pointer + "/" + key, depth));
    }
    if (parts.size() == 1) return std::move(parts.front());
    return std::make_unique<Group>(std::move(parts), Truth::kFalse);
  }

 private:
  std::unique_ptr<Condition> CompileKey(const std::string& key, const Json& value,
                                        const std::string& pointer, int depth) {
    if (key == "all" || key == "any") return CompileGroup(key == "all", value, pointer, depth);
    if (key == "not") return std::make_unique<Not>(Compile(value, pointer, depth + 1));
    for (const Predicate& predicate : Predicates()) {
      if (key != predicate.name) continue;
      if (predicate.subject != std::string_view("any") && predicate.subject != subject_)
        return Fail(pointer, std::string("this asks about ") + predicate.subject +
                                 "s, the rule is not about one");
      const std::string wrong = CheckArgument(predicate, value);
      if (!wrong.empty()) return Fail(pointer, wrong);
      return std::make_unique<Call>(predicate, value);
    }
    const std::string near = Nearest(key, PredicateNames());
    return Fail(pointer, "unknown predicate " + Quote(key) +
                             (near.empty() ? "" : " (did you mean \"" + near + "\"?)"));
  }

  std::unique_ptr<Condition> CompileGroup(bool all, const Json& list, const std::string& pointer,
                                          int depth) {
    if (!list.is_array() || list.empty())
      return Fail(pointer, "expected a non-empty list of conditions");
    std::vector<std::unique_ptr<Condition>> parts;
    for (std::size_t i = 0; i < list.size(); ++i) {
      parts.push_back(Compile(list[i], pointer + "/" + std::to_string(i), depth + 1));
    }
    return std::make_unique<Group>(std::move(parts), all ? Truth::kFalse : Truth::kTrue);
  }

  std::unique_ptr<Condition> Fail(const std::string& pointer, const std::string& message) {
    errors_.push_back(pointer + ": " + message);
    return std::make_unique<Always>();
  }

  std::vector<std::string>& errors_;
  const std::string& subject_;
};

}  // namespace

std::unique_ptr<Condition> CompileCondition(const Json& json, const std::string& pointer,
                                            std::vector<std::string>& errors,
                                            const std::string& subject) {
  return Compiler(errors, subject).Compile(json, pointer, 0);
}

std::vector<std::string> PredicateNames() {
  std::vector<std::string> names{"all", "any", "not"};
  for (const Predicate& predicate : Predicates()) names.emplace_back(predicate.name);
  return names;
}

}  // namespace weighbridge
