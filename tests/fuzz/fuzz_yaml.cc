// The YAML subset: any text gives a bounded tree or an error with a line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "scanner/sidecars/yaml.h"
#include "weighbridge/bytes.h"

namespace {

std::size_t Depth(const weighbridge::YamlNode& node) {
  std::size_t deepest = 0;
  for (const auto& item : node.items) deepest = std::max(deepest, Depth(item));
  for (const auto& [key, value] : node.fields) deepest = std::max(deepest, Depth(value));
  return deepest + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const weighbridge::Limits limits;
  const auto document = weighbridge::ParseYaml(weighbridge::AsText({data, size}), limits);
  if (Depth(document.root) > limits.max_yaml_depth + 1) std::abort();
  if (document.error.has_value() && document.error->message.find(": ") == std::string::npos) {
    std::abort();
  }
  return 0;
}
