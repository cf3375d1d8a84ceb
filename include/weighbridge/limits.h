// Limits: every cap on what a scanned file can make weighbridge do, with its unit
// and reason. Immutable once a scan starts; shared by const reference.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weighbridge {

struct Limits {
  // safetensors/src/tensor.rs refuses headers above this.
  std::uint64_t max_safetensors_header_bytes = 100'000'000;
  // GGUF: keys, values and tensor infos together; real tokenizers are tens of MiB.
  std::uint64_t max_gguf_header_bytes = 64ULL << 20;
  std::uint64_t max_gguf_string_bytes = 16ULL << 20;
  std::uint64_t max_gguf_array_elements = 16ULL << 20;
  std::uint64_t max_gguf_key_values = 65'536;
  // Tensors of one file; the largest published models stay below 200,000.
  std::uint64_t max_tensors_per_file = 262'144;
  // Tensors whose names and shapes a whole scan keeps, about 200 bytes each; bounds
  // memory. The longest lists are given up first.
  std::uint64_t max_tensors_per_scan = 800'000;
  std::uint64_t max_json_bytes = 64ULL << 20;
  std::uint32_t max_json_depth = 64;
  std::uint64_t max_json_values = 4ULL << 20;
  std::uint64_t max_yaml_bytes = 256ULL << 10;
  std::uint32_t max_yaml_depth = 32;
  std::uint64_t max_protobuf_read_bytes = 8ULL << 20;
  std::uint32_t max_protobuf_depth = 32;
  std::uint64_t max_protobuf_fields = 1ULL << 20;
  std::uint64_t max_pickle_opcodes = 4ULL << 20;
  std::uint64_t max_pickle_bytes = 16ULL << 20;
  std::uint64_t max_pickle_memo = 1ULL << 20;
  std::uint64_t max_pickle_stack = 65'536;
  std::uint64_t max_zip_entries = 1'000'000;
  std::uint64_t max_zip_directory_bytes = 256ULL << 20;
  std::uint64_t max_zip_name_bytes = 4096;
  std::uint64_t max_licence_text_bytes = 1ULL << 20;
  // One claim value kept in a report.
  std::uint64_t max_claim_bytes = 4096;
  std::uint64_t max_claims_per_file = 4096;
  // Archives, for one file of the walk with everything nested in it (formats
  // reference 6.5). The ratio is expanded to stored bytes.
  std::uint32_t max_archive_depth = 6;
  std::uint64_t max_archive_members = 2'000'000;
  std::uint64_t max_archive_expanded_bytes = 1ULL << 40;
  std::uint64_t max_archive_ratio = 200;
  std::uint64_t archive_ratio_floor_bytes = 64ULL << 20;
  std::uint64_t max_archive_seconds = 3600;
  // Paths of image layers kept for a whole scan, eight bytes each.
  std::uint64_t max_layer_paths = 4'000'000;
  // Temporary space for members that must be read out of order.
  std::uint64_t max_scratch_bytes = 4ULL << 30;
  // Depth of nested directories followed by the walk.
  std::uint32_t max_directory_depth = 256;
};

}  // namespace weighbridge
