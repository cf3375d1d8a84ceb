// A Kubernetes Node: what its labels and capacities say of accelerators. Labels are those
// of NVIDIA GPU feature discovery, node feature discovery and AMD's node labeller;
// capacities those of the vendors' device plugins.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "scanner/accelerators/inventory_sink.h"

namespace weighbridge {

struct KubernetesNode {
  std::string name;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::uint64_t> capacity;  // of whole numbers, zeros left out

  std::string Label(const std::string& key) const;  // "" when absent
  std::uint64_t Capacity(const std::string& key) const;
};

void AddNvidiaGpus(const KubernetesNode& node, InventorySink& sink);
void AddAmdGpus(const KubernetesNode& node, InventorySink& sink);
void AddOtherResources(const KubernetesNode& node, InventorySink& sink);
// Node feature discovery says that a vendor's function is there, for vendors that nothing
// above reported.
void AddFeatureLabels(const KubernetesNode& node, const std::vector<std::string>& reported,
                      InventorySink& sink);

}  // namespace weighbridge
