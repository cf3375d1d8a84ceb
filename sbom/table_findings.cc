// The findings of the text report: settled ones first, strongest first; then what
// cannot be settled without more facts, one list per subject; then our own checks that
// only ask for a look; then what is waived.
#include <algorithm>
#include <set>

#include "sbom/table.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using FindingList = std::vector<const Finding*>;

class FindingPrinter {
 public:
  FindingPrinter(TextPage& page, const Report& report, const TableLimits& limits)
      : page_(page), limits_(limits) {
    for (const Model& model : report.models) models_.emplace(model.id, &model);
    for (const Accelerator& each : report.accelerators) accelerators_.emplace(each.id, &each);
  }

  void Settled(const FindingList& findings) {
    if (findings.empty()) return;
    page_.Heading("FINDINGS");
    bool first = true;
    for (const FindingList& group : Grouped(findings)) {
      if (!first) page_.Blank();
      first = false;
      SettledGroup(group);
    }
  }

  // Subjects of which the same is undecided stand together.
  void Undecided(const FindingList& findings) {
    if (findings.empty()) return;
    page_.Heading("UNDECIDED (facts are missing)");
    struct Group {
      std::vector<std::string> subjects, lines;
    };
    std::vector<Group> groups;
    std::map<std::string, std::size_t> at;
    for (const auto& [subject, list] : BySubject(findings)) {
      std::vector<std::string> lines = DependsLines(list);
      const auto [place, fresh] = at.try_emplace(Join(lines, "\n"), groups.size());
      if (fresh) groups.push_back({{}, std::move(lines)});
      groups[place->second].subjects.push_back(subject);
    }
    for (const Group& group : groups) {
      const std::size_t printed = std::min(group.subjects.size(), limits_.subjects);
      for (std::size_t i = 0; i < printed; ++i) page_.Paragraph(2, group.subjects[i]);
      PrintMore(page_, 2, group.subjects.size(), printed);
      for (const std::string& line : group.lines) page_.Paragraph(6, line, "    -");
    }
    Hints(findings);
  }

  void Checks(const FindingList& findings) {
    if (findings.empty()) return;
    page_.Heading("CHECKS (to look at)");
    std::map<std::string, FindingList> by_rule;
    for (const Finding* finding : findings) by_rule[finding->rule_id].push_back(finding);
    for (const auto& [rule, list] : by_rule) {
      page_.Marked(2, OutcomeName(list[0]->outcome),
                   Printable(rule) + Title(*list[0]) + GateMark(list));
      if (rule == "WB-NOT-INSPECTED") {
        page_.Paragraph(6, "see NOT INSPECTED below", "    -");
        continue;
      }
      const std::size_t printed = std::min(list.size(), limits_.subjects);
      for (std::size_t i = 0; i < printed; ++i)
        page_.Paragraph(6, Subject(*list[i]) + Said(*list[i]), "    -");
      PrintMore(page_, 4, list.size(), printed);
    }
  }

  // Findings of one rule under one waiver stand together.
  void Waived(const FindingList& findings) {
    if (findings.empty()) return;
    page_.Heading("WAIVED");
    std::vector<FindingList> groups;
    std::map<std::string, std::size_t> at;
    for (const Finding* finding : findings) {
      const auto [place, fresh] =
          at.try_emplace(finding->rule_id + '\0' + WaiverWords(*finding), groups.size());
      if (fresh) groups.emplace_back();
      groups[place->second].push_back(finding);
    }
    for (const FindingList& group : groups) {
      page_.Marked(2, OutcomeName(group[0]->outcome), Printable(group[0]->rule_id));
      const std::size_t printed = std::min(group.size(), limits_.subjects);
      for (std::size_t i = 0; i < printed; ++i) page_.Paragraph(6, Subject(*group[i]), "    -");
      PrintMore(page_, 4, group.size(), printed);
      page_.Paragraph(4, WaiverWords(*group[0]));
    }
  }

 private:
  static std::string WaiverWords(const Finding& finding) {
    const Waiver& waiver = *finding.waiver;
    return Printable(waiver.reason) + " (owner " + Printable(waiver.owner) + ", until " +
           Printable(waiver.expires) + ")";
  }

  // Findings of one rule and outcome stand under one heading.
  static std::vector<FindingList> Grouped(const FindingList& findings) {
    std::vector<FindingList> groups;
    std::map<std::string, std::size_t> at;
    for (const Finding* finding : findings) {
      const std::string key = std::string(OutcomeName(finding->outcome)) + '\0' + finding->rule_id;
      const auto [place, fresh] = at.try_emplace(key, groups.size());
      if (fresh) groups.emplace_back();
      groups[place->second].push_back(finding);
    }
    return groups;
  }

  // Of one group: those that say the same, in order of the first.
  static std::vector<FindingList> ByMessage(const FindingList& findings) {
    std::vector<FindingList> groups;
    std::map<std::string, std::size_t> at;
    for (const Finding* finding : findings) {
      const auto [place, fresh] = at.try_emplace(finding->message, groups.size());
      if (fresh) groups.emplace_back();
      groups[place->second].push_back(finding);
    }
    return groups;
  }

  void SettledGroup(const FindingList& group) {
    const Finding& finding = *group[0];
    page_.Marked(2, OutcomeName(finding.outcome),
                 Printable(finding.rule_id) + Title(finding) + GateMark(group));
    const std::vector<FindingList> messages = ByMessage(group);
    std::size_t printed = 0;
    for (const FindingList& list : messages) {
      if (printed == limits_.subjects) break;
      for (const Finding* each : list) {
        if (printed == limits_.subjects) break;
        page_.Paragraph(6, Subject(*each), "    -");
        ++printed;
      }
      if (messages.size() > 1) page_.Paragraph(6, Printable(list[0]->message));
    }
    PrintMore(page_, 4, group.size(), printed);
    if (messages.size() == 1 && finding.message != finding.title) {
      page_.Paragraph(4, Printable(finding.message));
    }
    page_.Paragraph(4, Citation(finding));
  }

  static std::string GateMark(const FindingList& group) {
    const bool gates =
        std::any_of(group.begin(), group.end(), [](const Finding* f) { return f->gates; });
    return gates ? " [gate]" : "";
  }

  std::vector<std::pair<std::string, FindingList>> BySubject(const FindingList& findings) const {
    std::vector<std::pair<std::string, FindingList>> subjects;
    std::map<std::string, std::size_t> at;
    for (const Finding* finding : findings) {
      const std::string subject = Subject(*finding);
      const auto [place, fresh] = at.try_emplace(subject, subjects.size());
      if (fresh) subjects.emplace_back(subject, FindingList());
      subjects[place->second].second.push_back(finding);
    }
    return subjects;
  }

  // One line for each set of missing facts; the strongest rule's first.
  static std::vector<std::string> DependsLines(const FindingList& findings) {
    std::vector<std::pair<std::string, std::vector<std::string>>> lines;
    std::map<std::string, std::size_t> at;
    for (const Finding* finding : findings) {
      const std::string facts = Printable(Join(finding->depends_on, ", "));
      const auto [place, fresh] = at.try_emplace(facts, lines.size());
      if (fresh) lines.emplace_back(facts, std::vector<std::string>());
      lines[place->second].second.push_back(Printable(finding->rule_id) + " (" +
                                            OutcomeName(finding->outcome) +
                                            (finding->gates ? ", gate)" : ")"));
    }
    std::vector<std::string> texts;
    for (const auto& [facts, rules] : lines) {
      texts.push_back("depends on " + (facts.empty() ? "unstated facts" : facts) + ": " +
                      Join(rules, ", "));
    }
    return texts;
  }

  // Who can answer what is missing.
  void Hints(const FindingList& findings) {
    static const std::set<std::string> policy{"context.country", "context.sector",
                                              "context.activity", "context.destinations"};
    bool by_policy = false, by_model = false, by_person = false;
    for (const Finding* finding : findings) {
      for (const std::string& fact : finding->depends_on) {
        if (policy.count(fact) != 0)
          by_policy = true;
        else if (fact.rfind("model.", 0) == 0)
          by_model = true;
        else
          by_person = true;
      }
    }
    page_.Blank();
    if (by_policy) {
      page_.Paragraph(2,
                      "Country, sector, activity and destinations are answered by a policy file: "
                      "`weighbridge policy init > policy.json`, say there who deploys, where and "
                      "for what, then scan with `--policy policy.json`.");
    }
    if (by_model) {
      page_.Paragraph(2,
                      "Facts of a model are those that its files leave open: `weighbridge explain` "
                      "on it shows what was found.");
    }
    if (by_person) {
      page_.Paragraph(2,
                      "The other facts cannot be seen by a scan: read the rule (`-o json` has its "
                      "sentence and source) and decide; a waiver records the decision.");
    }
  }

  static std::string Title(const Finding& finding) {
    return finding.title.empty() ? std::string() : ": " + Printable(finding.title);
  }

  static std::string Said(const Finding& finding) {
    if (finding.message.empty() || finding.message == finding.title) return {};
    return ": " + Printable(finding.message);
  }

  static std::string Citation(const Finding& finding) {
    std::vector<std::string> parts;
    for (const std::string* part :
         {&finding.jurisdiction, &finding.authority, &finding.citation, &finding.source_url}) {
      if (!part->empty()) parts.push_back(Printable(*part));
    }
    if (!finding.source_date.empty()) parts.push_back("of " + Printable(finding.source_date));
    if (!finding.effective_from.empty()) {
      parts.push_back("in effect from " + Printable(finding.effective_from));
    }
    if (!finding.confidence.empty() && !parts.empty()) {
      parts.push_back("confidence " + Printable(finding.confidence));
    }
    return Join(parts, "; ");
  }

  std::string Subject(const Finding& finding) const {
    const std::string where = Escaped(finding.location.ToString());
    if (const auto device = accelerators_.find(finding.accelerator_id);
        device != accelerators_.end()) {
      const Accelerator& found = *device->second;
      return std::to_string(found.count) + " x " + Printable(found.name) +
             (found.host.empty() ? "" : " (" + Printable(found.host) + ")");
    }
    if (!finding.service_id.empty()) return Escaped(finding.service_id);
    const auto model = models_.find(finding.model_id);
    if (model == models_.end()) return where.empty() ? std::string("this scan") : where;
    const std::string name = ModelName(*model->second);
    const std::string place = where.empty() ? Escaped(model->second->location.ToString()) : where;
    return place.empty() ? name : name + " (" + place + ")";
  }

  TextPage& page_;
  const TableLimits& limits_;
  std::map<std::string, const Model*> models_;
  std::map<std::string, const Accelerator*> accelerators_;
};

bool IsBuiltIn(const Finding& finding) { return finding.rule_id.rfind("WB-", 0) == 0; }

}  // namespace

void PrintFindings(TextPage& page, const Report& report, const TableLimits& limits) {
  FindingList settled, undecided, checks, waived;
  for (const Finding& finding : report.findings) {
    if (finding.waiver) {
      waived.push_back(&finding);
    } else if (!finding.settled) {
      undecided.push_back(&finding);
    } else if (IsBuiltIn(finding) && finding.outcome <= Outcome::kReview) {
      checks.push_back(&finding);
    } else {
      settled.push_back(&finding);
    }
  }
  if (report.findings.empty()) {
    page.Heading("FINDINGS");
    page.Paragraph(2, "none");
  }
  FindingPrinter printer(page, report, limits);
  printer.Settled(settled);
  printer.Undecided(undecided);
  printer.Checks(checks);
  printer.Waived(waived);
}

}  // namespace weighbridge
