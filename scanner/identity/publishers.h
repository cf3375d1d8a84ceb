// Helpers over the publishers of a Catalog: the one spelling of a namespace used in
// reports, and who re-packs the models of others.
#pragma once

#include <string>
#include <string_view>

#include "scanner/identity/catalog.h"

namespace weighbridge {

// The report key of a namespace: the first namespace of its publisher ("THUDM" and
// "zai-org" are one), the namespace as written when the publisher is not known.
std::string PublisherKey(const Catalog& catalog, std::string_view ns);
bool IsKnownNamespace(const Catalog& catalog, std::string_view ns);
// Re-quantisers, converters and re-uploaders: never a developer, never an origin.
bool IsRepackager(const Catalog& catalog, std::string_view ns);
// A quantised copy by a vendor that otherwise develops models (nvidia/Qwen3-NVFP4).
bool LooksRequantised(std::string_view ns, std::string_view name);
// "ORG/NAME" -> "ORG"; "" without '/'.
std::string NamespaceOf(std::string_view hub_id);
std::string NameOf(std::string_view hub_id);

}  // namespace weighbridge
