// Builds PyTorch checkpoints as torch.save writes them, without torch.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/pickle_builder.h"
#include "tests/support/zip_builder.h"

namespace weighbridge::test {

struct TorchTensorSpec {
  std::string name;
  std::string dtype;  // safetensors spelling: "F32", "BF16", "F16", "I64", "U8"
  std::vector<std::uint64_t> shape;
  Bytes bytes;                         // raw elements; may be empty for tied_to
  int tied_to = -1;                    // index of an earlier tensor whose storage is shared
  std::vector<std::uint64_t> strides;  // empty: contiguous
};

inline std::string TorchStorageName(const std::string& dtype) {
  const std::map<std::string, std::string> names = {
      {"F32", "FloatStorage"},  {"F16", "HalfStorage"}, {"BF16", "BFloat16Storage"},
      {"F64", "DoubleStorage"}, {"I64", "LongStorage"}, {"I32", "IntStorage"},
      {"I8", "CharStorage"},    {"U8", "ByteStorage"},  {"BOOL", "BoolStorage"}};
  return names.at(dtype);
}

inline std::uint64_t TorchItemBytes(const std::string& dtype) {
  const std::map<std::string, std::uint64_t> sizes = {{"F32", 4}, {"F16", 2}, {"BF16", 2},
                                                      {"F64", 8}, {"I64", 8}, {"I32", 4},
                                                      {"I8", 1},  {"U8", 1},  {"BOOL", 1}};
  return sizes.at(dtype);
}

// torch._utils._rebuild_tensor_v2((storage), 0, shape, strides, False, OrderedDict())
inline void AddTorchTensor(PickleBuilder& out, const TorchTensorSpec& tensor,
                           const std::string& key, std::uint64_t storage_bytes, bool legacy) {
  out.Global("torch._utils", "_rebuild_tensor_v2").Mark();
  out.Mark().Text("storage").Global("torch", TorchStorageName(tensor.dtype)).Text(key).Text("cpu");
  out.Int(storage_bytes / TorchItemBytes(tensor.dtype));
  if (legacy) out.None();
  out.Tuple().Op('Q').Int(0);
  out.Mark();
  for (const std::uint64_t size : tensor.shape) out.Int(size);
  out.Tuple().Mark();
  std::vector<std::uint64_t> strides = tensor.strides;
  if (strides.empty()) {
    strides.assign(tensor.shape.size(), 1);
    for (std::size_t i = strides.size(); i-- > 1;) strides[i - 1] = strides[i] * tensor.shape[i];
  }
  for (const std::uint64_t stride : strides) out.Int(stride);
  out.Tuple().Op(0x89).Global("collections", "OrderedDict").EmptyTuple().Reduce().Tuple().Reduce();
}

inline std::size_t StorageIndex(const std::vector<TorchTensorSpec>& tensors, std::size_t i) {
  return tensors[i].tied_to < 0 ? i : static_cast<std::size_t>(tensors[i].tied_to);
}

// The pickle of OrderedDict(name -> tensor), below `wrapper` when one is given.
inline Bytes BuildTorchPickle(const std::vector<TorchTensorSpec>& tensors,
                              const std::string& wrapper = "", bool legacy = false) {
  PickleBuilder out;
  if (!wrapper.empty()) out.EmptyDict().Mark().Text("epoch").Int(3).Text(wrapper);
  out.Global("collections", "OrderedDict").EmptyTuple().Reduce().Mark();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::size_t storage = StorageIndex(tensors, i);
    out.Text(tensors[i].name);
    AddTorchTensor(out, tensors[i], std::to_string(storage), tensors[storage].bytes.size(), legacy);
  }
  out.SetItems();
  if (!wrapper.empty()) out.SetItems();
  return out.Stop();
}

// Members of a checkpoint, so that a test can add or spoil some before BuildZip.
inline std::vector<ZipMember> TorchMembers(const std::vector<TorchTensorSpec>& tensors,
                                           const std::string& folder = "archive",
                                           const std::string& wrapper = "") {
  std::vector<ZipMember> members;
  const auto add = [&](const std::string& name, Bytes data) {
    ZipMember member;
    member.name = folder + "/" + name;
    member.data = std::move(data);
    member.align = 64;
    members.push_back(std::move(member));
  };
  add("data.pkl", BuildTorchPickle(tensors, wrapper));
  add("byteorder", ToBytes("little"));
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].tied_to < 0) add("data/" + std::to_string(i), tensors[i].bytes);
  }
  add("version", ToBytes("3\n"));
  return members;
}

inline Bytes BuildTorchZip(const std::vector<TorchTensorSpec>& tensors,
                           const std::string& folder = "archive", const std::string& wrapper = "") {
  ZipOptions options;
  options.zip64 = true;
  return BuildZip(TorchMembers(tensors, folder, wrapper), options);
}

inline Bytes BuildTorchLegacy(const std::vector<TorchTensorSpec>& tensors) {
  const std::uint8_t magic[] = {0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46,
                                0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E};
  Bytes out(magic, magic + sizeof magic);
  const auto append = [&out](const Bytes& bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
  };
  append(PickleBuilder().Int(1001).Stop());
  append(PickleBuilder()
             .EmptyDict()
             .Mark()
             .Text("protocol_version")
             .Int(1001)
             .Text("little_endian")
             .Op(0x88)
             .SetItems()
             .Stop());
  append(BuildTorchPickle(tensors, "", true));
  PickleBuilder keys;
  keys.Op(']').Mark();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].tied_to < 0) keys.Text(std::to_string(i));
  }
  append(keys.Op('e').Stop());
  for (const TorchTensorSpec& tensor : tensors) {
    if (tensor.tied_to >= 0) continue;
    PutLe(out, tensor.bytes.size() / TorchItemBytes(tensor.dtype), 8);
    append(tensor.bytes);
  }
  return out;
}

}  // namespace weighbridge::test
