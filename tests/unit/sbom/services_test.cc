#include <doctest/doctest.h>

#include "sbom/cyclonedx_services.h"
#include "sbom/native_json_services.h"

using namespace weighbridge;

namespace {

ServiceUse Redirected() {
  ServiceUse use;
  use.service = "DeepSeek";
  use.provider = "DeepSeek";
  use.country = "CN";
  use.provider_publisher = "deepseek-ai";
  use.publisher = "deepseek-ai";
  use.endpoint = "api.deepseek.com";
  use.role = ServiceRole::kPublisher;
  use.root = "srv/app";
  use.models = {{"deepseek-chat", "deepseek-ai", "CN"}};
  use.evidence = {{ServiceTechnique::kBaseUrl,
                   "OPENAI_BASE_URL -> api.deepseek.com",
                   {"srv/app/.env", {}},
                   3,
                   ServiceStrength::kStrong,
                   false},
                  {ServiceTechnique::kVariable,
                   "OPENAI_API_BASE",
                   {"img.tar", {"c"}},
                   0,
                   ServiceStrength::kWeak,
                   true}};
  use.evidence_count = 7;
  use.mentions = 2;
  use.grade = Grade::kClaimed;
  return use;
}

ServiceUse Unknown() {
  ServiceUse use;
  use.note = "a model is named; what serves it is not known";
  use.evidence_count = 1;
  return use;
}

ServiceUse Template() {
  ServiceUse use;
  use.service = "AIHubMix";
  use.provider = "AIHubMix";
  use.country = "CN";
  use.country_unverified = true;
  use.endpoint = "*.aihubmix.com\x1b[0m";
  use.role = ServiceRole::kGateway;
  use.grade = Grade::kClaimed;
  return use;
}

}  // namespace

TEST_CASE("a use is a CycloneDX service with provider, country and evidence") {
  RefBook refs;
  const OrderedJson expected = OrderedJson::parse(R"json({
    "bom-ref": "service:srv/app#DeepSeek@api.deepseek.com",
    "provider": {"name": "DeepSeek", "address": {"country": "CN"}},
    "name": "DeepSeek",
    "endpoints": ["https://api.deepseek.com"],
    "x-trust-boundary": true,
    "properties": [
      {"name": "weighbridge:role", "value": "publisher"},
      {"name": "weighbridge:country", "value": "CN"},
      {"name": "weighbridge:provider-publisher", "value": "deepseek-ai"},
      {"name": "weighbridge:publisher", "value": "deepseek-ai"},
      {"name": "weighbridge:grade", "value": "claimed"},
      {"name": "weighbridge:project", "value": "srv/app"},
      {"name": "weighbridge:model", "value": "deepseek-chat deepseek-ai CN"},
      {"name": "weighbridge:evidence",
       "value": "strong base-url OPENAI_BASE_URL -> api.deepseek.com at srv/app/.env:3"},
      {"name": "weighbridge:evidence",
       "value": "weak variable OPENAI_API_BASE at img.tar!/c (table entry not verified)"},
      {"name": "weighbridge:evidence-count", "value": "7"},
      {"name": "weighbridge:mentions", "value": "2"}
    ]})json");
  CHECK(CycloneDxService(Redirected(), refs).dump(1) == expected.dump(1));
  CHECK(CycloneDxService(Redirected(), refs)["bom-ref"] ==
        "service:srv/app#DeepSeek@api.deepseek.com#2");
}

TEST_CASE("what is not known is left out, what is no URI is words") {
  RefBook refs;
  const OrderedJson unknown = OrderedJson::parse(R"({
    "bom-ref": "service:#unknown model service",
    "name": "unknown model service",
    "properties": [
      {"name": "weighbridge:role", "value": "unknown"},
      {"name": "weighbridge:grade", "value": "unknown"},
      {"name": "weighbridge:note", "value": "a model is named; what serves it is not known"},
      {"name": "weighbridge:evidence-count", "value": "1"}
    ]})");
  CHECK(CycloneDxService(Unknown(), refs).dump(1) == unknown.dump(1));
  const OrderedJson made = CycloneDxService(Template(), refs);
  CHECK_FALSE(made.contains("endpoints"));
  CHECK(made["description"] == "endpoint *.aihubmix.com\\x1b[0m, * filled in at run time");
  CHECK(made["properties"][2]["name"] == "weighbridge:country-unverified");
}

TEST_CASE("services are elements of an open array") {
  RefBook refs;
  JsonText out;
  out.OpenObject();
  out.OpenArray("services");
  CycloneDxServices({Redirected(), Unknown()}, refs, out);
  out.Close();
  out.Close();
  const OrderedJson parsed = OrderedJson::parse(out.Finish());
  CHECK(parsed["services"].size() == 2);
  CHECK(parsed["services"][1]["name"] == "unknown model service");
}

TEST_CASE("the report's own JSON") {
  const OrderedJson expected = OrderedJson::parse(R"({
    "service": "DeepSeek", "provider": "DeepSeek", "country": "CN", "provider_publisher": "deepseek-ai", "publisher": "deepseek-ai",
    "endpoint": "api.deepseek.com", "role": "publisher", "project": "srv/app",
    "grade": "claimed",
    "models": [{"id": "deepseek-chat", "publisher": "deepseek-ai", "country": "CN"}],
    "evidence": [
      {"technique": "base-url", "matched": "OPENAI_BASE_URL -> api.deepseek.com",
       "strength": "strong", "location": "srv/app/.env", "line": 3},
      {"technique": "variable", "matched": "OPENAI_API_BASE", "strength": "weak",
       "location": "img.tar!/c", "unverified": true}],
    "evidence_count": 7, "mentions": 2})");
  CHECK(NativeService(Redirected()).dump(1) == expected.dump(1));
  CHECK(NativeService(Unknown()).dump() ==
        R"({"role":"unknown","grade":"unknown","note":"a model is named; what serves it is )"
        R"(not known","evidence_count":1})");
  CHECK(NativeService(Template())["country_unverified"] == true);
}
