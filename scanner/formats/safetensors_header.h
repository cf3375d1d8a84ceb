// The JSON header of a safetensors file, streamed into Tensor records.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "scanner/base/json.h"
#include "scanner/formats/header_notes.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// Fills artifact.tensors: `offset` and `bytes` are data_offsets[0] and the length,
// relative to the data, has_data false. Stops at the first thing that no header holds.
class SafetensorsHeader final : public nlohmann::json_sax<Json> {
 public:
  SafetensorsHeader(Artifact& artifact, const Limits& limits, HeaderNotes& notes)
      : artifact_(artifact), limits_(limits), notes_(notes) {}

  bool null() override { return Value("null"); }
  bool boolean(bool) override { return Value("a boolean"); }
  bool number_integer(number_integer_t) override { return Value("a negative number"); }
  bool number_unsigned(number_unsigned_t value) override;
  bool number_float(number_float_t, const string_t& text) override;
  bool string(string_t& value) override;
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool start_array(std::size_t) override;
  bool end_array() override;
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override;

  // Set when parsing stopped early.
  const Error& error() const { return error_; }
  bool stopped_by_syntax() const { return error_.message.empty(); }
  std::size_t error_position() const { return error_position_; }

 private:
  enum class State { kStart, kRoot, kMetadata, kEntry, kShape, kOffsets, kDone };
  enum class Field { kNone, kDtype, kShape, kOffsets, kUnknown };

  bool Stop(ErrorCode code, std::string message);
  bool Value(const char* what);  // a value that fits nowhere but under an unknown field
  bool BeginEntryField(const std::string& name);
  bool BeginMetadataKey(const std::string& name);
  bool FinishEntry();

  Artifact& artifact_;
  const Limits& limits_;
  HeaderNotes& notes_;
  Error error_{ErrorCode::kMalformed, ""};
  std::size_t error_position_ = 0;
  State state_ = State::kStart;
  Field field_ = Field::kNone;
  std::uint32_t ignored_depth_ = 0;  // inside the value of an unknown field
  unsigned seen_ = 0;                // bits of Field, to find repeats and gaps
  std::size_t offsets_read_ = 0;
  std::uint64_t offsets_[2] = {0, 0};
  Tensor tensor_;
  bool saw_metadata_ = false;
  std::string metadata_key_;
  std::unordered_set<std::string> metadata_keys_;
};

}  // namespace weighbridge
