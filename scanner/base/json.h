// Bounded JSON. Untrusted documents go through ParseJson, which enforces size,
// depth and value count, refuses duplicate keys on request and never throws.
#pragma once

#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include "weighbridge/limits.h"
#include "weighbridge/result.h"

namespace weighbridge {

using Json = nlohmann::json;

struct JsonOptions {
  bool refuse_duplicate_keys = false;
  bool allow_comments = false;  // `//` and /* */, for policy files
};

// Messages of malformed input carry line and column ("3:14: ...").
Result<Json> ParseJson(std::string_view text, const Limits& limits, JsonOptions options = {});

// Typed look-ups that never throw; nullptr or the default when absent or of another type.
const Json* Find(const Json& object, const char* key);
std::string StringOr(const Json& object, const char* key, std::string otherwise = {});

// Serialises with invalid UTF-8 replaced; never throws. indent < 0: one line.
std::string Dump(const Json& value, int indent = -1);

}  // namespace weighbridge
