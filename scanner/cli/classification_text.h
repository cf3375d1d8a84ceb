// A classification in words and as JSON, for `classify` and `explain`.
#pragma once

#include <optional>
#include <string>

#include "scanner/base/json.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/classification.h"

namespace weighbridge {

// "3A090.a", "none", "undecided (needs die area, market segment)"
std::string EccnWords(const Classification& result);

// "15832", "2896 or more", "3610 or 6080", "" when no rate is known.
std::string TppWords(const Classification& result);
std::string DensityWords(const Classification& result);

// The ECCN line, then what it rests on. `product` is null for figures of the user's own.
// `whole` adds the figures and their sources.
std::string ClassificationPage(const Classification& result, const AcceleratorRow* product,
                               const std::string& as_of, bool whole);
std::string ClassificationJson(const Classification& result, const AcceleratorRow* product,
                               const std::string& as_of);

// The product of this id, or the products of this name.
std::vector<AcceleratorRow> FindProducts(const Catalog& catalog, const std::string& text);

}  // namespace weighbridge
