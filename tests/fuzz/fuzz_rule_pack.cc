// Rule packs: parsing, and the evaluation of every rule that was accepted.
#include <cstddef>
#include <cstdint>

#include "rules/rule_pack.h"
#include "weighbridge/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const auto rules = ParseRulePack(AsText(ByteSpan(data, size)), "pack.json");
  if (!rules.ok()) {
    if (rules.error().message.empty()) __builtin_trap();
    return 0;
  }
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
    static_cast<void>(rule.context->Ask({facts, context, "2026-11-24", rule.info.source_date}));
  }
  return 0;
}
