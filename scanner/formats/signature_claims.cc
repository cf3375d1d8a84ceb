#include "scanner/formats/signature_claims.h"

#include <algorithm>
#include <array>

#include "scanner/base/byte_reader.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/formats/sif_claims.h"
#include "scanner/formats/structures.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxRknnJson = 1U << 20;

void AddClaim(Artifact& artifact, const char* key, std::string_view raw) {
  const std::string_view text = raw.substr(0, raw.find('\0'));
  if (!text.empty()) artifact.claims.push_back({key, Printable(text.substr(0, 1024))});
}

// Ascend .om header: name[32] at 84, version at 8 (formats reference 3.17).
void DescribeAscend(const ProbeWindow& window, Artifact& artifact) {
  ByteReader in(window.head);
  in.Skip(8, "magic");
  artifact.format_version = std::to_string(in.ReadLe<std::uint32_t>("version"));
  in.Skip(72, "header");
  const std::string_view name = AsText(in.ReadBytes(32, "name"));
  if (in.ok()) AddClaim(artifact, "ascend:name", name);
}

// u32 (or one byte) at a fixed place.
template <std::size_t kAt>
void VersionWord(const ProbeWindow& window, Artifact& artifact) {
  ByteReader in(window.head);
  in.Skip(kAt, "head");
  const auto version = in.ReadLe<std::uint32_t>("version");
  if (in.ok()) artifact.format_version = std::to_string(version);
}
template <std::size_t kAt>
void VersionByte(const ProbeWindow& window, Artifact& artifact) {
  if (window.head.size() > kAt) artifact.format_version = std::to_string(window.head[kAt]);
}
// ASCII digits of an identifier such as "ET12" or "MSL2".
template <std::size_t kAt, std::size_t kCount>
void VersionText(const ProbeWindow& window, Artifact& artifact) {
  if (window.head.size() < kAt + kCount) return;
  const std::string_view text = AsText(window.head.subspan(kAt, kCount));
  artifact.format_version = Printable(text.substr(0, text.find('\0')));
}

// u32 major, minor, patch at 8.
void DescribeLitertLm(const ProbeWindow& window, Artifact& artifact) {
  ByteReader in(window.head);
  in.Skip(8, "magic");
  const auto major = in.ReadLe<std::uint32_t>("major");
  const auto minor = in.ReadLe<std::uint32_t>("minor");
  const auto patch = in.ReadLe<std::uint32_t>("patch");
  if (!in.ok()) return;
  artifact.format_version =
      std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

// "tree\nversion=v4\n"
void DescribeLightGbm(const ProbeWindow& window, Artifact& artifact) {
  std::string_view text = AsText(window.head);
  text.remove_prefix(std::min<std::size_t>(text.size(), 13));
  artifact.format_version =
      Printable(Trim(text.substr(0, std::min<std::size_t>(text.find('\n'), 16))));
}

// RKNN: u64 version at 8, u64 data size at 16, 40 more bytes from version 2 on, the data,
// u64 size of a JSON, the JSON.
void DescribeRknn(const ProbeWindow& window, Artifact& artifact) {
  ByteReader in(window.head);
  if (AsText(in.ReadBytes(4, "magic")) != "RKNN") return;
  in.Skip(4, "padding");
  const auto version = in.ReadLe<std::uint64_t>("version");
  const auto data = in.ReadLe<std::uint64_t>("data size");
  if (!in.ok() || window.source == nullptr) return;
  artifact.format_version = std::to_string(version & 0xFF);
  const std::uint64_t start = (version & 0xFF) > 1 ? 64 : 24;
  if (window.size < start + 8 || data > window.size - start - 8) return;
  auto size = ReadExactly(*window.source, start + data, 8);
  if (!size.ok()) return;
  const auto length = ByteReader(size.value()).ReadLe<std::uint64_t>("JSON size");
  if (length > kMaxRknnJson || length > window.size - start - data - 8) return;
  auto bytes = ReadExactly(*window.source, start + data + 8, length);
  if (!bytes.ok()) return;
  const auto json = ParseJson(AsText(bytes.value()), Limits{});
  if (!json.ok()) return;
  for (const auto& [from, key] : {std::pair{"version", "rknn:version"},
                                  {"network_platform", "rknn:network_platform"},
                                  {"ori_network_platform", "rknn:ori_network_platform"}}) {
    AddClaim(artifact, key, StringOr(json.value(), from));
  }
  const Json* targets = Find(json.value(), "target_platform");
  if (targets == nullptr) return;
  if (!targets->is_array())
    return AddClaim(artifact, "rknn:target_platform", StringOr(json.value(), "target_platform"));
  for (std::size_t i = 0; i < std::min<std::size_t>(targets->size(), 16); ++i) {
    const Json& target = (*targets)[i];
    if (target.is_string())
      AddClaim(artifact, "rknn:target_platform", target.get_ref<const std::string&>());
  }
}

// The same magic as plain ncnn: pnnx names its operators.
void DescribeNcnn(const ProbeWindow& window, Artifact& artifact) {
  if (AsText(window.head).find("\npnnx.") != std::string_view::npos) artifact.format = "pnnx";
}

struct Row {
  std::string_view id;
  void (*describe)(const ProbeWindow& window, Artifact& artifact);
};
constexpr auto kRows = std::to_array<Row>({
    {"hdf5", DescribeHdf5},
    {"tflite", DescribeTflite},
    {"ort", DescribeOrt},
    {"executorch_pte", VersionText<6, 2>},
    {"mslite", VersionText<7, 1>},
    {"ascend_om", DescribeAscend},
    {"rknn", DescribeRknn},
    {"tensorrt", VersionWord<4>},
    {"fasttext", VersionWord<4>},
    {"litertlm", DescribeLitertLm},
    {"lightgbm", DescribeLightGbm},
    {"ncnn_param", DescribeNcnn},
    {"squashfs", VersionByte<28>},
    {"sif", DescribeSif},
});

}  // namespace

void DescribeSignature(std::string_view id, const ProbeWindow& window, Artifact& artifact) {
  for (const Row& row : kRows) {
    if (row.id == id) row.describe(window, artifact);
  }
}

}  // namespace weighbridge
