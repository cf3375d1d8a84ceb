// Overlay: local knowledge laid over the catalogue (--db-add FILE.json), for example a
// company's own models. Checked as a whole; every fault is listed, nothing is half
// taken. Plain values, found by the same normal forms as the image's rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scanner/identity/catalog.h"

namespace weighbridge {

struct CatalogOverlay {
  std::vector<PublisherRow> publishers;
  std::vector<ModelRow> models;
  std::vector<HashRow> hashes;
  std::vector<TokenizerRow> tokenizers;
  std::vector<LicenceRow> licences;
};

// Schema: rules/schema/overlay.schema.json. `name` opens each message; the messages
// of one document are joined by newlines.
Result<CatalogOverlay> ParseCatalogOverlay(std::string_view json_text, const std::string& name);

}  // namespace weighbridge
