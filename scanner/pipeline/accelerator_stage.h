// Accelerators of hosts and inventories: read, matched with the catalogue, counted by
// host and product, and classified on the day of the report.
#pragma once

#include <string>
#include <vector>

#include "scanner/accelerators/host_inventory.h"
#include "scanner/pipeline/setup.h"
#include "weighbridge/report.h"
#include "weighbridge/scan.h"

namespace weighbridge {

struct SeenInventory {
  HostInventory inventory;
  bool live = false;  // read from a host's own tree, not from somebody's record of it
};

// The inventory in a file, "-" for standard input. Fails when it is none.
Result<HostInventory> ReadInventoryFile(const std::string& name);

// Fills accelerators, accelerator_products, accelerator_hosts and host_software, and adds
// the inventories' diagnostics. Requires: report.as_of is set.
void AddAccelerators(std::vector<SeenInventory> inventories, const Catalog& catalog,
                     bool with_serials, Report& report);

// Adds the findings about report.accelerators. Requires: AddAccelerators() was called.
void EvaluateAccelerators(const Setup& setup, Report& report);

}  // namespace weighbridge
