// Artifact: one file (or archive member) that was recognised, with what it
// declares. Everything in here is either read from the bytes' structure (format,
// tensors) or a claim that the file makes (claims, stated_digests).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "weighbridge/diagnostic.h"
#include "weighbridge/digest.h"
#include "weighbridge/location.h"

namespace weighbridge {

enum class ArtifactKind {
  kWeights,       // tensors of a model
  kAdapter,       // weights that modify a base model (LoRA and the like)
  kProjector,     // multimodal projector (GGUF mmproj)
  kPointer,       // git-lfs pointer: identity of weights that are absent
  kWeightIndex,   // *.index.json: which tensor lies in which shard
  kExternalData,  // raw tensor data described by another file
  kConfig,        // config.json
  kGenerationConfig,
  kTokenizer,  // tokenizer.json, SentencePiece, vocabulary files
  kTokenizerConfig,
  kModelCard,  // README.md with front matter
  kLicenceText,
  kModelIndex,     // diffusers model_index.json
  kAdapterConfig,  // PEFT adapter_config.json
  kHubMetadata,    // .cache/huggingface/download/*.metadata
  kModelfile,      // Ollama Modelfile
  kImageManifest,  // index, manifest or configuration of a container image or OCI artifact
  kArray,          // npy, npz
  kPickle,         // a pickle that holds no tensors
  kContainer,      // archive or image, not opened
  kProgram,        // a library of an accelerator's software, or with code for one
  kOther,          // recognised, none of the above (generic HDF5, protobuf)
};

// The stable kebab-case word for a kind.
const char* ArtifactKindName(ArtifactKind kind);

// How far the bytes were understood.
enum class Inspection {
  kFull,          // the structure was read to its end
  kPartial,       // some of it; the diagnostics say what is missing
  kNotInspected,  // recognised only
};

struct Tensor {
  std::string name;   // as in the file
  std::string dtype;  // safetensors spelling (F32, BF16, ...), else ggml's (Q4_K, ...)
  std::vector<std::uint64_t> shape;  // row-major: outermost dimension first (GGUF dims reversed)
  std::uint64_t offset = 0;          // absolute, in the file that holds the data
  std::uint64_t bytes = 0;           // 0 with has_data false: content not locatable
  std::int32_t external_file = -1;   // index into Artifact::external_files, or this file
  bool has_data = false;             // offset and bytes are valid and contiguous
};

struct Claim {
  std::string key;    // namespaced: "gguf:general.name", "config:model_type", "card:license"
  std::string value;  // text; numbers in decimal; a list repeats the key
  friend bool operator==(const Claim&, const Claim&) = default;
};

// One global that a pickle would import on loading.
struct PickleImport {
  enum class Risk {
    kTensorPlumbing,  // what torch.save writes
    kKnownLibrary,    // a machine-learning library's data class
    kUnknown,         // anything else
    kCodeExecution,   // can run code: os, subprocess, builtins.eval, ...
  };
  std::string module;
  std::string name;
  std::string member;  // zip member, "" for the file itself
  Risk risk = Risk::kUnknown;
  friend bool operator==(const PickleImport&, const PickleImport&) = default;
};

// Where a file lies in a container image. A layer that several images share gives
// one place per image. OCI image-spec v1, layer.md.
struct ImagePlace {
  std::string image;            // name or tag, else "" (in stores without manifests, its id)
  std::string manifest_digest;  // "sha256:<hex>", "" when only `docker save` names it
  std::string layer_digest;     // as the manifest states it; its diff id when none is kept
  std::uint32_t position = 0;   // 1 = lowest layer
  std::uint32_t layers = 0;     // of the image
  // visible: in the final file system. deleted, replaced: only in this layer, and
  // still distributed with the image. unknown: a higher layer was not read.
  enum class State { kVisible, kDeleted, kReplaced, kUnknown };
  State state = State::kUnknown;
  friend bool operator==(const ImagePlace&, const ImagePlace&) = default;
};

// "visible", "deleted", "replaced", "unknown".
const char* ImageStateName(ImagePlace::State state);

// A running process that has the file mapped, or whose command line names it.
struct ProcessUse {
  std::uint64_t pid = 0;
  std::string name;       // the kernel's name of the process
  std::string container;  // its container's id, "" when it runs in none
  bool mapped = false;    // else only named
  friend auto operator<=>(const ProcessUse&, const ProcessUse&) = default;
};

struct Artifact {
  Location location;
  std::vector<Location> other_locations;  // hard links and repeated blobs
  std::string format;                     // format_id of the format table: "safetensors", "gguf"
  std::string format_version;             // "3", "" when the format has none
  ArtifactKind kind = ArtifactKind::kOther;
  Inspection inspection = Inspection::kFull;
  std::string not_inspected_reason;  // set unless kFull
  std::uint64_t size_bytes = 0;

  std::vector<Claim> claims;
  std::vector<Tensor> tensors;
  bool big_endian = false;
  std::vector<std::string> external_files;  // relative names, validated as plain
  // kWeightIndex: tensor name -> index into shard_files.
  std::vector<std::string> shard_files;
  std::vector<std::pair<std::string, std::uint32_t>> weight_map;
  std::vector<StatedDigest> stated_digests;
  std::vector<PickleImport> pickle_imports;
  std::vector<std::string>
      also_formats;                // other format ids whose signature is valid too: a polyglot
  std::string extension_conflict;  // what the extension says instead, "" when none

  std::vector<Diagnostic> diagnostics;
  std::vector<ImagePlace> images;     // when the file lies in layers of container images
  std::vector<ProcessUse> processes;  // that serve it now (host: targets only)

  // Set by the fingerprint stage.
  std::string sha256;  // computed now; "" when not computed
  // Of an archive that is one compressed stream: of the bytes below the compression.
  std::string content_sha256;
  std::string git_sha1;                      // git blob id, only where a store states one
  std::vector<TensorDigest> tensor_digests;  // sorted, distinct
  std::uint64_t tensors_without_digest = 0;
  std::string text_digest;  // kTokenizer: digest of vocabulary and merges
  bool changed_while_read = false;

  // First value for key, "" when absent.
  const std::string& ClaimOr(const std::string& key,
                             const std::string& otherwise = EmptyText()) const;
  std::vector<std::string> ClaimList(const std::string& key) const;
  static const std::string& EmptyText();
};

}  // namespace weighbridge
