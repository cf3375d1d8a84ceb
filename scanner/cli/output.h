// Writing documents: to standard output, or to a temporary file that is renamed.
#pragma once

#include <string>

#include "weighbridge/result.h"

namespace weighbridge {

// `path` "" means standard output. A file appears whole or not at all.
Status WriteDocument(const std::string& path, const std::string& text);

}  // namespace weighbridge
