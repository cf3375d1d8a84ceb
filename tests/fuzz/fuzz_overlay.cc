// Overlay documents (--db-add): parsing, and look-ups in what was accepted.
#include <cstddef>
#include <cstdint>

#include "scanner/identity/catalog.h"
#include "weighbridge/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  auto catalog = Catalog::Open("");
  if (!catalog.ok()) __builtin_trap();
  Catalog& all = *catalog.value();
  const std::string_view text = AsText(ByteSpan(data, size));
  if (!all.AddOverlay(text, "overlay.json").ok()) return 0;
  // The input itself is a hostile key as well.
  static_cast<void>(all.ModelsByName(text));
  static_cast<void>(all.LicenceById(text));
  static_cast<void>(all.Hashes(text));
  const auto publishers = all.AllPublishers();
  for (std::size_t i = 0; i < publishers.size() && i < 8; ++i) {
    if (publishers[i].namespaces.empty()) __builtin_trap();
    static_cast<void>(all.Listings(publishers[i]));
  }
  return 0;
}
