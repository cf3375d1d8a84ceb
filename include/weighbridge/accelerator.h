// Accelerator: equal devices of one host, counted, with the products of the catalogue that
// they are or may be. AcceleratorProduct: such a product, classified on the report's day.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weighbridge/classification.h"
#include "weighbridge/device.h"
#include "weighbridge/evidence.h"

namespace weighbridge {

struct AcceleratorProduct {
  std::string id;  // "nvidia-h100-sxm5-80gb"
  std::string vendor, name;
  std::string segment;           // "datacenter", "consumer", ...
  std::string designer_country;  // ISO 3166 alpha-2
  AcceleratorFigures figures;    // of one integrated circuit
  std::uint64_t circuits = 1;    // on the product's board
  double memory_gb = 0;          // 0 unknown
  std::string source, confidence, note;
  Classification classification;
};

struct Accelerator {
  std::string id;           // distinct in a report: "node7: nvidia-h100-sxm5-80gb"
  std::string name;         // the product; "one of A, B"; what the source calls it
  std::string host;         // as the source names it, else the inventory; "" for this host
  Location location;        // of the first device
  std::uint64_t count = 0;  // physical products
  bool count_is_upper_bound = false;  // a source counted slices
  // Ids of Report::accelerator_products. One: identified. Several: they share what was
  // seen. None: the catalogue does not know it.
  std::vector<std::string> products;
  std::string match_basis;  // as in Device
  // Inferred from ids that the hardware gave, or claimed by an inventory.
  Grade grade = Grade::kUnknown;
  std::vector<Device> devices;  // in order of address
};

// The computer that a host is, by the worst circuit in it: 15 CFR part 774, Supplement
// No. 1, ECCN 4A090 and 4A994.l. Circuits are not added up.
struct AcceleratorHost {
  std::string host;
  std::uint64_t devices = 0;            // physical products
  std::string computer_eccn;            // "4A090.a", "4A994.l", "none"; "" undecided
  std::vector<std::string> decided_by;  // accelerators' ids that give it
  std::vector<std::string> undecided;   // accelerators' ids that could raise it
};

}  // namespace weighbridge
