// What kind of thing a pickle imports. The table judges names only: a name it does
// not know stays unknown, it is never called harmless.
#pragma once

#include <string_view>

#include "weighbridge/artifact.h"

namespace weighbridge {

// The name under which an EXT opcode is listed, module "copyreg": what the number stands
// for only the loading program knows.
inline constexpr char kPickleExtension[] = "extension ";

// "?" stands for a name that the pickle computes: hidden on purpose, so it counts as code.
// Dotted parts count: "asyncio.unix_events" falls under "asyncio", and the name
// "serialization.os.system" under os: module and name
// are judged together at every dot. Thread-safe.
PickleImport::Risk ClassifyPickleImport(std::string_view module, std::string_view name);

}  // namespace weighbridge
