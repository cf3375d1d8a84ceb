// The host targets of a scan: where their stores lie is found before the walk, the files
// that their processes have mapped are inspected after it.
//
// A mapped file is read as the process has it, even when it was removed from the file
// system or lies in a container; one that the walk has met is not read again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scanner/host/host_stores.h"
#include "scanner/host/processes.h"
#include "scanner/pipeline/accelerator_stage.h"
#include "scanner/pipeline/inspect.h"
#include "scanner/source/sysroot.h"
#include "weighbridge/scan.h"

namespace weighbridge {

struct Host {
  std::unique_ptr<Sysroot> root;
  ProcessList processes;
  std::vector<HostStore> stores;
};

// Opens the hosts among the targets. Fails for a root that cannot be opened.
Result<std::vector<Host>> OpenHosts(const ScanOptions& options);

// The folders of the hosts' stores that lie below none of the other targets.
std::vector<std::string> StoreTargets(const std::vector<Host>& hosts, const ScanOptions& options);

// What the hosts' trees show of accelerators.
std::vector<SeenInventory> AcceleratorsOf(const std::vector<Host>& hosts);

// Says which stores were found and which processes could not be asked, inspects mapped
// files, and tells every file which processes have it mapped.
// Requires: the walk has ended.
void InspectHosts(const std::vector<Host>& hosts, Inspector& inspector, Coverage& coverage);

// Adds the processes whose command lines name a file, its folder, or the repository
// that a store says it is of. Requires: JoinStores() has been called.
void AddNamedUses(const std::vector<Host>& hosts, std::vector<Artifact>& artifacts);

}  // namespace weighbridge
