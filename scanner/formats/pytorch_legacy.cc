// PyTorch legacy stream (torch/serialization.py, _legacy_save and _legacy_load):
//
//   pickle  magic number 0x1950a86a20f9469cfc6c
//   pickle  protocol version 1001
//   pickle  {protocol_version, little_endian, type_sizes}
//   pickle  the object; tensors refer to storages by key
//   pickle  [storage key, ...]
//   per key, in that order: i64 element count, raw elements
#include "scanner/formats/pytorch_legacy.h"

#include <algorithm>
#include <map>

#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/header_notes.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/pytorch_zip.h"
#include "scanner/formats/tensor_hints.h"
#include "scanner/formats/torch_tensors.h"

namespace weighbridge {
namespace {

using Type = PickleNode::Type;

constexpr std::uint8_t kMagic[] = {0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9,
                                   0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E};
constexpr std::int64_t kProtocol = 1001;

struct Extent {
  std::uint64_t offset = 0;  // absolute, of the first element
  std::uint64_t bytes = 0;
};

std::string KeyText(const PickleTree& tree, const PickleNode& key) {
  return key.type == Type::kInt ? std::to_string(key.number) : std::string(tree.Text(key));
}

// Bytes per element of every storage the object refers to.
std::map<std::string, std::uint64_t> ItemSizes(const PickleTree& tree) {
  std::map<std::string, std::uint64_t> sizes;
  for (std::uint32_t i = 1; i < tree.size(); ++i) {
    const PickleNode& node = tree.node(i);
    if (node.type != Type::kPersistent) continue;
    const auto& id = tree.Items(tree.node(node.a));
    if (id.size() < 5 || tree.Text(tree.node(id[0])) != "storage") continue;
    const std::string key = KeyText(tree, tree.node(id[2]));
    sizes[key] = FindTorchDtype(tree.GlobalName(tree.node(id[1]))).item_bytes;
  }
  return sizes;
}

// Reads the storages' sizes one after the other; stops at the first that does not fit.
std::map<std::string, Extent> LocateStorages(const ByteSource& source, const PickleWalk& keys,
                                             const std::map<std::string, std::uint64_t>& sizes,
                                             Artifact& artifact) {
  std::map<std::string, Extent> found;
  std::uint64_t at = keys.end;
  for (const std::uint32_t index : keys.tree.Items(keys.tree.node(keys.root))) {
    const std::string key = KeyText(keys.tree, keys.tree.node(index));
    const auto item = sizes.find(key);
    auto head = ReadExactly(source, at, 8);
    if (item == sizes.end() || item->second == 0 || !head.ok()) {
      AddDiagnostic(artifact, Severity::kWarning,
                    head.ok() ? ErrorCode::kMalformed : ErrorCode::kTruncated,
                    "storage " + Quote(key, 64) +
                        (head.ok() ? " has no known type" : " lies past the end of the file"));
      MarkPartial(artifact, "storages not all located");
      return found;
    }
    ByteReader in(head.value(), at);
    // Written little-endian whatever the host (torch/csrc/generic/serialization.cpp).
    const auto count = in.ReadLe<std::uint64_t>("element count");
    Extent extent{at + 8, 0};
    if (!CheckedMul(count, item->second, &extent.bytes) ||
        extent.bytes > source.size() - extent.offset) {
      AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kTruncated,
                    "storage " + Quote(key, 64) + " of " + std::to_string(count) +
                        " elements does not fit in the " +
                        std::to_string(source.size() - extent.offset) + " bytes left");
      MarkPartial(artifact, "storages not all located");
      return found;
    }
    found[key] = extent;
    at = extent.offset + extent.bytes;
  }
  if (at == source.size()) return found;
  AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kMalformed,
                std::to_string(source.size() - at) + " bytes after the last storage");
  MarkPartial(artifact, "bytes after the last storage are not read");
  return found;
}

void AddTensors(const TorchTensors& from, const std::map<std::string, Extent>& storages,
                Artifact& artifact) {
  for (const TorchTensor& each : from.tensors) {
    Tensor tensor;
    tensor.name = each.name;
    tensor.dtype = each.dtype;
    tensor.shape = each.shape;
    if (each.sized && each.contiguous && each.bytes == 0 && each.item_bytes != 0) {
      tensor.has_data = true;  // no element: its content is known, whatever the storage
      artifact.tensors.push_back(std::move(tensor));
      continue;
    }
    const auto storage = storages.find(each.storage_key);
    std::uint64_t end = 0;
    const bool good = storage != storages.end() && each.sized && each.contiguous &&
                      CheckedAdd(each.storage_offset, each.bytes, &end) &&
                      end <= storage->second.bytes;
    if (good) {
      tensor.offset = storage->second.offset + each.storage_offset;
      tensor.bytes = each.bytes;
      tensor.has_data = true;
    }
    artifact.tensors.push_back(std::move(tensor));
  }
}

}  // namespace

bool ProbePytorchLegacy(const ProbeWindow& window) {
  const ByteSpan head = window.head;
  return head.size() >= 15 && head[0] == 0x80 && head[1] <= 5 &&
         std::equal(std::begin(kMagic), std::end(kMagic), head.begin() + 2);
}

void ParsePytorchLegacy(const ByteSource& source, const ProbeWindow&, const Limits& limits,
                        Artifact& artifact) {
  artifact.format = "pytorch_legacy";
  artifact.kind = ArtifactKind::kWeights;
  std::uint64_t at = 15;  // behind the magic number
  const auto next = [&](const char* part) {
    PickleWalk walk = WalkPickle(source, at, limits);
    at = walk.end;
    ReportWalk(artifact, walk, "");
    if (!walk.complete) {
      AddDiagnostic(artifact, Severity::kWarning, walk.fault.code,
                    std::string("the pickle of the ") + part + " is damaged");
    }
    return walk;
  };
  const PickleWalk version = next("protocol version");
  if (!version.complete) return;
  artifact.format_version = std::to_string(version.tree.node(version.root).number);
  if (version.tree.node(version.root).number != kProtocol) {
    AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kMalformed,
                  "protocol version is " + artifact.format_version + ", expected 1001");
  }
  const PickleWalk system = next("system information");
  if (!system.complete) return;
  const PickleNode& order =
      system.tree.node(system.tree.Find(system.tree.node(system.root), "little_endian"));
  artifact.big_endian = order.type == Type::kBool && order.number == 0;
  const PickleWalk object = next("object");
  const TorchTensors found = CollectTorchTensors(object, limits);
  std::map<std::string, Extent> storages;
  if (object.complete) {
    const PickleWalk keys = next("storage keys");
    if (keys.complete) storages = LocateStorages(source, keys, ItemSizes(object.tree), artifact);
  }
  AddTorchClaims(object, found, artifact);
  AddTensors(found, storages, artifact);
  HeaderNotes notes(artifact, limits, "PyTorch");
  AddLayoutClaims(artifact, notes);
}

}  // namespace weighbridge
