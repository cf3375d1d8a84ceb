// Rule packs: parsing, the evaluation of every rule that was accepted, its examples, its
// words and the checks of the pack.
#include <cstddef>
#include <cstdint>

#include "rules/explain.h"
#include "rules/lint.h"
#include "rules/rule_tests.h"
#include "weighbridge/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const std::string_view text = AsText(ByteSpan(data, size));
  const LintResult lint = LintPacks({{"pack.json", std::string(text)}}, "2026-11-24");
  const auto rules = ParseRulePack(text, "pack.json");
  if (!rules.ok()) {
    if (rules.error().message.empty() || lint.errors == 0) __builtin_trap();
    return 0;
  }
  static_cast<void>(RunExamples(rules.value(), "2026-11-24", {}));
  ModelFacts facts;
  facts.candidates = {
      {"Qwen", "Qwen", "CN", {"Alibaba Group"}, {"CN"}, {{"L", "P", "", ""}}, "candidate"},
      {"google", "Google", "US", {}, {}, {}, "candidate"}};
  facts.licences = {"other"};
  const Context context;
  for (const Rule& rule : rules.value()) {
    const Verdict verdict =
        rule.condition->Ask({facts, context, "2026-11-24", rule.info.source_date});
    if ((verdict.truth == Truth::kUnknown) != !verdict.missing.empty()) __builtin_trap();
    if (ExplainRule(rule, "2026-11-24").empty()) __builtin_trap();
    static_cast<void>(rule.context->Ask({facts, context, "2026-11-24", rule.info.source_date}));
  }
  return 0;
}
