// Fuzzes the central-directory reader: no input may crash it, hang it or place data outside the
// file.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "scanner/source/zip_directory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const std::vector<std::uint8_t> bytes(data, data + size);
  const MemorySource source(bytes);
  auto zip = ZipDirectory::Read(source, Limits{});
  if (!zip.ok()) return 0;
  for (const ZipEntry& entry : zip.value().entries()) {
    if (entry.located && entry.data_offset + entry.compressed_size > size) std::abort();
  }
  return 0;
}
