// The findings of the text report: settled ones first, strongest first; then what
// cannot be settled without more facts, one list per subject; then our own checks that
// only ask for a look; then what is waived.
#include <algorithm>
#include <set>

#include "sbom/table.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMostSubjects = 20;  // per finding; the JSON report has all

using FindingList = std::vector<const Finding*>;

class FindingPrinter {
 public:
  FindingPrinter(TextPage& page, const Report& report) : page_(page) {
    for (const Model& model : report.models) models_.emplace(model.id, &model);
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

  void Undecided(const FindingList& findings) {
    if (findings.empty()) return;
    page_.Heading("UNDECIDED (facts are missing)");
    std::map<std::string, std::map<std::string, std::vector<std::string>>> subjects;
    std::vector<std::string> order;
    for (const Finding* finding : findings) {
      const std::string subject = Subject(*finding);
      if (subjects.count(subject) == 0) order.push_back(subject);
      auto& rules = subjects[subject][Printable(Join(finding->depends_on, ", "))];
      rules.push_back(Printable(finding->rule_id) + " (" + OutcomeName(finding->outcome) + ")");
    }
    for (const std::string& subject : order) {
      page_.Paragraph(2, subject);
      for (const auto& [facts, rules] : subjects[subject]) {
        page_.Paragraph(
            6,
            "depends on " + (facts.empty() ? "unstated facts" : facts) + ": " + Join(rules, ", "),
            "    -");
      }
    }
  }

  void Checks(const FindingList& findings) {
    if (findings.empty()) return;
    page_.Heading("CHECKS (to look at)");
    std::map<std::string, FindingList> by_rule;
    for (const Finding* finding : findings) by_rule[finding->rule_id].push_back(finding);
    for (const auto& [rule, list] : by_rule) {
      page_.Marked(2, OutcomeName(list[0]->outcome), Printable(rule) + Title(*list[0]));
      for (std::size_t i = 0; i < list.size() && i < kMostSubjects; ++i) {
        page_.Paragraph(6, Subject(*list[i]) + Said(*list[i]), "    -");
      }
      More(list.size());
    }
  }

  void Waived(const FindingList& findings) {
    if (findings.empty()) return;
    page_.Heading("WAIVED");
    for (const Finding* finding : findings) {
      const Waiver& waiver = *finding->waiver;
      page_.Marked(2, OutcomeName(finding->outcome),
                   Printable(finding->rule_id) + ": " + Subject(*finding));
      page_.Paragraph(4, Printable(waiver.reason) + " (owner " + Printable(waiver.owner) +
                             ", until " + Printable(waiver.expires) + ")");
    }
  }

 private:
  // Findings of one rule that say the same of several subjects stand together.
  static std::vector<FindingList> Grouped(const FindingList& findings) {
    std::vector<FindingList> groups;
    std::map<std::string, std::size_t> at;
    for (const Finding* finding : findings) {
      const std::string key = std::string(OutcomeName(finding->outcome)) + '\0' + finding->rule_id +
                              '\0' + finding->message;
      const auto [place, fresh] = at.try_emplace(key, groups.size());
      if (fresh) groups.emplace_back();
      groups[place->second].push_back(finding);
    }
    return groups;
  }

  void SettledGroup(const FindingList& group) {
    const Finding& finding = *group[0];
    std::string head = Printable(finding.rule_id) + Title(finding);
    if (std::any_of(group.begin(), group.end(), [](const Finding* f) { return f->gates; })) {
      head += "  [gate]";
    }
    page_.Marked(2, OutcomeName(finding.outcome), head);
    for (std::size_t i = 0; i < group.size() && i < kMostSubjects; ++i) {
      page_.Paragraph(6, Subject(*group[i]), "    -");
    }
    More(group.size());
    if (finding.message != finding.title) page_.Paragraph(4, Printable(finding.message));
    page_.Paragraph(4, Citation(finding));
  }

  void More(std::size_t count) {
    if (count <= kMostSubjects) return;
    page_.Paragraph(6, "and " + std::to_string(count - kMostSubjects) + " more, in the json report",
                    "    -");
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
    const std::string where = Printable(finding.location.ToString());
    const auto model = models_.find(finding.model_id);
    if (model == models_.end()) return where.empty() ? std::string("this scan") : where;
    const std::string name = ModelName(*model->second);
    const std::string place = where.empty() ? Printable(model->second->location.ToString()) : where;
    return place.empty() ? name : name + " (" + place + ")";
  }

  TextPage& page_;
  std::map<std::string, const Model*> models_;
};

bool IsBuiltIn(const Finding& finding) { return finding.rule_id.rfind("WB-", 0) == 0; }

}  // namespace

void PrintFindings(TextPage& page, const Report& report) {
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
  FindingPrinter printer(page, report);
  printer.Settled(settled);
  printer.Undecided(undecided);
  printer.Checks(checks);
  printer.Waived(waived);
}

}  // namespace weighbridge
