// Builds safetensors files field by field; every field can be made to lie.
//
//   SafetensorsBuilder().Meta("format", "pt").Add("w", "F32", {2, 3}, 24).Build()
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weighbridge::testing {

class SafetensorsBuilder {
 public:
  SafetensorsBuilder& Meta(const std::string& key, const std::string& value) {
    metadata_ += (metadata_.empty() ? "\"" : ",\"") + key + "\":\"" + value + "\"";
    return *this;
  }
  // The next `bytes` bytes of the data.
  SafetensorsBuilder& Add(const std::string& name, const std::string& dtype,
                          const std::vector<std::uint64_t>& shape, std::uint64_t bytes) {
    AddAt(name, dtype, shape, data_bytes_, data_bytes_ + bytes);
    data_bytes_ += bytes;
    return *this;
  }
  // An entry with these offsets; adds no data.
  SafetensorsBuilder& AddAt(const std::string& name, const std::string& dtype,
                            const std::vector<std::uint64_t>& shape, std::uint64_t begin,
                            std::uint64_t end) {
    std::string dims;
    for (const std::uint64_t dim : shape) dims += (dims.empty() ? "" : ",") + std::to_string(dim);
    return Raw("\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + dims +
               "],\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(end) + "]}");
  }
  // A "key":value pair of the header as text.
  SafetensorsBuilder& Raw(const std::string& pair) {
    entries_ += (entries_.empty() ? "" : ",") + pair;
    return *this;
  }
  // The whole header text instead of the entries.
  SafetensorsBuilder& Header(const std::string& text) {
    header_ = text;
    return *this;
  }
  SafetensorsBuilder& Length(std::uint64_t length) {  // what N says
    length_ = length;
    return *this;
  }
  SafetensorsBuilder& DataBytes(std::uint64_t bytes) {  // what the file holds
    data_bytes_ = bytes;
    return *this;
  }

  std::vector<std::uint8_t> Build() const {
    std::string header = header_ ? *header_ : HeaderText();
    if (!header_) header.resize((header.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = length_ ? *length_ : header.size();
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
    bytes.insert(bytes.end(), header.begin(), header.end());
    for (std::uint64_t i = 0; i < data_bytes_; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(i * 37 + 11));
    }
    return bytes;
  }

 private:
  std::string HeaderText() const {
    std::string text = "{";
    if (!metadata_.empty()) text += "\"__metadata__\":{" + metadata_ + "}";
    if (!metadata_.empty() && !entries_.empty()) text += ",";
    return text + entries_ + "}";
  }

  std::string metadata_;
  std::string entries_;
  std::optional<std::string> header_;
  std::optional<std::uint64_t> length_;
  std::uint64_t data_bytes_ = 0;
};

}  // namespace weighbridge::testing
