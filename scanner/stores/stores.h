// Model stores: the caches and repositories in which tools keep models. What a store
// says about a file (from where it came, which revision, which digest) is joined to
// the file as claims:
//
//   store:kind          huggingface, ollama, docker-model-runner, torch-hub, ...
//   store:host          huggingface.co, registry.ollama.ai, ...
//   store:repository    as that host names it: "library/llama3.2", "Qwen/Qwen2.5-7B"
//   store:revision      commit or manifest digest; one per revision that holds the file
//   store:tag           reference, tag or variant; one per name
//   store:path          the file's name in the repository
//   store:layer         model, projector, adapter, license, template, ... (manifests)
//   store:model         key that joins the files of one model: a weight file has one, a
//                       side-car one for each model that names it
//   store:orphan        a blob that no manifest names
//   store:not-downloaded  files of the repository that the store does not hold
//   store:family, store:parameters, store:quantisation, store:licence  from configurations
//   store:remote        a model that another host runs: no weights here
//
// and as StatedDigests. A layout is known by its folders and files, wherever it lies: on
// disk, in an archive, in a layer of an image. Nothing here reads a file.
#pragma once

#include <vector>

#include "weighbridge/artifact.h"

namespace weighbridge {

// Adds the claims. Requires: artifacts sorted by Location; called before models are
// grouped, for the side-cars that only a manifest joins to a model.
void JoinStores(std::vector<Artifact>& artifacts);

// Compares what stores state with what was computed: a diagnostic "digest mismatch: "
// for each difference that no name of a content-addressed store shows by itself, and the
// claim store:verified for each agreement.
void CheckStores(std::vector<Artifact>& artifacts);

// What the name of a file in a store says about its content: "sha256", "git-sha1",
// "sha256-prefix" with the digits, or an empty algorithm. From the place alone.
StatedDigest DigestOfStorePlace(const Location& location);

}  // namespace weighbridge
