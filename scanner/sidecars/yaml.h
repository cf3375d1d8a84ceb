// A bounded subset of YAML 1.1 for front matter and small configuration files:
// block and flow maps and lists, plain and quoted scalars, | and > blocks. Refused:
// anchors, aliases, tags, merge keys, a second document. Scalars stay text as
// written ("no" is Norwegian here, not false). Backed by libyaml's event parser.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/limits.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct YamlField;

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string scalar;
  std::vector<YamlNode> items;    // kList
  std::vector<YamlField> fields;  // kMap, as written, duplicates kept
};

struct YamlField {
  std::string key;
  YamlNode value;
};

// What could be read, and what ended the reading when that was not the end.
struct YamlDocument {
  YamlNode root;
  std::optional<Error> error;  // message "LINE: ..."
};

// `first_line` is the line number of the text's first line in its file. Text beyond
// limits.max_yaml_bytes is not read, which is an error.
YamlDocument ParseYaml(std::string_view text, const Limits& limits, std::size_t first_line = 1);

// First value of key in a map; nullptr when absent.
const YamlNode* FindYaml(const YamlNode& map, std::string_view key);

}  // namespace weighbridge
