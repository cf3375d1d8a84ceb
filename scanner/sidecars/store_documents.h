// The book-keeping of model stores: small files that say from where the files beside
// them came. Kind kHubMetadata (no model speaks of them alone); what they say are
// claims, joined to the files they speak of in scanner/stores.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// Hugging Face hub cache, models--ORG--NAME/refs/<ref>: one commit hash.
// Claims "hubref:name", "hubref:commit".
bool ReadHubRef(const SideCarInput& input, Artifact& artifact);
// trees/<commit>.json (huggingface_hub _tree_cache.py, format_version 1): the whole
// listing of a repository. Claims "hubtree:commit" and per file "hubtree:file"
// (path, size, git blob id, SHA-256 or "", separated by tabs).
bool ReadHubTree(const SideCarInput& input, Artifact& artifact);
// Docker Model Runner models.json (model-runner pkg/distribution/internal/store).
// Claim "dmr:model": id, then its tags, separated by tabs.
bool ReadModelRunnerIndex(const SideCarInput& input, Artifact& artifact);
// ramalama refs/<tag>.json (ramalama/model_store/reffile.py). Claims "ramalama:hash",
// "ramalama:file" (blob name, file name, type, separated by tabs).
bool ReadRamalamaRef(const SideCarInput& input, Artifact& artifact);
// llama.cpp <file>.gguf.json (common/download.cpp): claims "llamacpp:url", "llamacpp:etag".
bool ReadLlamaCppOrigin(const SideCarInput& input, Artifact& artifact);
// llama.cpp manifest=ORG=REPO=TAG.json: claims "llamacpp:repository", "llamacpp:tag",
// "llamacpp:file" (name, size, SHA-256, separated by tabs).
bool ReadLlamaCppManifest(const SideCarInput& input, Artifact& artifact);
// AUTOMATIC1111 cache.json: claim "webui:hash" (title, SHA-256, separated by a tab).
bool ReadWebUiHashes(const SideCarInput& input, Artifact& artifact);
// TensorFlow Hub <sha1>.descriptor.txt (tensorflow_hub/resolver.py): claim "tfhub:module".
bool ReadTfHubDescriptor(const SideCarInput& input, Artifact& artifact);
// NVIDIA Triton config.pbtxt (model_config.proto, text form): claims "triton:name",
// "triton:platform", "triton:backend".
bool ReadTritonConfig(const SideCarInput& input, Artifact& artifact);
// RECORD of an installed wheel (PEP 376, 427): a StatedDigest per model file in it.
bool ReadWheelRecord(const SideCarInput& input, Artifact& artifact);
// Jan model.yml: claims "jan:name", "jan:model_path", "jan:mmproj_path", and the
// digests it states.
bool ReadJanModel(const SideCarInput& input, Artifact& artifact);
// LocalAI <model>.yaml: claims "localai:name", "localai:backend", "localai:model",
// "localai:mmproj".
bool ReadLocalAiModel(const SideCarInput& input, Artifact& artifact);
// A text layer of a content-addressed store, blobs/sha256-<hex>: licence, template,
// system prompt, parameters, messages. What it is the manifest says; a licence is
// known by its text. Kind kLicenceText or kModelfile; claims "layer:param"
// (key=value) of a JSON object, else "layer:text".
bool ReadStoreText(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
