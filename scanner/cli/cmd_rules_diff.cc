// rules diff: two sets of packs, and what of a stored report they judge differently.
#include <fstream>
#include <iterator>
#include <map>

#include "rules/rule_diff.h"
#include "sbom/text_layout.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"
#include "scanner/cli/rule_packs.h"
#include "scanner/identity/catalog.h"
#include "scanner/pipeline/stored_report.h"

namespace weighbridge {
namespace {

constexpr std::size_t kWidth = 80;

int Fail(const std::string& message) {
  Complain(message);
  return kExitError;
}

struct Side {
  std::vector<Rule> rules;
  std::unique_ptr<RuleSet> set;
};

Result<Side> ReadSide(const std::string& name) {
  auto packs = ReadPacks({name});
  if (!packs.ok()) return std::move(packs).error();
  auto rules = ParsePacks(packs.value());
  if (!rules.ok()) return std::move(rules).error();
  Side side{std::move(rules).value(), RuleSet::Empty()};
  for (const PackText& pack : packs.value()) {
    Status added = side.set->AddPack(pack.text, pack.name);
    if (!added.ok()) return std::move(added).error();
  }
  return side;
}

Result<std::string> ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, Printable(path) + ": cannot be read"};
  return std::string((std::istreambuf_iterator<char>(file)), {});
}

void AddChanges(const std::vector<RuleChange>& changes, TextPage& page) {
  std::size_t added = 0, removed = 0;
  for (const RuleChange& change : changes) {
    const std::string name = Printable(change.id) + ": " + Printable(change.title);
    if (change.kind == RuleChange::Kind::kAdded) {
      ++added;
      page.Paragraph(2, name, "+ ");
    } else if (change.kind == RuleChange::Kind::kRemoved) {
      ++removed;
      page.Paragraph(2, name, "- ");
    } else {
      page.Paragraph(2, name, "~ ");
    }
    for (const FieldChange& field : change.fields) {
      const auto word = [](const std::string& text) {
        return text.empty() ? std::string("(none)") : Printable(text);
      };
      page.Paragraph(6, field.field + ": " + word(field.before) + " -> " + word(field.after),
                     "    ");
    }
  }
  page.Paragraph(0, std::to_string(added) + " added, " + std::to_string(removed) + " removed, " +
                        std::to_string(changes.size() - added - removed) + " changed");
}

using Answers = std::map<std::pair<std::string, std::string>, std::string>;  // subject, rule

std::string SubjectOf(const Finding& finding) {
  return finding.model_id.empty() ? finding.accelerator_id : finding.model_id;
}

Answers AnswersOf(const std::vector<Finding>& findings) {
  Answers answers;
  for (const Finding& finding : findings) {
    answers[{SubjectOf(finding), finding.rule_id}] =
        std::string(OutcomeName(finding.outcome)) +
        (finding.settled ? "" : ", depends on " + Join(finding.depends_on, ", "));
  }
  return answers;
}

struct Judging {
  Report report;
  Policy policy;
  std::string as_of;
  std::unique_ptr<Catalog> catalog;
};

Result<Judging> ReadJudging(const CommandLine& line) {
  auto text = ReadAll(line.rules.report);
  if (!text.ok()) return std::move(text).error();
  auto report = ReadStoredReport(text.value(), line.rules.report);
  if (!report.ok()) return std::move(report).error();
  Judging judging;
  judging.report = std::move(report).value();
  judging.as_of = judging.report.as_of;
  if (!line.scan.as_of.empty()) {
    auto day = DayAsked(line);
    if (!day.ok()) return std::move(day).error();
    judging.as_of = day.value();
  }
  if (!line.scan.policy_file.empty()) {
    auto policy_text = ReadAll(line.scan.policy_file);
    if (!policy_text.ok()) return std::move(policy_text).error();
    auto policy = ParsePolicy(policy_text.value(), line.scan.policy_file);
    if (!policy.ok()) return std::move(policy).error();
    judging.policy = std::move(policy).value();
  }
  auto catalog = Catalog::Open(line.scan.database);
  if (!catalog.ok()) return std::move(catalog).error();
  judging.catalog = std::move(catalog).value();
  return judging;
}

// What is not compared, and why.
void AddGaps(const Judging& judging, const Answers& before, const CommandLine& line,
             TextPage& page) {
  std::size_t of_bytes = 0, not_met = 0;
  for (const Finding& finding : judging.report.findings) {
    if (IsOfBytes(finding))
      ++of_bytes;
    else if (before.count({SubjectOf(finding), finding.rule_id}) == 0)
      ++not_met;
  }
  if (of_bytes != 0)
    page.Paragraph(0, "Not judged again: " + std::to_string(of_bytes) +
                          " findings that the bytes show, which no pack changes.");
  if (not_met != 0)
    page.Paragraph(0, std::to_string(not_met) +
                          " findings of the report are none of A's: it was made with other "
                          "rules, another policy or on another day.");
  if (line.scan.policy_file.empty() && !judging.report.context_lines.empty())
    page.Paragraph(0, "The report was made with a policy (" +
                          Printable(Join(judging.report.context_lines, ", ")) +
                          "); without --policy what it says of the deployer is unknown here.");
  if (judging.report.database.digest != judging.catalog->Info().digest)
    page.Paragraph(0, "The report was made with another catalogue (" +
                          Printable(judging.report.database.version) +
                          "); publishers, listings and products are those of this one.");
}

int AddReport(const CommandLine& line, const Side& a, const Side& b, TextPage& page) {
  auto read = ReadJudging(line);
  if (!read.ok()) return Fail(read.error().message);
  const Judging& judging = read.value();
  const auto answers = [&](const Side& side) {
    return AnswersOf(
        JudgeStored(judging.report, *side.set, judging.policy, judging.as_of, *judging.catalog));
  };
  const Answers before = answers(a), after = answers(b);
  Answers all = before;
  all.insert(after.begin(), after.end());
  std::size_t changed = 0;
  page.Heading(Printable(line.rules.report) + ", on " + judging.as_of);
  for (const auto& [key, unused] : all) {
    const auto word = [&key = key](const Answers& side) {
      const auto found = side.find(key);
      return found == side.end() ? std::string("none") : found->second;
    };
    if (word(before) == word(after)) continue;
    ++changed;
    page.Paragraph(4,
                   Printable(key.first) + ": " + Printable(key.second) + ": " +
                       Printable(word(before)) + " -> " + Printable(word(after)),
                   "  ");
  }
  page.Paragraph(0, std::to_string(changed) +
                        (changed == 1 ? " finding changes, of " : " findings change, of ") +
                        std::to_string(judging.report.models.size()) + " models and " +
                        std::to_string(judging.report.accelerators.size()) + " accelerators");
  AddGaps(judging, before, line, page);
  return kExitClean;
}

}  // namespace

int RunRulesDiff(const CommandLine& line) {
  auto a = ReadSide(line.rules.packs[0]);
  if (!a.ok()) return Fail(a.error().message);
  auto b = ReadSide(line.rules.packs[1]);
  if (!b.ok()) return Fail(b.error().message);
  TextPage page(kWidth, false);
  AddChanges(DiffRules(a.value().rules, b.value().rules), page);
  if (!line.rules.report.empty()) {
    const int code = AddReport(line, a.value(), b.value(), page);
    if (code != kExitClean) return code;
  }
  Status wrote = WriteDocument("", page.text());
  return wrote.ok() ? kExitClean : Fail(wrote.error().message);
}

}  // namespace weighbridge
