// npz (numpy.lib.npyio): every member NAME.npy is one array, named NAME.
//
// PT2 (torch/csrc/export/pt2_archive_constants.h, torch/export/pt2_archive/_package.py):
//   P/data/weights/<model>_weights_config.json, P/data/constants/<model>_constants_config.json
//     {"config": {NAME: {"path_name": "weight_0", "use_pickle": false, "tensor_meta":
//       {"dtype": 7, "sizes": [{"as_int": 2}], "strides": [{"as_int": 1}],
//        "storage_offset": {"as_int": 0}}}}}
//   P/data/weights/weight_0     raw elements, STORED
// Releases before 2.8 hold a torch.save file instead, whose tensors lie inside it:
//   P/data/weights/<model>.pt, and archives of 2.1 to 2.6 serialized_state_dict.pt
#include "scanner/formats/zip_tensors.h"

#include <array>
#include <string>

#include "scanner/base/checked_math.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/formats/dtype.h"
#include "scanner/formats/npy.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/pytorch_zip.h"
#include "scanner/formats/zip_member.h"

namespace weighbridge {
namespace {

constexpr std::size_t kNpyHead = 16U << 10;  // of a deflated member; headers take 128 bytes
constexpr std::size_t kMaxDiagnostics = 64;
constexpr std::size_t kMaxConfig = 16U << 20;
constexpr std::size_t kMaxNested = 16;

bool Full(const Limits& limits, Artifact& artifact) {
  if (artifact.tensors.size() < limits.max_tensors_per_file) return false;
  MarkPartial(artifact, "more than " + std::to_string(limits.max_tensors_per_file) + " tensors");
  return true;
}

// One array: located when its member is stored, else named and shaped only.
void AddArray(const ByteSource& source, const ZipEntry& entry, std::string_view name,
              const Limits& limits, Artifact& artifact) {
  Artifact array;
  array.location = artifact.location;
  const auto member = OpenZipMember(source, entry, kNpyHead);
  if (member == nullptr) {
    MarkPartial(artifact, "a member cannot be read");
    return;
  }
  ParseNpyArray(*member, limits, array);  // pickled elements: ReportPickleMembers()
  // Of a deflated member only the head is there: that its data are missing means nothing.
  if (array.tensors.empty() || (entry.stored() && array.inspection != Inspection::kFull)) {
    for (Diagnostic& diagnostic : array.diagnostics) {
      if (artifact.diagnostics.size() >= kMaxDiagnostics) break;
      diagnostic.message = "member " + Quote(name, 256) + ": " + diagnostic.message;
      artifact.diagnostics.push_back(std::move(diagnostic));
    }
    MarkPartial(artifact, "a member is no valid array");
  }
  artifact.big_endian = artifact.big_endian || array.big_endian;
  for (Tensor& tensor : array.tensors) {
    tensor.name = name.substr(0, name.size() - std::string_view(".npy").size());
    tensor.offset = entry.stored() && tensor.has_data ? tensor.offset + entry.data_offset : 0;
    if (!entry.stored()) {
      tensor.bytes = 0;
      tensor.has_data = false;
    }
    artifact.tensors.push_back(std::move(tensor));
  }
}

void AddArrays(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
               Artifact& artifact) {
  artifact.inspection = Inspection::kFull;
  artifact.not_inspected_reason.clear();
  for (const ZipEntry& entry : zip.entries()) {
    const std::string_view name = zip.Name(entry);
    if (!name.ends_with(".npy")) continue;
    if (Full(limits, artifact)) return;
    AddArray(source, entry, name, limits, artifact);
  }
}

// torch/_export/serde/schema.py, ScalarType.
const char* Pt2Dtype(std::uint64_t number) {
  constexpr std::array kTypes{"",    "U8",  "I8",  "I16", "I32",  "I64",  "F16",
                              "F32", "F64", "C32", "C64", "C128", "BOOL", "BF16"};
  constexpr std::array kLater{"U16", "F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ"};
  if (number < kTypes.size()) return kTypes[number];
  return number >= 28 && number - 28 < kLater.size() ? kLater[number - 28] : "";
}

// {"as_int": 3}; symbolic sizes have no number.
bool AsInt(const Json* value, std::uint64_t* out) {
  const Json* number = value == nullptr ? nullptr : Find(*value, "as_int");
  if (number == nullptr || !number->is_number_unsigned()) return false;
  *out = number->get<std::uint64_t>();
  return true;
}

bool Numbers(const Json& meta, const char* key, std::vector<std::uint64_t>* out) {
  constexpr std::size_t kMaxDims = 64;
  const Json* list = Find(meta, key);
  if (list == nullptr || !list->is_array() || list->size() > kMaxDims) return false;
  for (const Json& each : *list) {
    std::uint64_t number = 0;
    if (!AsInt(&each, &number)) return false;
    out->push_back(number);
  }
  return true;
}

bool RowMajor(const std::vector<std::uint64_t>& shape, const std::vector<std::uint64_t>& strides) {
  if (shape.size() != strides.size()) return false;
  std::uint64_t expected = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] != 1 && strides[i] != expected) return false;
    if (!CheckedMul(expected, shape[i], &expected)) return false;
  }
  return true;
}

// One payload of a configuration; false when its description makes no sense.
bool AddPayload(const ZipDirectory& zip, const std::string& folder, const std::string& name,
                const Json& payload, Artifact& artifact) {
  const Json* meta = Find(payload, "tensor_meta");
  if (meta == nullptr || !meta->is_object()) return true;  // a custom object
  Tensor tensor;
  tensor.name = name;
  std::vector<std::uint64_t> strides;
  const Json* dtype = Find(*meta, "dtype");
  if (dtype == nullptr || !dtype->is_number_unsigned()) return false;
  tensor.dtype = Pt2Dtype(dtype->get<std::uint64_t>());
  const bool shaped = Numbers(*meta, "sizes", &tensor.shape) && Numbers(*meta, "strides", &strides);
  if (!shaped) return false;
  std::uint64_t start = 0;
  std::uint64_t elements = 0;
  std::uint64_t bytes = 0;
  std::uint64_t skip = 0;
  const Json* offset = Find(*meta, "storage_offset");
  const bool sized =
      (offset == nullptr || AsInt(offset, &start)) && CountElements(tensor.shape, &elements) &&
      DtypeBytes(tensor.dtype, elements, &bytes) && DtypeBytes(tensor.dtype, start, &skip);
  const ZipEntry* entry = zip.Find(folder + StringOr(payload, "path_name"));
  const Json* pickled = Find(payload, "use_pickle");
  const bool raw = pickled == nullptr || !pickled->is_boolean() || !pickled->get<bool>();
  std::uint64_t end = 0;
  if (sized && bytes == 0) {
    tensor.has_data = true;
  } else if (sized && raw && entry != nullptr && entry->located && entry->stored() &&
             RowMajor(tensor.shape, strides) && CheckedAdd(skip, bytes, &end) &&
             end <= entry->compressed_size) {
    tensor.offset = entry->data_offset + skip;
    tensor.bytes = bytes;
    tensor.has_data = true;
  }
  artifact.tensors.push_back(std::move(tensor));
  return sized && entry != nullptr;
}

void AddConfig(const ByteSource& source, const ZipDirectory& zip, const ZipEntry& entry,
               const Limits& limits, Artifact& artifact) {
  const std::string name(zip.Name(entry));
  const std::string folder = name.substr(0, name.rfind('/') + 1);
  const auto bytes = ReadZipMember(source, entry, kMaxConfig);
  if (!bytes.ok()) return MarkPartial(artifact, "a weights configuration cannot be read");
  const auto json = ParseJson(AsText(bytes.value()), limits);
  const Json* config = json.ok() ? Find(json.value(), "config") : nullptr;
  if (config == nullptr || !config->is_object()) {
    return MarkPartial(artifact, "a weights configuration is not understood");
  }
  std::size_t odd = 0;
  for (const auto& [key, payload] : config->items()) {
    if (Full(limits, artifact)) return;
    if (!AddPayload(zip, folder, key, payload, artifact)) ++odd;
  }
  if (odd == 0) return;
  AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kMalformed,
                std::to_string(odd) + " weights are described in a way not understood");
  MarkPartial(artifact, "weights not understood");
}

// A torch.save file inside: its tensors, moved to where the member lies.
void AddNested(const ByteSource& source, const ZipEntry& entry, const Limits& limits,
               Artifact& artifact) {
  if (!entry.located || !entry.stored()) return;
  const SliceSource member(source, entry.data_offset, entry.compressed_size);
  const auto zip = ZipDirectory::Read(member, limits);
  const std::string folder = zip.ok() ? FindTorchFolder(zip.value()) : std::string();
  if (folder.empty()) return;
  Artifact inner;
  inner.location = artifact.location;
  ParsePytorchZip(member, zip.value(), folder, false, limits, inner);
  for (Tensor& tensor : inner.tensors) {
    if (Full(limits, artifact)) return;
    if (tensor.has_data) tensor.offset += entry.data_offset;
    artifact.tensors.push_back(std::move(tensor));
  }
  for (PickleImport& import : inner.pickle_imports) {
    artifact.pickle_imports.push_back(std::move(import));
  }
}

bool IsConfig(std::string_view name) {
  return name.ends_with("weights_config.json") || name.ends_with("constants_config.json");
}
bool IsNested(std::string_view name) {
  const bool weights = name.find("data/weights/") != name.npos ||
                       name.find("data/constants/") != name.npos || name.starts_with("serialized_");
  return weights && name.ends_with(".pt");
}

void AddWeights(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
                Artifact& artifact) {
  std::size_t nested = 0;
  std::size_t configs = 0;
  for (const ZipEntry& entry : zip.entries()) {
    const std::string_view name = zip.Name(entry);
    if (IsConfig(name) && ++configs <= kMaxNested) AddConfig(source, zip, entry, limits, artifact);
    if (IsNested(name) && ++nested <= kMaxNested) AddNested(source, entry, limits, artifact);
  }
  if (artifact.tensors.empty()) return;  // compiled code only
  artifact.inspection = Inspection::kPartial;
  artifact.not_inspected_reason = "graph and compiled code are not inspected";
}

}  // namespace

void AddZipTensors(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
                   Artifact& artifact) {
  if (artifact.format == "npz" || artifact.format == "marian") {
    AddArrays(source, zip, limits, artifact);
  }
  if (artifact.format == "pt2") AddWeights(source, zip, limits, artifact);
}

}  // namespace weighbridge
