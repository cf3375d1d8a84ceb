// Builds protobuf messages field by field, and ONNX models out of them; any length can
// be made to lie by writing the bytes of a field by hand.
//
//   BuildOnnx({OnnxTensor("w", {2}, 1).Raw(8).Build()})
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weighbridge::testing {

inline std::string Varint(std::uint64_t value) {
  std::string out;
  for (; value > 0x7F; value >>= 7) out += static_cast<char>(0x80 | (value & 0x7F));
  return out + static_cast<char>(value);
}
inline std::string ProtoNumber(unsigned field, std::uint64_t value) {
  return Varint(field << 3U) + Varint(value);
}
inline std::string ProtoBytes(unsigned field, const std::string& bytes) {
  return Varint((field << 3U) | 2U) + Varint(bytes.size()) + bytes;
}
inline std::string ProtoEntry(const std::string& key, const std::string& value) {
  return ProtoBytes(1, key) + ProtoBytes(2, value);
}

class OnnxTensor {
 public:
  OnnxTensor(const std::string& name, const std::vector<std::uint64_t>& dims, std::uint64_t type) {
    for (const std::uint64_t dim : dims) bytes_ += ProtoNumber(1, dim);
    bytes_ += ProtoNumber(2, type) + ProtoBytes(8, name);
  }
  OnnxTensor& Raw(std::size_t count) { return Field(9, std::string(count, '\x5A')); }
  OnnxTensor& Field(unsigned number, const std::string& bytes) {
    bytes_ += ProtoBytes(number, bytes);
    return *this;
  }
  OnnxTensor& External(const std::string& location, const std::string& offset = {},
                       const std::string& length = {}) {
    Field(13, ProtoEntry("location", location));
    if (!offset.empty()) Field(13, ProtoEntry("offset", offset));
    if (!length.empty()) Field(13, ProtoEntry("length", length));
    bytes_ += ProtoNumber(14, 1);
    return *this;
  }
  std::string Build() const { return bytes_; }

 private:
  std::string bytes_;
};

// A graph of one node and these initializers (serialised TensorProtos).
inline std::string OnnxGraph(const std::vector<std::string>& tensors,
                             const std::string& attributes = {}) {
  std::string graph =
      ProtoBytes(1, ProtoBytes(1, "x") + ProtoBytes(2, "y") + ProtoBytes(4, "MatMul") + attributes);
  graph += ProtoBytes(2, "main_graph");
  for (const std::string& tensor : tensors) graph += ProtoBytes(5, tensor);
  return graph + ProtoBytes(11, ProtoBytes(1, "x")) + ProtoBytes(12, ProtoBytes(1, "y"));
}

// A whole model around a serialised graph.
inline std::string OnnxModel(const std::string& graph) {
  return ProtoNumber(1, 8) + ProtoBytes(2, "pytorch") + ProtoBytes(3, "2.3.0") +
         ProtoBytes(7, graph) + ProtoBytes(8, ProtoBytes(1, "") + ProtoNumber(2, 17)) +
         ProtoBytes(14, ProtoEntry("license", "mit"));
}

inline std::string BuildOnnx(const std::vector<std::string>& tensors) {
  return OnnxModel(OnnxGraph(tensors));
}

}  // namespace weighbridge::testing
