// Golden rows for the shipped packs: facts, context and day against rule ids,
// outcomes and what they depend on.
#include <set>

#include <doctest/doctest.h>

#include "scanner/base/text.h"
#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

const RuleSet& Rules() {
  static const auto rules = RuleSet::Builtin();
  REQUIRE(rules.ok());
  return *rules.value();
}

Context In(const char* country, const char* sector = nullptr,
           std::vector<std::string> activity = {}, std::vector<std::string> destinations = {}) {
  Context context;
  if (country != nullptr) context.country = country;
  if (sector != nullptr) context.sector = sector;
  if (!activity.empty()) context.activity = std::move(activity);
  if (!destinations.empty()) context.destinations = std::move(destinations);
  return context;
}

std::vector<std::string> Ask(const char* pack, const ModelFacts& facts, const Context& context = {},
                             const std::string& as_of = "2026-11-24") {
  Policy policy;
  policy.packs = {pack};
  policy.context = context;
  return Lines(Rules().Evaluate(facts, policy, as_of));
}

struct Row {
  const char* pack;
  ModelFacts facts;
  Context context;
  const char* as_of;
  std::vector<std::string> lines;
};

void Check(const std::vector<Row>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    CAPTURE(std::string(rows[i].pack));
    const auto lines = Ask(rows[i].pack, rows[i].facts, rows[i].context, rows[i].as_of);
    CHECK(Join(lines, "; ") == Join(rows[i].lines, "; "));
  }
}

const ModelFacts kDeepSeek = FactsOf({Publisher("deepseek-ai", "CN")}, {"mit"});
const ModelFacts kDistill =
    FactsOf({Publisher("Qwen", "CN"), Publisher("deepseek-ai", "CN", {}, "developer")}, {"mit"});
const ModelFacts kGemma = FactsOf({Publisher("google", "US")}, {"gemma"});
const ModelFacts kAlibaba =
    FactsOf({Publisher("Qwen", "CN",
                       {{"DoD Section 1260H (Chinese military companies)",
                         "Alibaba Group Holding Limited", "2026-06-08", "91 FR 35189"}})},
            {"apache-2.0"});
const ModelFacts kZhipu =
    FactsOf({Publisher("zai-org", "CN",
                       {{"BIS Entity List", "Beijing Zhipu", "2025-01-16", "90 FR 4617"}})},
            {"mit"});
const ModelFacts kEither =
    FactsOfCandidates({Publisher("Qwen", "CN"), Publisher("deepseek-ai", "CN")});
constexpr const char* kToday = "2026-11-24";

TEST_CASE("us-dod") {
  Check({
      {"us-dod", kDeepSeek, In("US", "us-dod"), "2026-01-16", {}},
      {"us-dod", kDeepSeek, In("US", "us-dod"), "2026-01-17", {"US-NDAA26-1532-CORE prohibited"}},
      {"us-dod", kDistill, In("US", "us-dod"), kToday, {"US-NDAA26-1532-CORE prohibited"}},
      {"us-dod",
       kDistill,
       {},
       kToday,
       {"US-NDAA26-1532-CORE prohibited? context.sector", "US-NDAA26-6604 review? context.sector"}},
      {"us-dod", kDistill, In("US", "private"), kToday, {}},
      {"us-dod", kDeepSeek, In("US", "us-intelligence"), kToday, {"US-NDAA26-6604 review"}},
      {"us-dod",
       kEither,
       In("US", "us-dod"),
       kToday,
       {"US-NDAA26-1532-CORE prohibited? model.origin"}},
      {"us-dod", kGemma, In("US", "us-dod"), kToday, {}},
      {"us-dod", FactsOf({}), In("US", "us-dod"), kToday, {}},
      {"us-dod", kAlibaba, In("US", "us-dod"), "2026-06-29", {}},
      {"us-dod", kAlibaba, In("US", "us-dod"), kToday, {"US-DOD-1260H-DIRECT review"}},
      {"us-dod",
       kAlibaba,
       In("US", "us-dod"),
       "2027-06-30",
       {"US-DOD-1260H-DIRECT review", "US-DOD-1260H-INDIRECT review"}},
  });
}

TEST_CASE("us-federal") {
  Check({
      {"us-federal",
       kDistill,
       In("US", "us-federal-civilian"),
       "2026-10-19",
       {"US-DOC-DEEPSEEK review? context.agency", "US-NAVY-NASA-DEEPSEEK review? context.agency"}},
      {"us-federal",
       kDistill,
       In("US", "us-federal-civilian"),
       "2026-10-20",
       {"US-DOC-DEEPSEEK review? context.agency", "US-FASCSA-2026-01 prohibited",
        "US-NAVY-NASA-DEEPSEEK review? context.agency"}},
      {"us-federal",
       kDeepSeek,
       In("US", "us-doe"),
       kToday,
       {"US-DOE-DEEPSEEK prohibited? rule.effective_from", "US-FASCSA-2026-01 prohibited"}},
      {"us-federal", kGemma, In("US", "us-federal-civilian"), kToday, {}},
      {"us-federal", kDeepSeek, In("US", "private"), kToday, {}},
  });
}

TEST_CASE("us-ear and us-sanctions") {
  const ModelFacts sber = FactsOf(
      {Publisher("ai-forever", "RU", {{"OFAC SDN", "Sberbank", "2022-04-06", "31 CFR 587"}})});
  const ModelFacts megvii =
      FactsOf({Publisher("Megvii", "CN", {{"OFAC NS-CMIC", "Megvii", "", "EO 13959"}})});
  ModelFacts huawei_lab = FactsOf({Publisher("some-lab", "CN")});
  huawei_lab.publishers[0].parents = {"Huawei"};
  ModelFacts frontier = kGemma;
  frontier.training_flops = 1e26;
  Check({
      {"us-ear", kZhipu, {}, "2025-01-15", {}},
      {"us-ear", kZhipu, {}, kToday, {"US-EAR-ENTITY-LIST review"}},
      {"us-ear", kZhipu, In("FR", "private"), kToday, {"US-EAR-ENTITY-LIST review"}},
      {"us-ear", kAlibaba, {}, kToday, {}},
      {"us-ear", kDeepSeek, {}, kToday, {}},
      {"us-ear",
       kDeepSeek,
       In("US", "private", {"export"}, {"CN"}),
       kToday,
       {"US-EAR-4E091 notice? model.training_flops model.unpublished", "US-EAR-OPEN-WEIGHTS notice",
        "US-EAR-TRAINING-POLICY review? party.end-use-knowledge"}},
      {"us-ear",
       frontier,
       In("US", "private", {"export"}, {"CN"}),
       kToday,
       {"US-EAR-4E091 notice? model.unpublished", "US-EAR-OPEN-WEIGHTS notice"}},
      {"us-ear", huawei_lab, {}, "2025-10-15", {"US-EAR-AFFILIATES review? publisher.ownership"}},
      {"us-ear", huawei_lab, {}, "2025-11-10", {"US-EAR-AFFILIATES notice? publisher.ownership"}},
      {"us-ear", huawei_lab, {}, kToday, {"US-EAR-AFFILIATES notice? publisher.ownership"}},
      {"us-ear", huawei_lab, {}, "2025-09-28", {}},
      {"us-ear", huawei_lab, {}, "2025-11-09", {"US-EAR-AFFILIATES review? publisher.ownership"}},
      {"us-ear", huawei_lab, {}, "2027-01-10", {"US-EAR-AFFILIATES notice? publisher.ownership"}},
      {"us-ear",
       huawei_lab,
       {},
       "2027-01-11",
       {"US-EAR-AFFILIATES review? publisher.ownership rule.status"}},
      {"us-sanctions", sber, {}, "2022-04-05", {}},
      {"us-sanctions", sber, {}, kToday, {"US-OFAC-SDN review"}},
      {"us-sanctions", megvii, {}, "2026-07-30", {"US-OFAC-NSCMIC notice? listing.listed_on"}},
      {"us-sanctions", megvii, {}, kToday, {"US-OFAC-NSCMIC notice"}},
      {"us-sanctions", kGemma, {}, kToday, {}},
  });
}

TEST_CASE("a finding names the listings that matched, and how far it reaches") {
  Policy policy;
  policy.packs = {"us-dod"};
  policy.context = In("US", "us-dod");
  const auto findings = Rules().Evaluate(kAlibaba, policy, kToday);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].message ==
        "A publisher in this model's chain is on the Section 1260H list: the Department of Defense "
        "may not enter, renew or "
        "extend contracts for its goods, services or technology. Listed: Alibaba Group Holding "
        "Limited (DoD Section 1260H "
        "(Chinese military companies), since 2026-06-08, 91 FR 35189). This rule is about dealings "
        "with a party; for a copy "
        "of published weights it calls for review.");
  CHECK(findings[0].confidence == "high");
  CHECK(findings[0].citation ==
        "FY2024 NDAA sec. 805 (entity prohibition); list at 91 FR 35189 (FR Doc 2026-11571, "
        "2026-06-10)");
}

TEST_CASE("us-states, us-bills, eu, china, asia-pacific") {
  ModelFacts big = kGemma;
  big.training_flops = 3.8e25;
  Check({
      {"us-states", kDeepSeek, In("US", "us-state-tx"), "2025-01-30", {}},
      {"us-states", kDeepSeek, In("US", "us-state-tx"), kToday, {"US-TX-DEEPSEEK review"}},
      {"us-states", kDeepSeek, In("FR"), kToday, {}},
      {"us-states",
       kDeepSeek,
       In("US", "us-state-sd"),
       "2025-03-10",
       {"US-SD-DEEPSEEK review? rule.effective_from"}},
      {"us-states",
       kDeepSeek,
       In("US", "us-state-ks"),
       "2025-04-07",
       {"US-KS-DEEPSEEK prohibited? rule.effective_from"}},
      {"us-states", kDeepSeek, In("US", "us-state-ks"), kToday, {"US-KS-DEEPSEEK prohibited"}},
      {"us-states",
       kAlibaba,
       In("US", "us-state-ks"),
       kToday,
       {"US-KS-DEEPSEEK prohibited? publisher.state_control"}},
      {"us-states",
       kAlibaba,
       In("US", "us-state-la"),
       kToday,
       {"US-LA-CCP-AI prohibited? publisher.party_ties"}},
      {"us-states", kAlibaba, {}, kToday, {}},
      {"us-bills", kDeepSeek, In("US", "us-dod"), kToday, {}},
      {"eu", kDeepSeek, In("IT", "private", {"use"}), kToday, {"IT-GARANTE-DEEPSEEK review"}},
      {"eu", kDeepSeek, In("CZ", "cz-government", {"use"}), kToday, {"CZ-NUKIB-DEEPSEEK review"}},
      {"eu", big, In("FR", "private", {"use"}), kToday, {}},
      {"eu",
       big,
       In("FR", "private", {"distribute"}),
       kToday,
       {"EU-AIA-ENFORCE notice", "EU-AIA-GPAI notice",
        "EU-AIA-MODIFIER notice? model.modification_flops", "EU-AIA-SYSTEMIC notice"}},
      {"eu",
       big,
       In("US", "private", {"distribute"}),
       "2026-08-01",
       {"EU-AIA-GPAI notice? context.destinations",
        "EU-AIA-SYSTEMIC notice? context.destinations"}},
      {"eu", kGemma, {}, kToday, {}},
      {"china", kGemma, {}, kToday, {}},
      {"china",
       kGemma,
       In("CN", "cn-service"),
       kToday,
       {"CN-AIGC-LABEL notice", "CN-GENAI-MEASURES review"}},
      {"asia-pacific", kDeepSeek, In("AU", "au-government"), kToday, {"AU-PSPF-001-2025 review"}},
      {"asia-pacific", kDeepSeek, In("TW", "tw-government"), kToday, {"TW-MODA-DEEPSEEK review"}},
      {"asia-pacific", kDeepSeek, In("KR", "private"), "2025-04-28", {"KR-PIPC-DEEPSEEK review"}},
      {"asia-pacific", kDeepSeek, In("KR", "private"), "2025-04-29", {}},
  });
}

TEST_CASE("licences: the seat decides, in every spelling") {
  const auto tencent = [](const char* licence) {
    return FactsOf({Publisher("tencent", "CN")}, {licence});
  };
  for (const char* id : {"tencent-hunyuan-community (HunyuanVideo)", "other:tencent-hunyuan-a13b",
                         "tencent-hunyuan-community", "other:tencent-hunyuan",
                         "LicenseRef-scancode-tencent-hunyuan-3d-2.0-cla",
                         "tencent-hunyuanworld-1.0-community", "tencent-hy-community (HY-MT1.5)"}) {
    CAPTURE(id);
    CHECK(Ask("licences", tencent(id), In("FR")) ==
          std::vector<std::string>{"LIC-HUNYUAN-TERRITORY prohibited"});
    CHECK(Ask("licences", tencent(id), In("GB", "private", {"use"})) ==
          std::vector<std::string>{"LIC-HUNYUAN-TERRITORY-GB prohibited"});
    CHECK(Ask("licences", tencent(id), In("KR")) ==
          std::vector<std::string>{"LIC-HUNYUAN-TERRITORY-KR prohibited"});
    for (const char* outside : {"US", "NO", "CN"})
      CHECK(Ask("licences", tencent(id), In(outside)).empty());
    CHECK(Ask("licences", tencent(id)) ==
          std::vector<std::string>{"LIC-HUNYUAN-TERRITORY prohibited? context.country",
                                   "LIC-HUNYUAN-TERRITORY-GB prohibited? context.country",
                                   "LIC-HUNYUAN-TERRITORY-KR prohibited? context.country"});
  }
  ModelFacts dit = tencent("tencent-hunyuan-community");
  dit.names = {"Tencent-Hunyuan/HunyuanDiT-v1.2"};
  ModelFacts silent = FactsOf({Publisher("tencent", "CN")}, {});
  const ModelFacts vision =
      FactsOf({Publisher("meta-llama", "US")}, {"llama3.2"}, "image-text", "Llama-3.2-Vision");
  Check({
      {"licences",
       tencent("tencent-hunyuan-community (HunyuanDiT)"),
       In("FR"),
       kToday,
       {"LIC-HUNYUANDIT-EU prohibited"}},
      {"licences", dit, In("FR"), kToday, {"LIC-HUNYUANDIT-EU prohibited"}},
      {"licences", dit, In("GB"), kToday, {}},
      {"licences", tencent("apache-2.0 (Hy-MT2)"), In("FR"), kToday, {}},
      {"licences",
       silent,
       In("GB"),
       kToday,
       {"LIC-HUNYUAN-TERRITORY-GB prohibited? model.licence"}},
      {"licences", kGemma, In("FR"), kToday, {}},
      {"licences", FactsOf({Publisher("google", "US")}, {"other"}), In("FR"), kToday, {}},
      {"licences",
       tencent("tencent-hunyuan-a13b"),
       In("US", "private", {"distribute"}, {"DE"}),
       kToday,
       {"LIC-HUNYUAN-TERRITORY prohibited"}},
      {"licences", tencent("tencent-hunyuan-a13b"), In("FR"), "2024-12-02", {}},
      {"licences",
       FactsOf({Publisher("openpangu", "CN")}, {"other:openpangu"}),
       In("DE"),
       kToday,
       {"LIC-OPENPANGU-EU prohibited"}},
      {"licences",
       FactsOf({Publisher("openpangu", "CN")}, {"other:openpangu"}),
       In("DE"),
       "2026-08-31",
       {"LIC-OPENPANGU-EU prohibited? rule.effective_from"}},
      {"licences", vision, In("FR"), kToday, {"LIC-LLAMA32-EU restricted"}},
      {"licences",
       FactsOf({Publisher("meta-llama", "US")}, {"llama3.2"}, "text", "Llama 3.2"),
       In("FR"),
       kToday,
       {}},
      {"licences",
       FactsOf({Publisher("meta-llama", "US")}, {"llama3.2"}, "", "Llama 3.2"),
       In("FR"),
       kToday,
       {"LIC-LLAMA32-EU restricted? model.modality"}},
      {"licences",
       FactsOf({Publisher("meta-llama", "US")}, {"other:llama4"}, "image-text", "Llama 4"),
       In("FR"),
       kToday,
       {"LIC-LLAMA4-EU restricted"}},
      {"licences",
       FactsOf({Publisher("meta-llama", "US")}, {}, "image-text", "Llama 4"),
       In("FR"),
       kToday,
       {"LIC-LLAMA4-EU restricted? model.licence"}},
  });
}

TEST_CASE("a rule without a first day says why it is undecided") {
  struct Dated {
    const char* pack;
    const char* id;
    ModelFacts facts;
    const char* as_of;
    const char* end;
  };
  const Dated rows[] = {
      {"us-federal", "US-DOE-DEEPSEEK", FactsOf({Publisher("deepseek-ai", "CN")}), "2026-11-24",
       " No source that was read gives the rule's first day, or a day on which it stood: whether "
       "it applied on 2026-11-24 is left undecided."},
      {"licences", "LIC-OPENPANGU-EU", FactsOf({Publisher("openpangu", "CN")}, {"other:openpangu"}),
       "2026-08-31",
       " Its first day is not known; the source that shows it in force is of 2026-09-01: whether "
       "it applied on 2026-08-31 already is left undecided."},
  };
  for (const Dated& row : rows) {
    CAPTURE(row.id);
    Policy policy;
    policy.packs = {row.pack};
    std::string message;
    for (const Finding& finding : Rules().Evaluate(row.facts, policy, row.as_of)) {
      if (finding.rule_id == row.id) message = finding.message;
    }
    const std::string end = row.end;
    REQUIRE(message.size() > end.size());
    CHECK(message.substr(message.size() - end.size()) == end);
  }
}

TEST_CASE("a proposed rule makes no finding, however late the day") {
  std::set<std::string> proposed;
  for (const RuleInfo& rule : Rules().List()) {
    if (rule.status == "proposed") proposed.insert(rule.id);
  }
  CHECK(proposed.size() >= 5);
  for (const char* as_of : {"2026-11-24", "2040-01-01"}) {
    for (const Finding& finding :
         Rules().Evaluate(FactsOf({Publisher("deepseek-ai", "CN")}), Policy(), as_of)) {
      CHECK(proposed.count(finding.rule_id) == 0);
    }
  }
}

TEST_CASE("every shipped rule can be cited and has a sentence") {
  std::set<std::string> ids;
  for (const RuleInfo& rule : Rules().List()) {
    CAPTURE(rule.id);
    CHECK(ids.insert(rule.id).second);
    CHECK(rule.sentence.back() == '.');
    CHECK(rule.source_url.rfind("http", 0) == 0);
    CHECK(rule.source_url.find(' ') == std::string::npos);
  }
  CHECK(ids.size() == 91);
  CHECK(ids.count("DK-DEEPSEEK") == 0);
}

}  // namespace
}  // namespace weighbridge
