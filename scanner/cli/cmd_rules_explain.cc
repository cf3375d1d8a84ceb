// rules explain: one rule in plain words.
#include "rules/explain.h"
#include "sbom/text_layout.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"
#include "scanner/cli/rule_packs.h"

namespace weighbridge {
namespace {

constexpr std::size_t kWidth = 80;

int Fail(const std::string& message) {
  Complain(message);
  return kExitError;
}

int Print(const std::string& text) {
  Status wrote = WriteDocument("", text);
  return wrote.ok() ? kExitClean : Fail(wrote.error().message);
}

std::string PageOf(const std::vector<ExplainLine>& lines) {
  TextPage page(kWidth, false);
  for (const ExplainLine& line : lines) {
    const std::string text = Printable(line.text);
    if (line.label.empty() && line.indent == 0)
      page.Heading(text);
    else if (line.label.empty())
      page.Paragraph(line.indent + line.bullet.size(), text,
                     std::string(line.indent, ' ') + line.bullet);
    else
      page.Field(line.indent, Printable(line.label), text);
  }
  return page.text();
}

// A finding that the bytes show by themselves has no pack, day or source.
std::string BuiltinPage(const RuleInfo& info) {
  TextPage page(kWidth, false);
  page.Heading(info.id + ": " + info.title);
  page.Paragraph(2, info.sentence);
  page.Field(2, "outcome", info.outcome);
  page.Field(2, "made by", "weighbridge, from the bytes alone, on every day");
  return page.text();
}

}  // namespace

int RunRulesExplain(const CommandLine& line) {
  auto as_of = DayAsked(line);
  if (!as_of.ok()) return Fail(as_of.error().message);
  std::vector<std::string> names{"built-in"};
  names.insert(names.end(), line.scan.rule_packs.begin(), line.scan.rule_packs.end());
  auto packs = ReadPacks(names);
  if (!packs.ok()) return Fail(packs.error().message);
  auto rules = ParsePacks(packs.value());
  if (!rules.ok()) return Fail(rules.error().message);
  std::vector<std::string> known;
  for (const Rule& rule : rules.value()) {
    if (rule.info.id == line.rules.id) return Print(PageOf(ExplainRule(rule, as_of.value())));
    known.push_back(rule.info.id);
  }
  for (const RuleInfo& info : BuiltinRules()) {
    if (info.id == line.rules.id) return Print(BuiltinPage(info));
    known.push_back(info.id);
  }
  const std::string near = Nearest(line.rules.id, known);
  return Fail(
      "there is no rule " + Quote(line.rules.id) +
      (near.empty() ? "; see weighbridge list rules" : " (did you mean \"" + near + "\"?)"));
}

}  // namespace weighbridge
