// What /proc says of a process: its maps, control group, arguments and environment. The
// first byte chooses.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "scanner/host/environment.h"
#include "scanner/host/processes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      for (const MapLine& line : ParseMaps(text)) {
        if (line.path.empty() || line.path[0] != '/' || line.inode == 0) std::abort();
      }
      break;
    case 1: ContainerOfCgroup(text); break;
    case 2: NamedByArguments(text, "/srv"); break;
    case 3: StoreVariablesOf(text, '\0'); break;
    default: StoreVariablesOfUnit(text);
  }
  return 0;
}
