// What kind of thing a pickle imports. The table judges names only: a name it does
// not know stays unknown, it is never called harmless.
#pragma once

#include <string_view>

#include "weighbridge/artifact.h"

namespace weighbridge {

// Dotted parts count: "asyncio.unix_events" falls under "asyncio", and the name
// "serialization.os.system" under os. Thread-safe.
PickleImport::Risk ClassifyPickleImport(std::string_view module, std::string_view name);

}  // namespace weighbridge
