#include "scanner/sidecars/yaml.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

// One line for a tree: {a: "x", b: [1, 2], c: ~}.
std::string Show(const YamlNode& node) {
  std::string text;
  switch (node.kind) {
    case YamlNode::Kind::kNull: return "~";
    case YamlNode::Kind::kScalar: return '"' + node.scalar + '"';
    case YamlNode::Kind::kList:
      for (const YamlNode& item : node.items) text += (text.empty() ? "" : ", ") + Show(item);
      return '[' + text + ']';
    case YamlNode::Kind::kMap:
      for (const auto& [key, value] : node.fields) {
        text += (text.empty() ? "" : ", ") + key + ": " + Show(value);
      }
      return '{' + text + '}';
  }
  return text;
}

struct Row {
  const char* name;
  std::string text;
  std::string tree;
  std::string error;  // "" none
};

TEST_CASE("yaml") {
  const std::vector<Row> rows = {
      {"map", "a: x\nb: 1.0\n", R"({a: "x", b: "1.0"})", ""},
      {"booleans stay text", "language: no\non: yes\n", R"({language: "no", on: "yes"})", ""},
      {"lists", "a:\n- x\n- y\nb: [p, \"q\"]\n", R"({a: ["x", "y"], b: ["p", "q"]})", ""},
      {"nested", "a:\n  b:\n    c: d\n", R"({a: {b: {c: "d"}}})", ""},
      {"null", "a:\nb: ~\nc: null\nd: ''\n", R"({a: ~, b: ~, c: ~, d: ""})", ""},
      {"blocks", "a: |\n  x\n  y\nb: >\n  p\n  q\n", "{a: \"x\ny\n\", b: \"p q\n\"}", ""},
      {"duplicate keys are kept", "a: 1\na: 2\n", R"({a: "1", a: "2"})", ""},
      {"empty", "", "~", ""},
      {"anchor", "a: 1\nb: &x y\n", R"({a: "1"})", "2: anchors are refused"},
      {"anchored list", "a: 1\nb: &x [y]\n", R"({a: "1"})", "2: anchors are refused"},
      {"alias", "a: 1\nb: *x\n", R"({a: "1"})", "2: aliases are refused"},
      {"tag", "a: !!python/object:os.system x\n", "{}", "1: tags are refused"},
      {"tagged map", "a: !!set {x}\n", "{}", "1: tags are refused"},
      {"merge key", "a: 1\n<<: {b: 2}\n", R"({a: "1"})", "2: merge keys are refused"},
      {"second document", "a: 1\n---\nb: 2\n", R"({a: "1"})", "2: more than one document"},
      {"map as key", "? {a: b}\n: c\n", "{}", "1: a map or list is a key"},
      {"malformed", "a: 1\nb: [x\nc: d\n", R"({a: "1", b: ["x c"]})",
       "3: did not find expected ',' or ']'"},
      {"deep", std::string(40, '['), std::string(32, '[') + std::string(32, ']'),
       "1: nested deeper than 32"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const YamlDocument document = ParseYaml(row.text, Limits{});
    CHECK(Show(document.root) == row.tree);
    CHECK((document.error.has_value() ? document.error->message : "") == row.error);
  }
}

TEST_CASE("yaml beyond the size limit is cut at a line and said so") {
  Limits limits;
  limits.max_yaml_bytes = 10;
  const YamlDocument document = ParseYaml("a: 1\nb: 2\nc: 3\n", limits, 7);
  CHECK(Show(document.root) == R"({a: "1", b: "2"})");
  REQUIRE(document.error.has_value());
  CHECK(document.error->code == ErrorCode::kLimitExceeded);
  CHECK(document.error->message == "9: YAML of 15 bytes, limit 10");
}

TEST_CASE("a view of nothing is an empty document") {
  const YamlDocument document = ParseYaml(std::string_view(), Limits{});
  CHECK(Show(document.root) == "~");
  CHECK_FALSE(document.error.has_value());
}

TEST_CASE("invalid UTF-8 is an error, not a crash") {
  const YamlDocument document = ParseYaml("a: 1\nb: \xFF\xFE\n", Limits{});
  REQUIRE(document.error.has_value());
  CHECK(document.error->code == ErrorCode::kMalformed);
}

}  // namespace
}  // namespace weighbridge
