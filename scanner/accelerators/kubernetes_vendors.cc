#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/accelerators/kubernetes.h"
#include "scanner/accelerators/pci_roles.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr const char* kSeenIn = "kubernetes-json";

void AddCommon(const KubernetesNode& node, Device& device) {
  AddDeviceClaim(device, "label:node.kubernetes.io/instance-type",
                 node.Label("node.kubernetes.io/instance-type"));
}

// "A100-SXM4-80GB-MIG-1g.10gb-SHARED" -> "A100-SXM4-80GB"
std::string WithoutSharing(std::string product, bool* mig, bool* shared) {
  if (product.ends_with("-SHARED")) {
    *shared = true;
    product.resize(product.size() - 7);
  }
  if (const std::size_t at = product.find("-MIG-"); at != product.npos) {
    *mig = true;
    product.resize(at);
  }
  return product;
}

std::uint64_t SumOf(const KubernetesNode& node, std::string_view prefix) {
  std::uint64_t sum = 0;
  for (const auto& [key, count] : node.capacity) {
    if (std::string_view(key).starts_with(prefix)) sum += count;  // each is bounded
  }
  return sum;
}

bool IsPartitionMode(std::string_view text) {
  const std::string lower = ToLower(text);
  for (const std::string_view mode : {"cpx", "dpx", "tpx", "qpx"}) {
    if (lower.starts_with(mode)) return true;
  }
  return false;
}

struct Resource {
  std::string_view name;  // with a last '*', a beginning: what follows is the product
  std::string_view vendor;
  std::string_view product;
  bool slices;
};

constexpr std::array<Resource, 25> kResources{{
    {"huawei.com/Ascend*", "Huawei", "Ascend", false},
    {"cambricon.com/mlu*", "Cambricon", "mlu", false},
    {"cambricon.com/vmlu", "Cambricon", "", true},
    {"habana.ai/gaudi*", "Habana", "gaudi", false},
    {"aws.amazon.com/neuron", "AWS", "", false},
    {"aws.amazon.com/neurondevice", "AWS", "", false},
    {"aws.amazon.com/neuroncore", "AWS", "", true},
    {"google.com/tpu", "Google", "", false},
    {"gpu.intel.com/i915", "Intel", "", false},
    {"gpu.intel.com/xe", "Intel", "", false},
    {"hygon.com/dcu", "Hygon", "", false},
    {"hygon.com/dcunum", "Hygon", "", true},
    {"metax-tech.com/gpu", "MetaX", "", false},
    {"metax-tech.com/sgpu", "MetaX", "", true},
    {"mthreads.com/gpu", "Moore Threads", "", false},
    {"mthreads.com/vgpu", "Moore Threads", "", true},
    {"iluvatar.ai/gpu", "Iluvatar CoreX", "", false},
    {"iluvatar.ai/vgpu", "Iluvatar CoreX", "", true},
    {"enflame.com/gcu", "Enflame", "", false},
    {"kunlunxin.com/xpu", "Kunlunxin", "", false},
    {"birentech.com/gpu", "Biren", "", false},
    {"qualcomm.com/qaic", "Qualcomm", "", false},
    {"furiosa.ai/rngd", "FuriosaAI", "rngd", false},
    {"furiosa.ai/warboy", "FuriosaAI", "warboy", false},
    {"rebellions.ai/*", "Rebellions", "", false},
}};

// "Ascend910-16c", "mlu370.share": a share of a device. Memory is no device at all.
bool IsShare(std::string_view rest) {
  const std::size_t dash = rest.rfind('-');
  const bool cores = dash != rest.npos && rest.substr(dash).find('c') != rest.npos &&
                     rest.find_first_of("0123456789", dash) == dash + 1;
  return cores || rest.find("share") != rest.npos || rest.find("mim-") != rest.npos ||
         rest.find("smlu") != rest.npos;
}

bool IsMemory(std::string_view name) {
  return name.ends_with("-memory") || name.ends_with("memory") || name.ends_with(".vmemory") ||
         name.ends_with(".vcore");
}

const Resource* FindResource(std::string_view name, std::string* product) {
  for (const Resource& row : kResources) {
    if (row.name.ends_with('*')) {
      const std::string_view begin = row.name.substr(0, row.name.size() - 1);
      if (!name.starts_with(begin)) continue;
      const std::string_view rest = name.substr(begin.size());
      *product = rest.empty() ? std::string() : std::string(row.product) + std::string(rest);
      return &row;
    }
    if (row.name != name) continue;
    *product = std::string(row.product);
    return &row;
  }
  return nullptr;
}

void ApplyLabels(const KubernetesNode& node, Device& device) {
  if (device.vendor == "Huawei") {
    const std::string chip = node.Label("node.kubernetes.io/npu.chip.name");
    if (!chip.empty()) device.product = chip;
    AddDeviceClaim(device, "label:accelerator", node.Label("accelerator"));
    AddDeviceClaim(device, "label:accelerator-type", node.Label("accelerator-type"));
  }
  if (device.vendor == "Google")
    device.product = node.Label("cloud.google.com/gke-tpu-accelerator");
}

}  // namespace

void AddNvidiaGpus(const KubernetesNode& node, InventorySink& sink) {
  bool mig = false;
  bool shared = false;
  const std::string stated = node.Label("nvidia.com/gpu.product");
  std::string product = WithoutSharing(stated, &mig, &shared);
  const std::uint64_t labelled = ParseUint(node.Label("nvidia.com/gpu.count")).value_or(0);
  const std::uint64_t slices = SumOf(node, "nvidia.com/mig-");
  const std::uint64_t shares = node.Capacity("nvidia.com/gpu.shared");
  std::uint64_t count = labelled;
  if (count == 0) count = node.Capacity("nvidia.com/gpu");
  const bool counts_slices = count == 0;
  if (count == 0) count = shares != 0 ? shares : slices;
  if (count == 0 || count > 1'000'000) return;
  Device* device = sink.Add(kSeenIn, node.name);
  if (device == nullptr) return;
  if (product.empty()) product = node.Label("cloud.google.com/gke-accelerator");
  device->vendor = "NVIDIA";
  device->product = product;
  device->count = count;
  device->partitioned = mig || shared || counts_slices;
  const std::string major = node.Label("nvidia.com/gpu.compute.major");
  const std::string minor = node.Label("nvidia.com/gpu.compute.minor");
  device->architecture = SmArchitecture(major + "." + minor);
  // Under MIG the label is the memory of a slice.
  if (!mig) device->memory_bytes = MemoryBytes(node.Label("nvidia.com/gpu.memory"), 1ULL << 20);
  device->driver = "nvidia";
  device->driver_version = node.Label("nvidia.com/cuda.driver-version.full");
  for (const char* key :
       {"nvidia.com/gpu.product", "nvidia.com/gpu.family", "nvidia.com/gpu.machine",
        "nvidia.com/gpu.replicas", "nvidia.com/mig.strategy"}) {
    AddDeviceClaim(*device, std::string("label:") + key, node.Label(key));
  }
  AddCommon(node, *device);
  sink.AddSoftware("device-driver", "NVIDIA kernel module", device->driver_version, node.name);
}

void AddAmdGpus(const KubernetesNode& node, InventorySink& sink) {
  struct Kind {
    std::string id;
    std::uint64_t count;
  };
  std::vector<Kind> kinds;
  for (const std::string_view prefix : {"amd.com/gpu.device-id.", "beta.amd.com/gpu.device-id."}) {
    for (const auto& [key, value] : node.labels) {
      const std::uint64_t count = ParseUint(value).value_or(0);
      if (!std::string_view(key).starts_with(prefix) || count == 0 || count > 1'000'000) continue;
      const std::string id = PciId(std::string_view(key).substr(prefix.size()));
      if (!id.empty()) kinds.push_back({id, count});
    }
    if (!kinds.empty()) break;  // the older names repeat the newer
  }
  const std::uint64_t capacity = SumOf(node, "amd.com/");
  if (kinds.empty() && capacity != 0)
    kinds.push_back({PciId(node.Label("amd.com/gpu.device-id")), capacity});
  // The labeller counts nodes of the driver, of which a partitioned package has several.
  bool partitioned =
      capacity != 0 && node.Capacity("amd.com/gpu") == 0 && SumOf(node, "amd.com/spx") == 0;
  for (const auto& [key, value] : node.labels) {
    const bool about = key.find("amd.com/") != key.npos && key.find("partition") != key.npos;
    partitioned = partitioned || (about && IsPartitionMode(value));
  }
  for (const Kind& kind : kinds) {
    Device* device = sink.Add(kSeenIn, node.name);
    if (device == nullptr) return;
    device->vendor = "AMD";
    if (!kind.id.empty()) device->pci.vendor = "1002";
    device->pci.device = kind.id;
    device->count = kind.count;
    device->partitioned = partitioned;
    device->driver = "amdgpu";
    if (kinds.size() == 1) {
      device->product = node.Label("amd.com/gpu.product-name");
      device->memory_bytes = MemoryBytes(node.Label("amd.com/gpu.vram"));
      AddDeviceClaim(*device, "label:amd.com/gpu.cu-count", node.Label("amd.com/gpu.cu-count"));
      AddDeviceClaim(*device, "label:amd.com/gpu.family", node.Label("amd.com/gpu.family"));
    }
    AddCommon(node, *device);
  }
}

void AddOtherResources(const KubernetesNode& node, InventorySink& sink) {
  const bool whole_neuron = node.Capacity("aws.amazon.com/neuron") != 0 ||
                            node.Capacity("aws.amazon.com/neurondevice") != 0;
  for (const auto& [name, count] : node.capacity) {
    if (name.starts_with("nvidia.com/") || name.starts_with("amd.com/") || IsMemory(name)) continue;
    std::string product;
    const Resource* row = FindResource(name, &product);
    const bool nameless = row == nullptr && (name.ends_with("/gpu") || name.ends_with("/npu"));
    if (row == nullptr && !nameless) continue;
    // Three names of the same chips; the cores are left out when the chips are there.
    if (name == "aws.amazon.com/neuroncore" && whole_neuron) continue;
    if (name == "aws.amazon.com/neurondevice" && node.Capacity("aws.amazon.com/neuron") != 0)
      continue;
    Device* device = sink.Add(kSeenIn, node.name);
    if (device == nullptr) return;
    device->count = count;
    if (row != nullptr) {
      device->vendor = std::string(row->vendor);
      device->partitioned = row->slices || IsShare(name);
    }
    device->product = product;
    ApplyLabels(node, *device);
    AddDeviceClaim(*device, "kubernetes:resource", name);
    AddCommon(node, *device);
  }
}

void AddFeatureLabels(const KubernetesNode& node, const std::vector<std::string>& reported,
                      InventorySink& sink) {
  constexpr std::string_view kPrefix = "feature.node.kubernetes.io/pci-";
  constexpr std::string_view kSuffix = ".present";
  for (const auto& [key, value] : node.labels) {
    std::string_view name = key;
    if (value != "true" || !name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    name.remove_prefix(kPrefix.size());
    name.remove_suffix(std::min(kSuffix.size(), name.size()));
    const std::vector<std::string> parts = Split(name, '_');
    if (parts.size() < 2 || PciClass(parts[0]).empty()) continue;  // not class and vendor
    PciIds ids;
    ids.class_code = PciClass(parts[0]);
    ids.vendor = PciId(parts[1]);
    if (parts.size() > 2) ids.device = PciId(parts[2]);
    if (RoleOf(ids) != PciRole::kAccelerator) continue;
    if (std::find(reported.begin(), reported.end(), ids.vendor) != reported.end()) continue;
    Device* device = sink.Add(kSeenIn, node.name);
    if (device == nullptr) return;
    device->pci = std::move(ids);
    AddDeviceClaim(*device, "label", key);
    AddCommon(node, *device);
    device->diagnostics.push_back({Severity::kNote, ErrorCode::kUnsupported, device->location,
                                   "the label says that there is one or more, not how many",
                                   DiagnosticKind::kNone});
  }
}

}  // namespace weighbridge
