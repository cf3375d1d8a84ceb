// The registry targets of a scan: opened before anything is read, then handed to the
// inspector blob by blob.
//
// What is read of a blob. An archive (image layer, tar of a model kit) passes once, whole,
// and its digest is verified. A file in a layer of its own is read by range requests: the
// header of a 40 GB model costs some hundred kilobytes, and its digest stays what the
// manifest claims, unless ScanOptions::hash_registries asks for all of it.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "scanner/pipeline/inspect.h"
#include "scanner/registry/registry_source.h"
#include "weighbridge/scan.h"

namespace weighbridge {

inline constexpr std::string_view kRegistryScheme = "registry:";

inline bool IsRegistryTarget(std::string_view target) {
  return target.substr(0, kRegistryScheme.size()) == kRegistryScheme;
}

using Registries = std::vector<std::unique_ptr<RegistrySource>>;

// Opens those among the targets. Fails for a name, host or password that is wrong.
Result<Registries> OpenRegistries(const ScanOptions& options);

// Every blob counts as a file that was seen.
void InspectRegistries(Registries& registries, Inspector& inspector, Coverage& coverage);

}  // namespace weighbridge
