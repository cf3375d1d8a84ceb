// References: whatever is accepted prints and parses back as itself.
#include <cstdint>
#include <cstdlib>

#include "scanner/registry/reference.h"
#include "weighbridge/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  if (size > 4096) return 0;
  const auto reference = ParseReference(AsText({data, size}));
  if (!reference.ok()) return 0;
  const auto again = ParseReference(reference.value().ToString());
  if (!again.ok() || !(again.value() == reference.value())) std::abort();
  return 0;
}
