// The shipped rules about accelerators: a product of the catalogue, a policy and a day
// against rule ids, outcomes and what they depend on.
#include <algorithm>

#include <doctest/doctest.h>

#include "rules/classify.h"
#include "rules/rule_pack.h"
#include "scanner/base/text.h"
#include "scanner/identity/catalog.h"
#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

constexpr const char* kToday = "2026-11-24";

const Catalog& Products() {
  static const auto catalog = Catalog::Open("");
  REQUIRE(catalog.ok());
  return *catalog.value();
}

const RuleSet& Rules() {
  static const auto rules = RuleSet::Builtin();
  REQUIRE(rules.ok());
  return *rules.value();
}

std::vector<std::string> Groups(const std::string& iso2, const std::string& as_of) {
  const auto row = Products().CountryGroups(iso2);
  return row ? GroupsOn(*row, as_of) : std::vector<std::string>();
}

AcceleratorFacts FactsOfProducts(const std::vector<std::string>& ids, const std::string& as_of) {
  AcceleratorFacts facts;
  facts.device_id = "device-1";
  facts.location.path = "sys/bus/pci/devices/0000:17:00.0";
  for (const std::string& id : ids) {
    const auto row = Products().AcceleratorById(id);
    REQUIRE(row.has_value());
    const AcceleratorFigures figures = FiguresOf(*row);
    ProductFact product;
    product.id = row->id;
    product.names = row->aliases;
    product.names.push_back(row->product);
    product.vendor = row->vendor;
    product.designer_country = row->designer_country;
    product.segment = figures.segment;
    product.memory_bandwidth_gbs = figures.memory_bandwidth_gbs;
    product.classification = Classify(figures, as_of);
    facts.products.push_back(std::move(product));
  }
  return facts;
}

Context In(const char* country, std::vector<std::string> activity,
           std::vector<std::string> destinations) {
  Context context;
  if (country != nullptr) context.country = country;
  if (!activity.empty()) context.activity = std::move(activity);
  if (!destinations.empty()) context.destinations = std::move(destinations);
  return context;
}

std::string Ask(const std::vector<std::string>& ids, const Context& context,
                const std::string& as_of = kToday) {
  Policy policy;
  policy.context = context;
  return Join(
      Lines(Rules().EvaluateAccelerator(FactsOfProducts(ids, as_of), policy, as_of, &Groups)),
      "; ");
}

const Context kNowhere;
const Context kUse = In("US", {"use"}, {});
const Context kToChina = In("US", {"export"}, {"CN"});

TEST_CASE("accelerator rules: without a policy the destination is what decides") {
  struct Row {
    const char* id;
    const char* lines;
  };
  const Row rows[] = {
      {"nvidia-h100-sxm5-80gb", "US-EAR-3A090A licence-required? context.destinations"},
      {"nvidia-a30", "US-EAR-3A090B licence-required? context.destinations"},
      {"nvidia-t4", ""},
      {"nvidia-rtx-4090-d", ""},
      {"nvidia-h20-96gb", "US-EAR-H20-INFORMED licence-required? context.destinations"},
      {"huawei-ascend-910b1",
       "US-EAR-3A090A licence-required? context.destinations; US-EAR-GP10-ASCEND review"},
      {"huawei-ascend-910d",
       "US-EAR-3A090A licence-required? accelerator.dense-rates "
       "accelerator.die-area accelerator.interconnect context.destinations; "
       "US-EAR-3A090B licence-required? accelerator.dense-rates "
       "accelerator.die-area accelerator.interconnect context.destinations; "
       "US-EAR-GP10-ASCEND review"},
      {"huawei-ascend-910",
       "US-EAR-3A090A licence-required? context.destinations; US-EAR-GP10-PRC3A090 review"},
      {"biren-br100",
       "US-EAR-3A090A licence-required? context.destinations; US-EAR-GP10-PRC3A090 review"},
      {"cambricon-mlu290",
       "US-EAR-3A090A licence-required? accelerator.die-area context.destinations; "
       "US-EAR-3A090B licence-required? accelerator.die-area context.destinations; "
       "US-EAR-GP10-PRC3A090 review? accelerator.die-area"},
      {"cambricon-mlu270", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.id);
    CHECK(Ask({row.id}, kNowhere) == row.lines);
  }
}

TEST_CASE("accelerator rules: where it goes") {
  struct Row {
    const char* id;
    Context context;
    const char* lines;
  };
  const Row rows[] = {
      {"nvidia-h100-sxm5-80gb", kUse, ""},
      {"nvidia-h100-sxm5-80gb", In("US", {"export"}, {"DE"}),
       "US-EAR-AI-DIFFUSION notice; US-EAR-LE-AIA-ACM-LPP notice"},
      // H200: below both limits of January 2026, and in the first tariff band.
      {"nvidia-h200-sxm-141gb", kToChina,
       "CN-H200-CUSTOMS restricted; US-EAR-3A090A licence-required; "
       "US-EAR-4A090A licence-required; US-EAR-AI-DIFFUSION notice; "
       "US-EAR-CN-CASEBYCASE licence-required; US-EAR-LE-AIA-ACM-LPP notice; "
       "US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      {"nvidia-b200", kToChina,
       "US-EAR-3A090A licence-required; US-EAR-4A090A licence-required; "
       "US-EAR-AI-DIFFUSION notice; US-EAR-CN-DENIAL licence-required; "
       "US-EAR-LE-AIA-ACM-LPP notice; US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      // Trainium2: TF32 decides the line of 21,000.
      {"aws-trainium2", kToChina,
       "US-EAR-3A090A licence-required; US-EAR-4A090A licence-required; "
       "US-EAR-AI-DIFFUSION notice; US-EAR-CN-CASEBYCASE licence-required? accelerator.tf32-bits; "
       "US-EAR-CN-DENIAL licence-required? accelerator.tf32-bits; US-EAR-LE-AIA-ACM-LPP notice; "
       "US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      // Israel stands in D:4 and in A:6: out. Macau stands in D:1, not in D:5.
      {"nvidia-l4", In("US", {"reexport"}, {"IL"}),
       "US-EAR-AI-DIFFUSION notice; US-EAR-LE-AIA-ACM-LPP notice"},
      {"nvidia-b200", In("US", {"distribute"}, {"IL", "MO"}),
       "US-EAR-3A090A licence-required; US-EAR-4A090A licence-required; "
       "US-EAR-CN-DENIAL licence-required; US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      {"nvidia-h20-96gb", kToChina, "US-EAR-H20-INFORMED licence-required"},
      {"nvidia-h20-96gb", In("US", {"export"}, {"RU"}),
       "US-EAR-3A991P review; US-EAR-4A994L review; US-EAR-H20-INFORMED licence-required"},
      {"nvidia-rtx-4090", In("US", {"distribute"}, {"VN"}),
       "US-EAR-3A090A licence-required; US-EAR-4A090A licence-required; US-EAR-LE-NAC-ACA notice; "
       "US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      {"nvidia-rtx-4090-d", In("US", {"distribute"}, {"VN"}), "US-EAR-3A090-NOTE2 notice"},
      {"nvidia-a30", In("US", {"distribute"}, {"VN"}),
       "US-EAR-3A090B licence-required; US-EAR-4A090B licence-required; US-EAR-LE-NAC-ACA notice; "
       "US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      // A seat in China: any destination but the United States.
      {"nvidia-h100-sxm5-80gb", In("CN", {"use"}, {}),
       "CN-STATE-DC-DOMESTIC review? deployer.state-funded; US-EAR-HQ-RULE-STOCK notice"},
      {"nvidia-h100-sxm5-80gb", In("CN", {"distribute"}, {"DE"}),
       "US-EAR-HQ-RULE licence-required"},
      {"nvidia-h100-sxm5-80gb", In("CN", {"distribute"}, {"US"}), ""},
      {"amd-mi325x", In("DE", {"distribute"}, {"US"}), "US-S232-AICHIPS notice"},
      {"nvidia-h100-sxm5-80gb", In("US", {"distribute"}, {"AE"}),
       "US-EAR-UAE-2026 licence-required? party.named-in-supplement-8"},
      {"nvidia-h100-sxm5-80gb", In("CN", {"procure"}, {}),
       "CN-STATE-DC-DOMESTIC review? deployer.state-funded"},
      {"nvidia-h100-sxm5-80gb", In("MY", {"distribute"}, {"TH"}),
       "MY-STA-AICHIP licence-required? party.restricted-activity"},
      {"nvidia-t4", In("DE", {"export"}, {"BR"}),
       "EU-DUALUSE-2025 licence-required? accelerator.eu-annex-i-limits"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.id);
    CAPTURE(row.lines);
    CHECK(Ask({row.id}, row.context) == row.lines);
  }
}

TEST_CASE("accelerator rules: the same part on other days") {
  struct Row {
    const char* id;
    const char* as_of;
    Context context;
    const char* lines;
  };
  const Context china = In("US", {"distribute"}, {"CN"});
  const Context emirates = In("US", {"distribute"}, {"AE"});
  const Row rows[] = {
      {"nvidia-a100-sxm4-80gb", "2022-10-06", china, ""},
      {"nvidia-a100-sxm4-80gb", "2022-10-07", china, "US-EAR-3A090A-2022 licence-required"},
      {"nvidia-a800-sxm4-80gb", "2023-11-16", china, ""},
      {"nvidia-a800-sxm4-80gb", "2023-11-17", china,
       "US-EAR-3A090A licence-required; US-EAR-4A090A licence-required; "
       "US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      {"nvidia-h200-sxm-141gb", "2026-01-14", china,
       "CN-H200-CUSTOMS restricted; US-EAR-3A090A licence-required; "
       "US-EAR-4A090A licence-required; US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      {"nvidia-h20-96gb", "2025-04-08", china, ""},
      {"nvidia-h20-96gb", "2025-04-09", china, "US-EAR-H20-INFORMED licence-required"},
      {"huawei-ascend-910b2", "2025-05-12", kUse, ""},
      {"huawei-ascend-910b2", "2025-05-13", kUse, "US-EAR-GP10-ASCEND review"},
      // The Emirates stood in D:4 until 2026-07-09 and have their own rule after it.
      {"nvidia-h100-sxm5-80gb", "2026-07-09", emirates,
       "US-EAR-3A090A licence-required; US-EAR-4A090A licence-required; "
       "US-EAR-Z-ITEMS licence-required? item.other-eccn"},
      {"nvidia-h100-sxm5-80gb", "2026-07-10", emirates,
       "US-EAR-UAE-2026 licence-required? party.named-in-supplement-8"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.id);
    CAPTURE(row.as_of);
    CHECK(Ask({row.id}, row.context, row.as_of) == row.lines);
  }
}

TEST_CASE("accelerator rules: candidates decide together, and no product asks nothing") {
  const Context china = In("US", {"distribute"}, {"CN"});
  // A2 and A16 share a device id and are alike; A30 and T4 are not.
  CHECK(Ask({"nvidia-a2", "nvidia-a16"}, china) == "");
  CHECK(Ask({"huawei-ascend-910b1", "huawei-ascend-910b4"}, kUse) == "US-EAR-GP10-ASCEND review");
  CHECK(Ask({"nvidia-h100-sxm5-80gb", "nvidia-t4"}, kNowhere) ==
        "US-EAR-3A090A licence-required? accelerator.product context.destinations");
  CHECK(Ask({}, china) == "");
}

TEST_CASE("accelerator rules: what a finding says") {
  Policy policy;
  policy.packs = {"us-accelerators"};
  policy.context = In("US", {"distribute"}, {"VN"});
  const auto facts = FactsOfProducts({"nvidia-a30"}, kToday);
  for (const Finding& finding : Rules().EvaluateAccelerator(facts, policy, kToday, &Groups)) {
    CHECK(finding.model_id == "device-1");
    CHECK(finding.location == facts.location);
    CHECK(*finding.subject_names == std::vector<std::string>{"nvidia-a30"});
    if (finding.rule_id != "US-EAR-3A090B") continue;
    CHECK(finding.message ==
          "The circuit meets 3A090.b. A licence is needed to send it to Country Groups D:1, D:4 "
          "and D:5 unless the destination is also in A:5 or A:6; exceptions NAC and ACA may apply. "
          "The United Arab Emirates have a rule of their own. nvidia-a30: ECCN 3A090.b, TPP 2644.");
    CHECK(finding.citation == "15 CFR Part 774 Supp. No. 1, ECCN 3A090.b; 88 FR 73458");
  }
  policy.packs = {"eu"};
  CHECK(Rules().EvaluateAccelerator(facts, policy, kToday, &Groups).empty());
}

TEST_CASE("accelerator rules: none is asked of weights, and no rule of weights of a device") {
  for (const Finding& finding :
       Rules().Evaluate(FactsOf({Publisher("deepseek-ai", "CN")}), Policy(), kToday)) {
    for (const RuleInfo& rule : Rules().List()) {
      if (rule.id == finding.rule_id) CHECK(rule.subject_kind != "accelerator");
    }
  }
  const char* pack = R"({"pack": "p", "rules": [{"id": "X", "title": "t", "jurisdiction": "XX",
    "authority": "a", "citation": "c", "confidence": "high", "status": "in-force",
    "subject_kind": "KIND", "outcome": "notice", "sentence": "S.", "condition": {CONDITION}}]})";
  const auto error = [&](const char* kind, const char* condition) {
    std::string text = pack;
    text.replace(text.find("KIND"), 4, kind);
    text.replace(text.find("CONDITION"), 9, condition);
    const auto rules = ParseRulePack(text, "p.json");
    return rules.ok() ? "" : rules.error().message;
  };
  CHECK(error("accelerator", R"("eccn": ["3A090.a"], "country": ["US"])") == "");
  CHECK(
      error("accelerator", R"("family": ["Llama"])") ==
      "p.json:3:89: /rules/0/condition/family: this asks about models, the rule is not about one");
  CHECK(error("model", R"("tpp_below": 4800)") ==
        "p.json:3:83: /rules/0/condition/tpp_below: this asks about accelerators, the rule is not "
        "about "
        "one");
}

TEST_CASE("accelerator rules: the listings of a vendor") {
  const std::string pack = R"({"pack": "own", "rules": [{"id": "OWN-1", "title": "t",
    "jurisdiction": "XX", "authority": "a", "citation": "c", "source_url": "https://example.com/",
    "source_date": "2025-01-01", "confidence": "high", "status": "in-force",
    "effective_from": "2019-01-01", "subject_kind": "accelerator", "outcome": "review",
    "sentence": "S.", "condition": {"listed": ["BIS Entity List"], "vendor": ["Huawei"]}}]})";
  auto rules = RuleSet::Builtin();
  REQUIRE(rules.ok());
  REQUIRE(rules.value()->AddPack(pack, "own.json").ok());
  Policy policy;
  policy.packs = {"own"};
  AcceleratorFacts facts = FactsOfProducts({"huawei-ascend-310"}, kToday);
  CHECK(rules.value()->EvaluateAccelerator(facts, policy, kToday, &Groups).empty());
  facts.products[0].listings = {{"BIS Entity List", "Huawei", "2019-05-21", "84 FR 22961"}};
  CHECK(Lines(rules.value()->EvaluateAccelerator(facts, policy, kToday, &Groups)) ==
        std::vector<std::string>{"OWN-1 review"});
  CHECK(rules.value()->EvaluateAccelerator(facts, policy, "2019-05-20", &Groups).empty());
}

}  // namespace
}  // namespace weighbridge
