#include <doctest/doctest.h>

#include "tests/support/side_car_builder.h"

namespace weighbridge {
namespace {

using Lines = std::vector<std::string>;

struct Row {
  const char* name;
  const char* path;
  std::string text;
  bool taken;
  Lines claims;
  Lines diagnostics;
};

TEST_CASE("model cards") {
  std::string long_index = "---\nmodel-index:\n- name: x\n  results:\n";
  for (int i = 0; i < 20'000; ++i) long_index += "  - {value: 12.3456}\n";
  long_index += "license: mit\n---\n";
  const std::vector<Row> rows = {
      {"plain",
       "README.md",
       "---\nlicense: other\nlicense_name: qwen-research\nbase_model:\n- Qwen/Qwen2.5-3B\n- a/b\n"
       "base_model_relation: merge\nlanguage:\n- no\n- en\nquantized_by: bartowski\n---\n# Hi\n",
       true,
       {"card:license=other", "card:license_name=qwen-research", "card:base_model=Qwen/Qwen2.5-3B",
        "card:base_model=a/b", "card:base_model_relation=merge", "card:language=no",
        "card:language=en", "card:quantized_by=bartowski"},
       {}},
      {"crlf, white space before",
       "card.md",
       "\r\n \r\n---\r\nlicense: mit\r\n---\r\ntext",
       true,
       {"card:license=mit"},
       {}},
      {"cr alone", "README.md", "---\rlicense: mit\r---\r", true, {"card:license=mit"}, {}},
      {"byte-order mark",
       "README.md",
       "\xEF\xBB\xBF---\nlicense: mit\n---\n",
       true,
       {"card:license=mit"},
       {}},
      {"several licences",
       "README.md",
       "---\nlicense: [mit, apache-2.0]\n---\n",
       true,
       {"card:license=mit", "card:license=apache-2.0"},
       {}},
      {"long model index", "README.md", long_index, true, {"card:license=mit"}, {}},
      {"key twice",
       "README.md",
       "---\nlicense: mit\nlicense: other\nlicense: x\n---\n",
       true,
       {"card:license=mit", "card:license=other", "card:license=x"},
       {"model_card: key \"license\" stands twice"}},
      {"malformed after the licence",
       "README.md",
       "---\nlicense: mit\ntags: [a\nx: y\n---\n",
       true,
       {"card:license=mit", "card:tags=a x"},
       {"model_card: 4: did not find expected ',' or ']'"}},
      {"alias",
       "README.md",
       "---\nlicense: mit\ntags: *all\n---\n",
       true,
       {"card:license=mit"},
       {"model_card: 3: aliases are refused"}},
      {"never closed",
       "README.md",
       "---\nlicense: mit\n",
       true,
       {"card:license=mit"},
       {"model_card: front matter has no closing line"}},
      {"a blog post",
       "post.md",
       "---\ntitle: Hello\ndate: 2024-01-01\n---\nlicense: mit\n",
       false,
       {},
       {}},
      {"a rule, then text", "notes.md", "---\nSome text\n---\n", false, {}, {}},
      {"no front matter", "README.md", "# Title\n---\nlicense: mit\n---\n", false, {}, {}},
      {"not Markdown by name", "values.yaml", "---\nlicense: mit\n---\n", false, {}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const InspectedSideCar found = InspectText(row.path, row.text);
    CHECK(found.taken == row.taken);
    CHECK(ClaimLines(found.artifact) == row.claims);
    CHECK(DiagnosticLines(found.artifact) == row.diagnostics);
    if (found.taken) CHECK(found.artifact.kind == ArtifactKind::kModelCard);
  }
}

TEST_CASE("every prefix and every flipped byte of a card ends well") {
  const std::string whole = "---\nlicense: mit\nbase_model: [a/b, \"c\"]\ntags:\n- x\n---\nText\n";
  for (std::size_t at = 0; at < whole.size(); ++at) {
    InspectText("README.md", whole.substr(0, at));
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x55);
    const InspectedSideCar found = InspectText("README.md", flipped);
    if (!found.taken) CHECK(found.artifact.claims.empty());
  }
}

TEST_CASE("Kitfile and MLmodel") {
  const InspectedSideCar kit = InspectText("Kitfile",
                                           "manifestVersion: 1.0.0\npackage:\n  name: x\n  "
                                           "license: Apache-2.0\nmodel:\n  path: m.gguf\n");
  REQUIRE(kit.taken);
  CHECK(kit.artifact.format == "kitfile");
  CHECK(ClaimLines(kit.artifact) == Lines{"kitfile:package.name=x",
                                          "kitfile:package.license=Apache-2.0",
                                          "kitfile:model.path=m.gguf"});
  const InspectedSideCar flow = InspectText(
      "MLmodel",
      "flavors:\n  transformers:\n    source_model_name: Qwen/Qwen2-7B\nmlflow_version: 2.9.0\n");
  REQUIRE(flow.taken);
  CHECK(ClaimLines(flow.artifact) == Lines{"mlmodel:flavor=transformers",
                                           "mlmodel:source_model_name=Qwen/Qwen2-7B",
                                           "mlmodel:mlflow_version=2.9.0"});
}

}  // namespace
}  // namespace weighbridge
