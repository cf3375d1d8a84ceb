// Namespaces: which one of a publisher's a report names.
#include "scanner/identity/publishers.h"

#include <doctest/doctest.h>

#include "scanner/identity/lineage.h"
#include "tests/unit/identity/identity_fixture.h"

namespace weighbridge::test {
namespace {

const Catalog& Embedded() {
  static const std::unique_ptr<Catalog> catalog = Catalog::Open("").value();
  return *catalog;
}

TEST_CASE("the namespace under which a model is published, never its publisher's other ones") {
  struct Row {
    const char* name;
    const char* publisher;
    const char* root;
  };
  const Row rows[] = {
      {"openlm-research/open_llama_7b", "openlm-research", "openlm-research"},
      {"facebook/opt-6.7b", "facebook", "facebook"},
      {"meta-llama/Llama-2-7b-hf", "meta-llama", "meta-llama"},
      {"codellama/CodeLlama-7b-hf", "codellama", "codellama"},
      {"THUDM/agentlm-7b", "THUDM", "meta-llama"},
      {"zai-org/GLM-4-9B-0414", "zai-org", "zai-org"},
      {"Qwen/Qwen2.5-7B", "Qwen", "Qwen"},
      // Mirrors and other spellings lead to the publisher's own.
      {"huggyllama/llama-7b", "meta-llama", "meta-llama"},
      {"LLM-Research/Meta-Llama-3-8B-Instruct", "meta-llama", "meta-llama"},
      {"META-LLAMA/llama-2-7b-hf", "meta-llama", "meta-llama"},
      // Not in any table: the namespace as its publisher spells it, no root.
      {"Facebook/something-new", "facebook", ""},
      {"somebody/something", "somebody", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    const Resolved resolved = ResolveName(Embedded(), row.name);
    CHECK(resolved.publisher == row.publisher);
    CHECK(resolved.root == row.root);
  }
}

TEST_CASE("several namespaces of one publisher are one") {
  struct Row {
    std::set<std::string> namespaces;
    const char* one;
    const char* each;
  };
  const Row rows[] = {
      {{}, "", ""},
      {{"facebook"}, "facebook", "facebook"},
      {{"facebook", "meta-llama"}, "meta-llama", "meta-llama"},
      {{"codellama", "facebook"}, "codellama", "codellama"},
      {{"codellama", "meta-llama", "openlm-research"}, "", "meta-llama,openlm-research"},
      {{"Qwen", "somebody"}, "", "Qwen,somebody"},
  };
  for (const Row& row : rows) {
    CHECK(OnePublisher(Embedded(), row.namespaces) == row.one);
    CHECK(Names(OneEach(Embedded(), row.namespaces)) == row.each);
  }
}

TEST_CASE("an architecture's usual families are a hint and never the family") {
  const Shape odd{999, 9, 9, 9, 111, 999, 9999, true, false, false};
  const Scan scan({Gguf("x/a.gguf", GgufTensors(odd), {{"gguf:general.architecture", "chatglm"}})},
                  Embedded());
  const Identity& identity = scan.Only().identity;
  CHECK(Rules(scan.Only()) == "");
  CHECK(identity.family == "");
  CHECK(identity.origin_publisher == "");
  const auto hint = std::find_if(identity.evidence.begin(), identity.evidence.end(),
                                 [](const Evidence& e) { return e.field == "family"; });
  REQUIRE(hint != identity.evidence.end());
  CHECK(hint->value == "ChatGLM2/3; GLM-4-9B");
  CHECK(hint->grade == Grade::kClaimed);
  CHECK(hint->confidence == doctest::Approx(0.3));
}

}  // namespace
}  // namespace weighbridge::test
