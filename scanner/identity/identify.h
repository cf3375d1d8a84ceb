// The single-threaded stages after the barrier: group artifacts into models, match
// the evidence against the catalog, conclude an Identity per model. Pure functions
// of their arguments.
#pragma once

#include <vector>

#include "scanner/fingerprint/fingerprint.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/artifact.h"
#include "weighbridge/model.h"

namespace weighbridge {

// Shards, index, config, tokenizer, card and licence become one model; two models
// in one folder stay two. `artifacts` is sorted by Location. The models carry
// weights, side_cars, missing_files, pointer_only, is_adapter, complete, location, id.
std::vector<Model> GroupModels(const std::vector<Artifact>& artifacts);

// Compares every index of a sharded model with the shards that lie beside it: what
// contradicts is a Diagnostic of the index. A model whose index lists a tensor that no
// shard holds is not complete. Requires: models of GroupModels(artifacts).
void CheckIndexes(std::vector<Artifact>& artifacts, std::vector<Model>& models);

// Fills identity and conflicts. Models are given all at once so that an adapter or
// quantisation can point to a base scanned in the same run. The bytes win: origin,
// country and family follow the tensors; a losing claim stands only in a Conflict.
void IdentifyModels(const std::vector<Artifact>& artifacts, const Catalog& catalog,
                    std::vector<Model>& models);

}  // namespace weighbridge
