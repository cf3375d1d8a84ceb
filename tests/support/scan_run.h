// Small weight files and whole scans of them, for tests of the pipeline.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "scanner/base/json.h"
#include "weighbridge/scan.h"

namespace weighbridge {

inline std::string LittleEndian64(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

struct NamedTensor {
  std::string name;
  std::string bytes;  // F32
};

inline std::string SafetensorsFile(const std::vector<NamedTensor>& tensors) {
  Json header = Json::object();
  std::string data;
  for (const NamedTensor& tensor : tensors) {
    header[tensor.name] = {{"dtype", "F32"},
                           {"shape", {tensor.bytes.size() / 4}},
                           {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
    data += tensor.bytes;
  }
  const std::string text = header.dump();
  return LittleEndian64(text.size()) + text + data;
}

inline std::string Pattern(std::size_t bytes, int seed) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i)
    text[i] = static_cast<char>((i * 31 + static_cast<std::size_t>(seed)) % 251);
  return text;
}

inline Report RunScan(ScanOptions options) {
  options.report_time = 1'790'000'000;
  auto report = Scan(options);
  REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error().message));
  CHECK(report.value().coverage.Balanced());
  return std::move(report).value();
}

}  // namespace weighbridge
