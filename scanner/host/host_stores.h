// Where a host keeps models and container images: the places that tools document, those
// that their configuration names instead, and those that environment variables do.
#pragma once

#include <string>
#include <vector>

#include "scanner/host/processes.h"
#include "scanner/source/sysroot.h"

namespace weighbridge {

struct HostStore {
  std::string path;   // on this machine, links resolved
  std::string kind;   // "Docker", "containerd", "Ollama", ...
  std::string basis;  // what named it: "documented place", "/etc/docker/daemon.json", "HF_HOME of
                      // python3 (pid 42)"
};

// Those that exist, sorted by path; none lies below another.
std::vector<HostStore> FindHostStores(const Sysroot& root, const std::vector<Process>& processes);

}  // namespace weighbridge
