// Normal forms of names, shared by the builder and the reader.
#include <array>

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

std::string NormalAcceleratorName(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kMakers{
      "nvidia", "advancedmicrodevices", "amd", "intel", "huawei", "habana"};
  std::string normal;
  for (const char c : ToLower(name)) {
    const bool kept =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (kept) normal += c;
  }
  for (const std::string_view maker : kMakers) {
    if (normal.size() > maker.size() && normal.starts_with(maker)) {
      return normal.substr(maker.size());
    }
  }
  return normal;
}

}  // namespace weighbridge
