// A classification in words and as JSON, for `classify` and `explain`.
#pragma once

#include <optional>
#include <string>

#include "sbom/classification_words.h"
#include "scanner/base/json.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/classification.h"

namespace weighbridge {

// The ECCN line, then what it rests on. `product` is null for figures of the user's own.
// `whole` adds the figures and their sources.
std::string ClassificationPage(const Classification& result, const AcceleratorRow* product,
                               const std::string& as_of, bool whole);
std::string ClassificationJson(const Classification& result, const AcceleratorRow* product,
                               const std::string& as_of);

// The product of this id, or the products of this name.
std::vector<AcceleratorRow> FindProducts(const Catalog& catalog, const std::string& text);

}  // namespace weighbridge
