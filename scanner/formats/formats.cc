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

// A second valid signature: two readers would see two different things.
void FindSecondFormat(const Format& first, const ProbeWindow& window, Artifact& artifact) {
  if (!IsZipItself(first) && !MayCarryZip(artifact) && ProbeTrailingZip(window)) {
    artifact.also_formats.emplace_back("zip");
  }
  for (const Format& other : Formats()) {
    if (&other == &first || IsZipItself(other)) continue;
    if (other.probe == &ProbeSignature || first.probe == &ProbeSignature) continue;
    if (IsZipItself(first) || !other.probe(window)) continue;
    artifact.also_formats.emplace_back(other.id);
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
      {"pickle", &ProbePickle, &ParsePickle},
      {"tar", &ProbeTar, &ParseTar},
      {"signature", &ProbeSignature, &ParseSignature},
      {"onnx", &ProbeOnnx, &ParseOnnx},
  };
  return table;
}

const std::vector<FormatInfo>& KnownFormats() {
  static const std::vector<FormatInfo> known = {
      {"gguf", "GGUF v1-v3", 1, "parsed", "gguf"},
      {"gguf_be", "GGUF big-endian", 1, "parsed", "gguf"},
      {"gguf_fugg", "GGUF-like with reversed magic", 1, "recognised", "gguf"},
      {"gguf_lora", "GGUF LoRA adapter", 1, "parsed", "gguf"},
      {"ggml", "legacy GGML", 2, "recognised", "bin;ggml"},
      {"lfs_pointer", "git-lfs pointer", 1, "parsed", ""},
      {"npy", "NumPy array", 2, "parsed", "npy"},
      {"npz", "NumPy archive", 2, "recognised", "npz"},
      {"zip", "zip archive", 2, "recognised", "zip"},
      {"llamafile", "llamafile", 1, "recognised", "llamafile;exe"},
      {"keras_zip", "Keras v3 archive", 2, "recognised", "keras"},
      {"pytorch_zip", "PyTorch zip checkpoint", 1, "parsed", "pt;pth;bin;ckpt;pkl;mdl"},
      {"pytorch_legacy", "PyTorch legacy pickle stream", 1, "parsed", "pt;pth;bin;ckpt"},
      {"safetensors", "safetensors", 1, "parsed", "safetensors;sft"},
      {"safetensors_index", "sharded safetensors index", 1, "parsed", "safetensors.index.json"},
      {"pytorch_index", "sharded PyTorch index", 1, "parsed", "bin.index.json"},
      {"tar", "tar archive", 2, "recognised", "tar"},
      {"pickle2", "pickle protocol 2-5", 1, "parsed", "pkl;pickle;p;dat;bin"},
      {"pickle0", "pickle protocol 0/1", 2, "parsed", "pkl"},
      {"joblib", "joblib dump", 2, "parsed", "joblib;pkl"},
  };
  return known;
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
      FormatInfo{"zip", "zip archive", 3, "recognised"},
      FormatInfo{"tar", "tar archive", 3, "recognised"},
  };
  std::vector<FormatInfo> formats(kParsed.begin(), kParsed.end());
  for (const Signature& row : Signatures()) {
    const bool known = std::any_of(formats.begin(), formats.end(),
                                   [&](const FormatInfo& f) { return f.id == row.id; });
    if (!known) formats.push_back({row.id, row.name, row.tier, "recognised"});
  }
  return formats;
}

}  // namespace weighbridge
