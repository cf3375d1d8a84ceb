// File and folder names.
#include "scanner/identity/file_names.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() && text.size() <= 9 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

// A blob's name in a content-addressed store.
bool IsBlobName(std::string_view name) {
  if (name.starts_with("sha256-") || name.starts_with("sha256:")) name.remove_prefix(7);
  return (name.size() == 64 || name.size() == 40) && IsHex(name);
}

constexpr std::array<std::string_view, 17> kWeightExtensions = {
    ".safetensors", ".bin",    ".gguf", ".ggml",      ".pt",           ".pth",
    ".ckpt",        ".onnx",   ".h5",   ".msgpack",   ".npz",          ".pb",
    ".pkl",         ".tflite", ".data", ".onnx_data", ".model_weights"};

// What re-quantisers and converters append to a name, lower case.
constexpr std::array<std::string_view, 34> kSuffixes = {
    "gguf",  "ggml",      "gptq", "awq",     "exl2",  "exl3",  "mlx",   "onnx", "fp8",
    "nvfp4", "mxfp4",     "int4", "int8",    "4bit",  "8bit",  "3bit",  "6bit", "bnb",
    "fp16",  "bf16",      "f16",  "f32",     "w4a16", "w8a8",  "w8a16", "i1",   "imatrix",
    "hf",    "quantized", "fp32", "dynamic", "4-bit", "8-bit", "fp4"};

bool IsQuantWord(std::string_view word) {
  const std::string lower = ToLower(word);
  if (std::find(kSuffixes.begin(), kSuffixes.end(), lower) != kSuffixes.end()) {
    return lower != "hf" && lower != "dynamic";
  }
  // Q4_K_M, Q8_0, IQ3_XXS, TQ1_0, UD-Q4_K_XL
  std::string_view rest = lower;
  if (rest.starts_with("iq") || rest.starts_with("tq"))
    rest.remove_prefix(2);
  else if (rest.starts_with("q"))
    rest.remove_prefix(1);
  else
    return lower == "ud";
  return !rest.empty() && rest[0] >= '1' && rest[0] <= '9' && (rest.size() == 1 || rest[1] == '_');
}

}  // namespace

std::optional<ShardName> ParseShardName(std::string_view name) {
  ShardName shard;
  const std::size_t of = name.rfind("-of-");
  if (of != std::string_view::npos) {
    const std::size_t dash = name.substr(0, of).find_last_of("-_.");
    std::size_t end = of + 4;
    while (end < name.size() && name[end] >= '0' && name[end] <= '9') ++end;
    const std::string_view total = name.substr(of + 4, end - of - 4);
    if (dash == std::string_view::npos || !IsDigits(total)) return std::nullopt;
    const std::string_view number = name.substr(dash + 1, of - dash - 1);
    if (!IsDigits(number)) return std::nullopt;
    shard.stem = std::string(name.substr(0, dash + 1));
    shard.number = *ParseUint(number);
    shard.total = *ParseUint(total);
    shard.digits = total.size();
    shard.extension = std::string(name.substr(end));
    if (shard.total == 0 || shard.total > 100'000) return std::nullopt;
    return shard;
  }
  constexpr std::string_view kMeta = "consolidated.";
  if (name.starts_with(kMeta)) {
    const std::size_t dot = name.find('.', kMeta.size());
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view number = name.substr(kMeta.size(), dot - kMeta.size());
    if (!IsDigits(number)) return std::nullopt;
    shard.stem = std::string(kMeta);
    shard.number = *ParseUint(number);
    shard.digits = number.size();
    shard.extension = std::string(name.substr(dot));
    return shard;
  }
  return std::nullopt;
}

std::string ShardFileName(const ShardName& shard, std::uint64_t number) {
  const auto padded = [&](std::uint64_t value) {
    std::string text = std::to_string(value);
    if (text.size() < shard.digits) text.insert(0, shard.digits - text.size(), '0');
    return text;
  };
  if (shard.total == 0) return shard.stem + padded(number) + shard.extension;
  return shard.stem + padded(number) + "-of-" + padded(shard.total) + shard.extension;
}

const Location& ReadableLocation(const Artifact& artifact) {
  if (!IsBlobName(artifact.location.FileName())) return artifact.location;
  for (const Location& other : artifact.other_locations) {
    if (!IsBlobName(other.FileName())) return other;
  }
  return artifact.location;
}

std::string HubIdFromCachePath(std::string_view path) {
  constexpr std::string_view kMark = "models--";
  const std::size_t at = path.rfind(kMark);
  if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/')) return {};
  std::string_view folder = path.substr(at + kMark.size());
  folder = folder.substr(0, folder.find('/'));
  const std::size_t split = folder.find("--");
  if (split == std::string_view::npos) return std::string(folder);
  return std::string(folder.substr(0, split)) + "/" + std::string(folder.substr(split + 2));
}

std::string DigestOfStoreName(const Location& location) {
  std::string_view name = location.FileName();
  const std::string folder = location.Folder();
  const auto below = [&](std::string_view tail) {
    return folder == tail || EndsWithNoCase(folder, "/" + std::string(tail));
  };
  const bool ollama = name.starts_with("sha256-");
  if (ollama) name.remove_prefix(7);
  if (name.size() != 64 || !IsHex(name)) return {};
  const std::string hex = ToLower(name);
  const std::string lfs = "lfs/objects/" + hex.substr(0, 2) + "/" + hex.substr(2, 2);
  if (ollama ? below("blobs") : below("blobs") || below("blobs/sha256") || below(lfs)) return hex;
  return {};
}

std::pair<std::string, std::string> LastFolders(std::string_view folder) {
  const std::size_t slash = folder.rfind('/');
  if (slash == std::string_view::npos) return {{}, std::string(folder)};
  const std::string_view above = folder.substr(0, slash);
  const std::size_t previous = above.rfind('/');
  return {std::string(previous == std::string_view::npos ? above : above.substr(previous + 1)),
          std::string(folder.substr(slash + 1))};
}

std::string WithoutQuantisation(std::string_view name) {
  while (true) {
    const std::size_t cut = name.find_last_of("-._ ");
    if (cut == std::string_view::npos || cut == 0) break;
    // "Q4_K_M" holds underscores: try the longer tail first.
    const std::size_t longer = name.find_last_of("-. ");
    if (longer != std::string_view::npos && longer > 0 && IsQuantWord(name.substr(longer + 1))) {
      name = name.substr(0, longer);
      continue;
    }
    if (!IsQuantWord(name.substr(cut + 1))) break;
    name = name.substr(0, cut);
  }
  return std::string(name);
}

std::string StemForDisplay(std::string_view file_name) {
  std::string stem(file_name);
  if (const auto shard = ParseShardName(file_name)) {
    stem = shard->stem;
    while (!stem.empty() && (stem.back() == '-' || stem.back() == '.' || stem.back() == '_')) {
      stem.pop_back();
    }
    return stem;
  }
  for (const std::string_view extension : kWeightExtensions) {
    if (EndsWithNoCase(stem, extension) && stem.size() > extension.size()) {
      stem.resize(stem.size() - extension.size());
      break;
    }
  }
  return stem;
}

bool IsWeightFileName(std::string_view file_name) {
  return std::any_of(kWeightExtensions.begin(), kWeightExtensions.end(),
                     [&](std::string_view e) { return EndsWithNoCase(file_name, e); });
}

bool IsGenericName(std::string_view name) {
  static constexpr std::array<std::string_view, 26> kGeneric = {
      "model",         "models",
      "weights",       "checkpoint",
      "checkpoints",   "pytorch_model",
      "consolidated",  "ckpt",
      "adapter_model", "adapter",
      "output",        "final",
      "tmp",           "data",
      "ggml-model",    "diffusion_pytorch_model",
      "tf_model",      "flax_model",
      "main",          "snapshots",
      "blobs",         "downloads",
      "latest",        "default",
      "hub",           ""};
  const std::string lower = ToLower(name);
  return std::find(kGeneric.begin(), kGeneric.end(), lower) != kGeneric.end() || IsBlobName(lower);
}

}  // namespace weighbridge
