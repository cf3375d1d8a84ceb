// Builds GGUF files field by field, any version and byte order; every count, type and
// offset can be made to lie.
//
//   GgufBuilder().String("general.architecture", "llama")
//       .Tensor("output.weight", {4, 2}, kF32, 32).Build()
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace weighbridge::testing {

class GgufBuilder {
 public:
  explicit GgufBuilder(std::uint32_t version = 3, bool big_endian = false)
      : version_(version), big_endian_(big_endian) {}

  GgufBuilder& Magic(const std::string& magic) {
    magic_ = magic;
    return *this;
  }
  GgufBuilder& TensorCount(std::uint64_t count) {
    tensor_count_ = count;
    return *this;
  }
  GgufBuilder& KeyValueCount(std::uint64_t count) {
    kv_count_ = count;
    return *this;
  }
  GgufBuilder& Alignment(std::uint64_t bytes) {
    alignment_ = bytes;
    return *this;
  }  // of the layout
  GgufBuilder& DataBytes(std::uint64_t bytes) {
    data_bytes_ = bytes;
    return *this;
  }

  GgufBuilder& String(const std::string& key, const std::string& value) {
    Key(key, 8);
    Text(kvs_, value);
    return *this;
  }
  GgufBuilder& U8(const std::string& key, std::uint8_t value) { return Scalar(key, 0, value, 1); }
  GgufBuilder& U16(const std::string& key, std::uint16_t value) { return Scalar(key, 2, value, 2); }
  GgufBuilder& U32(const std::string& key, std::uint32_t value) { return Scalar(key, 4, value, 4); }
  GgufBuilder& I32(const std::string& key, std::int32_t value) {
    return Scalar(key, 5, static_cast<std::uint32_t>(value), 4);
  }
  GgufBuilder& F32(const std::string& key, float value) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return Scalar(key, 6, bits, 4);
  }
  GgufBuilder& Bool(const std::string& key, std::uint8_t value) { return Scalar(key, 7, value, 1); }
  GgufBuilder& Scalar(const std::string& key, std::uint32_t type, std::uint64_t value, int bytes) {
    Key(key, type);
    Number(kvs_, value, bytes);
    return *this;
  }
  GgufBuilder& Strings(const std::string& key, const std::vector<std::string>& values) {
    Array(key, 8, values.size());
    for (const std::string& value : values) Text(kvs_, value);
    return *this;
  }
  GgufBuilder& Numbers(const std::string& key, std::uint32_t type, int bytes,
                       const std::vector<std::uint64_t>& values) {
    Array(key, type, values.size());
    for (const std::uint64_t value : values) Number(kvs_, value, bytes);
    return *this;
  }
  // A key with an array's element type and count, without elements.
  GgufBuilder& Array(const std::string& key, std::uint32_t type, std::uint64_t count) {
    Key(key, 9);
    Number(kvs_, type, 4);
    Length(kvs_, count);
    return *this;
  }
  // Bytes of a key-value as they are; counts as none.
  GgufBuilder& RawKeyValue(const std::vector<std::uint8_t>& bytes) {
    kvs_.insert(kvs_.end(), bytes.begin(), bytes.end());
    return *this;
  }

  // dims[0] is the contiguous dimension, as in the file. The data follows the last tensor's.
  GgufBuilder& Tensor(const std::string& name, const std::vector<std::uint64_t>& dims,
                      std::uint32_t type, std::uint64_t bytes) {
    TensorAt(name, dims, type, next_offset_);
    data_end_ = next_offset_ + bytes;
    next_offset_ = (data_end_ + alignment_ - 1) / alignment_ * alignment_;
    return *this;
  }
  GgufBuilder& TensorAt(const std::string& name, const std::vector<std::uint64_t>& dims,
                        std::uint32_t type, std::uint64_t offset) {
    Text(infos_, name);
    Number(infos_, dims.size(), 4);
    for (const std::uint64_t dim : dims) Length(infos_, dim);
    Number(infos_, type, 4);
    Number(infos_, offset, 8);
    ++tensors_;
    return *this;
  }

  std::vector<std::uint8_t> Build() const {
    std::vector<std::uint8_t> bytes(magic_.begin(), magic_.end());
    Number(bytes, version_, 4);
    Length(bytes, tensor_count_ ? *tensor_count_ : tensors_);
    Length(bytes, kv_count_ ? *kv_count_ : key_values_);
    bytes.insert(bytes.end(), kvs_.begin(), kvs_.end());
    bytes.insert(bytes.end(), infos_.begin(), infos_.end());
    const std::uint64_t data = data_bytes_ ? *data_bytes_ : data_end_;
    if (data == 0) return bytes;
    while (bytes.size() % alignment_ != 0) bytes.push_back(0);
    for (std::uint64_t i = 0; i < data; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 29 + 3));
    return bytes;
  }

 private:
  void Number(std::vector<std::uint8_t>& out, std::uint64_t value, int bytes) const {
    for (int i = 0; i < bytes; ++i) {
      const int shift = 8 * (big_endian_ ? bytes - 1 - i : i);
      out.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }
  void Length(std::vector<std::uint8_t>& out, std::uint64_t value) const {
    Number(out, value, version_ == 1 ? 4 : 8);
  }
  void Text(std::vector<std::uint8_t>& out, const std::string& text) const {
    Length(out, text.size());
    out.insert(out.end(), text.begin(), text.end());
  }
  void Key(const std::string& key, std::uint32_t type) {
    Text(kvs_, key);
    Number(kvs_, type, 4);
    ++key_values_;
  }

  std::string magic_ = "GGUF";
  std::uint32_t version_;
  bool big_endian_;
  std::vector<std::uint8_t> kvs_;
  std::vector<std::uint8_t> infos_;
  std::uint64_t key_values_ = 0;
  std::uint64_t tensors_ = 0;
  std::uint64_t alignment_ = 32;
  std::uint64_t next_offset_ = 0;
  std::uint64_t data_end_ = 0;
  std::optional<std::uint64_t> tensor_count_;
  std::optional<std::uint64_t> kv_count_;
  std::optional<std::uint64_t> data_bytes_;
};

}  // namespace weighbridge::testing
