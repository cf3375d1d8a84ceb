// Helpers over the publishers of a Catalog: the one spelling of a namespace used in
// reports, and who re-packs the models of others.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/identity/catalog.h"

namespace weighbridge {

// One value per publisher: its first namespace ("THUDM" and "zai-org" are one), the
// namespace as written when the publisher is not known. For comparisons only.
std::string PublisherKey(const Catalog& catalog, std::string_view ns);
bool SamePublisher(const Catalog& catalog, std::string_view a, std::string_view b);
// The namespace that a report names: the one given, in the publisher's spelling
// ("openlm-research" stays, though its publisher has others). Only a mirror's gives
// way to the publisher's first.
std::string ReportNamespace(const Catalog& catalog, std::string_view ns);
// The namespace under which a row is published: that of its hub id.
std::string PublisherOf(const Catalog& catalog, const ModelRow& row);
// When all are of one publisher, the one to report: its first namespace when that is
// among them, else the first of them. "" for none or several publishers.
std::string OnePublisher(const Catalog& catalog, const std::set<std::string>& namespaces);
// One namespace for each publisher, chosen so.
std::vector<std::string> OneEach(const Catalog& catalog, const std::set<std::string>& namespaces);
// The namespace in `list` of the publisher of `ns`; "" when it is not there.
std::string FindPublisher(const Catalog& catalog, const std::vector<std::string>& list,
                          std::string_view ns);
bool IsKnownNamespace(const Catalog& catalog, std::string_view ns);
// Re-quantisers, converters and re-uploaders: never a developer, never an origin.
bool IsRepackager(const Catalog& catalog, std::string_view ns);
// A quantised copy by a vendor that otherwise develops models (nvidia/Qwen3-NVFP4).
bool LooksRequantised(std::string_view ns, std::string_view name);
// "ORG/NAME" -> "ORG"; "" without '/'.
std::string NamespaceOf(std::string_view hub_id);
std::string NameOf(std::string_view hub_id);

}  // namespace weighbridge
