// Policies: parsing, and the gate over one finding with whatever was accepted.
#include <cstddef>
#include <cstdint>

#include "rules/rule_set.h"
#include "weighbridge/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const auto policy = ParsePolicy(AsText(ByteSpan(data, size)), "policy.json");
  if (!policy.ok()) {
    if (policy.error().message.empty()) __builtin_trap();
    return 0;
  }
  ModelFacts facts;
  facts.model_id = "m/model.safetensors";
  facts.publishers = {{"deepseek-ai", "DeepSeek", "CN", {}, {}, {}, "origin"}};
  facts.origin_known = true;
  facts.licences = {"mit"};
  std::vector<Finding> findings = EvaluatePolicyLists(facts, policy.value());
  findings.emplace_back();
  findings.back().rule_id = "US-FASCSA-2026-01";
  findings.back().outcome = Outcome::kProhibited;
  ApplyPolicy(policy.value(), "2026-11-24", findings);
  for (const Finding& finding : findings) {
    if (finding.level.empty() || (finding.waiver && finding.gates)) __builtin_trap();
  }
  return 0;
}
