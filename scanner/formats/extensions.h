// What a file's extension promises, for the finding that it contradicts the content.
#pragma once

#include <string>
#include <string_view>

namespace weighbridge {

// What the extension says instead ("a PNG image", "GGUF"), "" when it agrees with
// `format`, says nothing, or belongs to nobody (.bin, .data, none, unknown ones).
std::string ExtensionConflict(std::string_view file_name, std::string_view format);

}  // namespace weighbridge
