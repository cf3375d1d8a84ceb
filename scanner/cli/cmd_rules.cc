// rules test, rules lint: the examples and the checks of rule packs.
#include <map>
#include <set>

#include "rules/json_places.h"
#include "rules/lint.h"
#include "rules/rule_tests.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"
#include "scanner/cli/rule_packs.h"
#include "scanner/identity/catalog.h"
#include "scanner/pipeline/accelerator_facts.h"

namespace weighbridge {
namespace {

int Fail(const Error& error) {
  Complain(error.message);
  return kExitError;
}

int Print(const std::string& text, int code) {
  Status wrote = WriteDocument("", text);
  return wrote.ok() ? code : Fail(wrote.error());
}

std::string Plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// The failures of one pack, with the lines where its examples stand.
std::string Failures(const PackText& pack, const std::vector<ExampleResult>& results) {
  std::set<std::string> pointers;
  for (const ExampleResult& result : results) {
    if (!result.passed()) pointers.insert(result.pointer);
  }
  const auto places = PlacesOf(pack.text, pointers);
  std::string text;
  for (const ExampleResult& result : results) {
    if (result.passed()) continue;
    text += Printable(pack.name) + ":" + std::to_string(places.at(result.pointer).line) + ": " +
            Printable(result.rule) + ": expected " + Printable(result.expected) + "; got " +
            Printable(result.got) +
            (result.note.empty() ? "" : " (" + Printable(result.note) + ")") + "\n";
  }
  return text;
}

}  // namespace

int RunRulesTest(const CommandLine& line) {
  auto today = DayAsked(line);
  if (!today.ok()) return Fail(today.error());
  auto packs = ReadPacks(line.rules.packs);
  if (!packs.ok()) return Fail(packs.error());
  auto rules = ParsePacks(packs.value());
  if (!rules.ok()) return Fail(rules.error());
  auto catalog = Catalog::Open("");
  if (!catalog.ok()) return Fail(catalog.error());
  std::vector<std::vector<Rule>> by_pack(packs.value().size());
  std::size_t without = 0;
  for (const Rule& rule : rules.value()) {
    by_pack[rule.pack_index].push_back(rule);
    if (rule.examples.empty()) ++without;
  }
  const GroupLookup groups = CountryGroupsOf(*catalog.value());
  std::string text;
  std::size_t ran = 0, failed = 0;
  for (std::size_t i = 0; i < by_pack.size(); ++i) {
    const auto results = RunExamples(by_pack[i], today.value(), groups);
    ran += results.size();
    for (const ExampleResult& result : results) failed += result.passed() ? 0 : 1;
    text += Failures(packs.value()[i], results);
  }
  text += Plural(ran, "example") + " of " + Plural(rules.value().size(), "rule") + " in " +
          Plural(by_pack.size(), "pack") + ": " + std::to_string(ran - failed) + " passed, " +
          std::to_string(failed) + " failed" +
          (without == 0 ? "" : "; " + Plural(without, "rule") + " without examples") + "\n";
  return Print(text, failed == 0 ? kExitClean : kExitGated);
}

int RunRulesLint(const CommandLine& line) {
  auto today = DayAsked(line);
  if (!today.ok()) return Fail(today.error());
  auto packs = ReadPacks(line.rules.packs);
  if (!packs.ok()) return Fail(packs.error());
  const LintResult result = LintPacks(packs.value(), today.value());
  std::string text;
  for (const LintMessage& message : result.messages) {
    text += Printable(message.file) + ":" + std::to_string(message.place.line) + ":" +
            std::to_string(message.place.column) + ": " +
            (message.is_error ? "error: " : "warning: ") +
            (message.rule.empty() ? "" : Printable(message.rule) + ": ") + Printable(message.text) +
            "\n";
  }
  text += HorizonWords(result.horizon, today.value()) + "\n";
  text += Plural(result.horizon.rules, "rule") + " in " + Plural(packs.value().size(), "pack") +
          ": " + Plural(result.errors, "error") + ", " + Plural(result.warnings, "warning") + "\n";
  return Print(text, result.errors == 0 ? kExitClean : kExitGated);
}

}  // namespace weighbridge
