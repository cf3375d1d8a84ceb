#include "scanner/accelerators/kubernetes.h"

#include <vector>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxLabels = 10'000;

KubernetesNode ReadNode(const Json& object) {
  KubernetesNode node;
  if (const Json* metadata = Find(object, "metadata")) {
    node.name = Clip(StringOr(*metadata, "name"));
    const Json* labels = Find(*metadata, "labels");
    if (labels != nullptr && labels->is_object()) {
      for (const auto& [key, value] : labels->items()) {
        if (value.is_string() && node.labels.size() < kMaxLabels)
          node.labels.emplace(Clip(key), Clip(value.get_ref<const std::string&>()));
      }
    }
  }
  const Json* status = Find(object, "status");
  const Json* capacity = status == nullptr ? nullptr : Find(*status, "capacity");
  if (capacity == nullptr && status != nullptr) capacity = Find(*status, "allocatable");
  if (capacity == nullptr || !capacity->is_object()) return node;
  for (const auto& [key, value] : capacity->items()) {
    std::uint64_t count = 0;
    if (value.is_string()) count = ParseUint(value.get_ref<const std::string&>()).value_or(0);
    if (value.is_number_unsigned()) count = value.get<std::uint64_t>();
    // More than any node holds: not a number of devices.
    if (count != 0 && count <= 1'000'000 && node.capacity.size() < kMaxLabels)
      node.capacity.emplace(Clip(key), count);
  }
  return node;
}

void AddNode(const Json& object, InventorySink& sink) {
  if (StringOr(object, "kind", "Node") != "Node") return;
  const KubernetesNode node = ReadNode(object);
  std::vector<std::string> reported;
  const auto has = [&](std::string_view begin) {
    for (const auto& [key, count] : node.capacity) {
      if (std::string_view(key).starts_with(begin)) return true;
    }
    return false;
  };
  if (has("nvidia.com/") || !node.Label("nvidia.com/gpu.product").empty())
    reported.push_back("10de");
  if (has("amd.com/") || !node.Label("amd.com/gpu.product-name").empty())
    reported.push_back("1002");
  if (has("huawei.com/Ascend")) reported.push_back("19e5");
  if (has("habana.ai/")) reported.push_back("1da3");
  if (has("cambricon.com/")) reported.push_back("cabc");
  if (has("aws.amazon.com/neuron")) reported.push_back("1d0f");
  if (has("google.com/tpu")) reported.push_back("1ae0");
  if (has("gpu.intel.com/")) reported.push_back("8086");
  AddNvidiaGpus(node, sink);
  AddAmdGpus(node, sink);
  AddOtherResources(node, sink);
  AddFeatureLabels(node, reported, sink);
}

}  // namespace

std::string KubernetesNode::Label(const std::string& key) const {
  const auto found = labels.find(key);
  return found == labels.end() ? std::string() : found->second;
}

std::uint64_t KubernetesNode::Capacity(const std::string& key) const {
  const auto found = capacity.find(key);
  return found == capacity.end() ? 0 : found->second;
}

bool IsKubernetesJson(std::string_view head) {
  return HasJsonPair(head, "apiVersion", "v1") &&
         (HasJsonPair(head, "kind", "Node") || HasJsonPair(head, "kind", "NodeList"));
}

void ParseKubernetesJson(const Json& document, InventorySink& sink) {
  const Json* items = Find(document, "items");
  if (items == nullptr) {
    AddNode(document, sink);
    return;
  }
  if (!items->is_array()) {
    sink.Warn(ErrorCode::kMalformed, "the items are no list");
    return;
  }
  for (const Json& item : *items) AddNode(item, sink);
}

}  // namespace weighbridge
