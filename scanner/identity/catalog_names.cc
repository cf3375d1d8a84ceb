// Normal forms of names, shared by the builder and the reader.
#include "scanner/base/text.h"
#include "scanner/identity/catalog_schema.h"

namespace weighbridge {

std::string NormalModelName(std::string_view name) {
  const auto slash = name.rfind('/');
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string normal;
  for (const char c : ToLower(name)) {
    const bool kept =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (kept) normal += c;
  }
  return normal;
}

}  // namespace weighbridge
