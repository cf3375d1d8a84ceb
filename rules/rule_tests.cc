#include "rules/rule_tests.h"

#include "rules/judge.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string Words(const std::string& outcome, const std::vector<std::string>& depends_on) {
  return depends_on.empty() ? outcome : outcome + ", depends on " + Join(depends_on, ", ");
}

std::string Ask(const Rule& rule, const RuleExample& example, const std::string& as_of,
                const GroupLookup& groups) {
  std::vector<Finding> findings;
  if (example.is_accelerator)
    JudgeAccelerator(rule, example.accelerator, example.context, as_of, groups, findings, true);
  else
    JudgeModel(rule, example.model, example.context, as_of, findings, true);
  if (findings.empty()) return "none";
  return Words(OutcomeName(findings[0].outcome), findings[0].depends_on);
}

}  // namespace

std::vector<ExampleResult> RunExamples(const std::vector<Rule>& rules, const std::string& today,
                                       const GroupLookup& groups) {
  std::vector<ExampleResult> results;
  for (const Rule& rule : rules) {
    for (const RuleExample& example : rule.examples) {
      const std::string& day = example.as_of.empty() ? today : example.as_of;
      results.push_back({rule.info.id, example.pointer, example.note,
                         Words(example.expect, example.depends_on),
                         Ask(rule, example, day, groups)});
    }
  }
  return results;
}

}  // namespace weighbridge
