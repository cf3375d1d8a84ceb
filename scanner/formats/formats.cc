// The ordered table of formats, what we say we know, and the front door.
#include "scanner/formats/formats.h"

#include <algorithm>
#include <array>

#include "scanner/formats/extensions.h"
#include "scanner/formats/ggml_legacy.h"
#include "scanner/formats/gguf.h"
#include "scanner/formats/lfs_pointer.h"
#include "scanner/formats/npy.h"
#include "scanner/formats/onnx.h"
#include "scanner/formats/pickle_file.h"
#include "scanner/formats/pytorch_legacy.h"
#include "scanner/formats/safetensors.h"
#include "scanner/formats/signatures.h"
#include "scanner/formats/structures.h"
#include "scanner/formats/tar_family.h"
#include "scanner/formats/weight_index.h"
#include "scanner/formats/zip_family.h"

namespace weighbridge {
namespace {

// Formats of the zip family have their directory at the tail by design.
bool IsZipItself(const Format& format) { return std::string_view(format.id) == "zip"; }

// A TFLite file may carry its associated files as an appended zip (tflite-support).
bool MayCarryZip(const Artifact& artifact) {
  return artifact.format == "tflite" || artifact.format == "llamafile";
}

// A text opcode would swallow gigabytes of tensors in search of its line end; one in
// 25 lengths of a safetensors header begins like that.
bool HidesPickle(const ProbeWindow& window) {
  constexpr std::uint64_t kSecondLook = 16 << 20;
  if (window.source == nullptr || window.size <= kSecondLook) return ProbePickle(window);
  const SliceSource beginning(*window.source, 0, kSecondLook);
  ProbeWindow narrow = window;
  narrow.source = &beginning;
  narrow.size = kSecondLook;
  return ProbePickle(narrow);
}

// A second valid signature: two readers would see two different things.
void FindSecondFormat(const Format& first, const ProbeWindow& window, Artifact& artifact) {
  if (!IsZipItself(first) && !MayCarryZip(artifact) && ProbeTrailingZip(window)) {
    artifact.also_formats.emplace_back("zip");
  }
  // A tar's magic lies at 257 and a pickle's first bytes fit a safetensors length, so
  // either can hide behind another head. A legacy stream is a series of pickles.
  if (IsZipItself(first) || first.parse == &ParsePytorchLegacy) return;
  if (first.parse != &ParsePickle && first.parse != &ParseTar && HidesPickle(window)) {
    artifact.also_formats.emplace_back("pickle2");
  }
  if (first.parse != &ParseTar && first.parse != &ParseSignature && ProbeTar(window)) {
    artifact.also_formats.emplace_back("tar");
  }
}

}  // namespace

const std::vector<Format>& Formats() {
  static const std::vector<Format> table{
      {"gguf", &ProbeGguf, &ParseGguf},
      {"ggml", &ProbeGgmlLegacy, &ParseGgmlLegacy},
      {"zip", &ProbeZip, &ParseZip},
      {"npy", &ProbeNpy, &ParseNpy},
      {"lfs_pointer", &ProbeLfsPointer, &ParseLfsPointer},
      {"pytorch_legacy", &ProbePytorchLegacy, &ParsePytorchLegacy},
      {"safetensors", &ProbeSafetensors, &ParseSafetensors},
      {"weight_index", &ProbeWeightIndex, &ParseWeightIndex},
      {"tar", &ProbeTar, &ParseTar},
      {"pickle", &ProbePickle, &ParsePickle},
      {"signature", &ProbeSignature, &ParseSignature},
      {"onnx", &ProbeOnnx, &ParseOnnx},
      {"structure", &ProbeStructure, &ParseStructure},
      // A zip behind any other head: Python and others open it by its tail.
      {"zip", &ProbeTrailingZip, &ParseZip},
  };
  return table;
}

bool InspectWeights(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                    Artifact& artifact) {
  for (const Format& format : Formats()) {
    if (!format.probe(window)) continue;
    format.parse(source, window, limits, artifact);
    FindSecondFormat(format, window, artifact);
    artifact.extension_conflict = ExtensionConflict(window.file_name, artifact.format);
    return true;
  }
  return false;
}

bool ProbeWeights(const ProbeWindow& window) {
  return std::any_of(Formats().begin(), Formats().end(),
                     [&](const Format& format) { return format.probe(window); });
}

std::vector<FormatInfo> KnownFormats() {
  static constexpr std::array kParsed{
      FormatInfo{"safetensors", "safetensors", 1, "parsed"},
      FormatInfo{"safetensors_index", "sharded safetensors index", 1, "parsed"},
      FormatInfo{"gguf", "GGUF v1-v3 little-endian", 1, "parsed"},
      FormatInfo{"gguf_be", "GGUF big-endian", 1, "parsed"},
      FormatInfo{"gguf_fugg", "GGUF-like with reversed magic", 1, "parsed"},
      FormatInfo{"gguf_lora", "GGUF LoRA adapter", 1, "parsed"},
      FormatInfo{"ggml", "legacy GGML unversioned", 2, "parsed"},
      FormatInfo{"ggmf", "legacy GGMF", 2, "parsed"},
      FormatInfo{"ggjt", "legacy GGJT", 2, "parsed"},
      FormatInfo{"ggla", "legacy GGLA LoRA", 2, "parsed"},
      FormatInfo{"pytorch_zip", "PyTorch zip checkpoint", 1, "parsed"},
      FormatInfo{"pytorch_index", "sharded PyTorch index", 1, "parsed"},
      FormatInfo{"torchscript", "TorchScript archive", 1, "parsed"},
      FormatInfo{"pytorch_legacy", "PyTorch legacy pickle stream", 1, "parsed"},
      FormatInfo{"onnx", "ONNX ModelProto", 1, "parsed"},
      FormatInfo{"onnx_external_data", "ONNX external tensor data", 1, "parsed"},
      FormatInfo{"lfs_pointer", "git-lfs pointer", 1, "parsed"},
      FormatInfo{"pickle2", "pickle protocol 2-5", 1, "parsed"},
      FormatInfo{"pickle0", "pickle protocol 0/1", 2, "parsed"},
      FormatInfo{"joblib", "joblib dump", 2, "parsed"},
      FormatInfo{"cloudpickle_dill", "cloudpickle / dill", 2, "parsed"},
      FormatInfo{"npy", "NumPy array", 2, "parsed"},
      FormatInfo{"npz", "NumPy archive", 2, "recognised"},
      FormatInfo{"keras_zip", "Keras v3 archive", 2, "recognised"},
      FormatInfo{"torch_package", "torch.package archive", 3, "recognised"},
      FormatInfo{"pt2", "torch.export PT2 archive", 2, "recognised"},
      FormatInfo{"dduf", "DDUF", 2, "recognised"},
      FormatInfo{"torchserve_mar", "TorchServe archive", 3, "recognised"},
      FormatInfo{"wheel", "Python wheel", 1, "recognised"},
      FormatInfo{"llamafile", "llamafile", 1, "recognised"},
      FormatInfo{"nemo", "NVIDIA NeMo", 2, "recognised"},
      FormatInfo{"pytorch_tar", "PyTorch 0.1.1 tar", 3, "recognised"},
      FormatInfo{"paddle_pickle", "Paddle state dict", 2, "parsed"},
      FormatInfo{"torch_distcp", "PyTorch distributed checkpoint", 2, "recognised"},
      FormatInfo{"docker_save", "docker save archive", 1, "recognised"},
      FormatInfo{"oci_layout", "OCI image layout", 1, "recognised"},
      FormatInfo{"marian", "Marian", 3, "recognised"},
      FormatInfo{"dlc", "Qualcomm DLC", 3, "recognised"},
      FormatInfo{"dl4j", "Deeplearning4j", 3, "recognised"},
      FormatInfo{"mlnet", "ML.NET", 3, "recognised"},
      FormatInfo{"nnabla", "NNabla", 3, "recognised"},
      FormatInfo{"pnnx", "pnnx", 3, "recognised"},
      FormatInfo{"mediapipe_task", "MediaPipe task bundle", 3, "recognised"},
      FormatInfo{"zip", "zip archive", 3, "recognised"},
      FormatInfo{"tar", "tar archive", 3, "recognised"},
  };
  std::vector<FormatInfo> formats(kParsed.begin(), kParsed.end());
  for (const Signature& row : Signatures()) {
    const bool known = std::any_of(formats.begin(), formats.end(),
                                   [&](const FormatInfo& f) { return f.id == row.id; });
    if (!known) formats.push_back({row.id, row.name, row.tier, "recognised"});
  }
  for (const Structure& row : Structures()) {
    const bool known = std::any_of(formats.begin(), formats.end(),
                                   [&](const FormatInfo& f) { return f.id == row.id; });
    if (!known) formats.push_back({row.id, row.name, row.tier, "recognised"});
  }
  for (const JsonStructure& row : JsonStructures()) {
    const bool known = std::any_of(formats.begin(), formats.end(),
                                   [&](const FormatInfo& f) { return f.id == row.id; });
    if (!known) formats.push_back({row.id, row.name, row.tier, "recognised"});
  }
  return formats;
}

}  // namespace weighbridge
