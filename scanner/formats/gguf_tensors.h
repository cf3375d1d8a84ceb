// The tensor infos of a GGUF file.
//
//   name (string, < 64 bytes)   u32 n_dims (<= 4)   u64 dims[n_dims] (v1: u32)
//   u32 ggml type               u64 offset relative to the data, packed in this order
#pragma once

#include <cstdint>

#include "scanner/formats/gguf_stream.h"
#include "scanner/formats/header_notes.h"

namespace weighbridge {

class GgufTensors {
 public:
  GgufTensors(GgufStream& stream, bool version_1, const Limits& limits, HeaderNotes& notes,
              Artifact& artifact)
      : stream_(stream),
        version_1_(version_1),
        limits_(limits),
        notes_(notes),
        artifact_(artifact) {}

  // False when the infos were not read to their end.
  bool ReadInfos(std::uint64_t count);
  // Checks the packing; gives has_data to what lies in the file and overlaps nothing.
  void PlaceData(std::uint64_t header_end, std::uint64_t alignment, std::uint64_t file_size);

 private:
  bool ReadInfo();
  bool ReadShape(Tensor* tensor);
  bool SizeOf(const Tensor& tensor, std::uint64_t* bytes);

  GgufStream& stream_;
  bool version_1_;
  const Limits& limits_;
  HeaderNotes& notes_;
  Artifact& artifact_;
};

}  // namespace weighbridge
