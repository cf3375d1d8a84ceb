#include "scanner/formats/safetensors_header.h"

#include <utility>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxRank = 64;       // numpy's limit; real tensors have up to 6
constexpr std::uint32_t kMaxIgnored = 16;  // depth of an unknown field's value
constexpr std::size_t kMaxMetadata = 65'536;

unsigned Bit(int field) { return 1U << static_cast<unsigned>(field); }

}  // namespace

bool SafetensorsHeader::Stop(ErrorCode code, std::string message) {
  error_ = {code, std::move(message)};
  return false;
}

bool SafetensorsHeader::Value(const char* what) {
  if (ignored_depth_ > 0) return true;
  switch (state_) {
    case State::kStart: return Stop(ErrorCode::kMalformed, "the header is no JSON object");
    case State::kMetadata:
      return Stop(ErrorCode::kMalformed, "__metadata__ key " + Quote(metadata_key_) + " holds " +
                                             what + ", only text is allowed");
    case State::kShape:
      return Stop(ErrorCode::kMalformed,
                  "tensor " + Quote(tensor_.name) + " has " + what + " in its shape");
    case State::kOffsets:
      return Stop(ErrorCode::kMalformed,
                  "tensor " + Quote(tensor_.name) + " has " + what + " in its data_offsets");
    case State::kEntry:
      if (field_ == Field::kUnknown) return true;
      return Stop(ErrorCode::kMalformed, "tensor " + Quote(tensor_.name) + " has " + what +
                                             " where its dtype, shape or data_offsets belong");
    case State::kRoot:
    case State::kDone: break;
  }
  return Stop(ErrorCode::kMalformed,
              "tensor " + Quote(tensor_.name) + " is " + what + ", not an object");
}

bool SafetensorsHeader::number_unsigned(number_unsigned_t value) {
  if (ignored_depth_ == 0 && state_ == State::kShape) {
    if (tensor_.shape.size() >= kMaxRank) {
      return Stop(ErrorCode::kLimitExceeded, "tensor " + Quote(tensor_.name) + " has more than " +
                                                 std::to_string(kMaxRank) + " dimensions");
    }
    tensor_.shape.push_back(value);
    return true;
  }
  if (ignored_depth_ == 0 && state_ == State::kOffsets) {
    if (offsets_read_ < 2) offsets_[offsets_read_] = value;
    if (++offsets_read_ <= 2) return true;
    return Stop(ErrorCode::kMalformed,
                "tensor " + Quote(tensor_.name) + " has more than two data_offsets");
  }
  return Value("a number");
}

bool SafetensorsHeader::number_float(number_float_t, const string_t& text) {
  return Value(("the number " + text.substr(0, 40)).c_str());
}

bool SafetensorsHeader::string(string_t& value) {
  if (ignored_depth_ == 0 && state_ == State::kMetadata) {
    notes_.AddClaim("safetensors:" + metadata_key_, value);
    return true;
  }
  if (ignored_depth_ == 0 && state_ == State::kEntry && field_ == Field::kDtype) {
    tensor_.dtype = value;
    return true;
  }
  return Value("text");
}

bool SafetensorsHeader::start_object(std::size_t) {
  if (ignored_depth_ > 0 || (state_ == State::kEntry && field_ == Field::kUnknown)) {
    if (++ignored_depth_ <= kMaxIgnored) return true;
    return Stop(ErrorCode::kLimitExceeded,
                "JSON nested deeper than " + std::to_string(kMaxIgnored));
  }
  if (state_ == State::kStart) {
    state_ = State::kRoot;
    return true;
  }
  if (state_ == State::kRoot) {
    state_ = field_ == Field::kUnknown ? State::kMetadata : State::kEntry;
    field_ = Field::kNone;
    return true;
  }
  return Value("an object");
}

bool SafetensorsHeader::key(string_t& name) {
  if (ignored_depth_ > 0) return true;
  if (state_ == State::kMetadata) return BeginMetadataKey(name);
  if (state_ == State::kEntry) return BeginEntryField(name);
  seen_ = 0;
  offsets_read_ = 0;
  tensor_ = Tensor{};
  tensor_.name = name;
  field_ = Field::kNone;
  if (name != "__metadata__") return true;
  if (saw_metadata_) return Stop(ErrorCode::kMalformed, "key \"__metadata__\" occurs twice");
  saw_metadata_ = true;
  field_ = Field::kUnknown;  // in kRoot: the next object is the metadata
  return true;
}

bool SafetensorsHeader::BeginMetadataKey(const std::string& name) {
  metadata_key_ = name;
  if (metadata_keys_.size() >= kMaxMetadata) {
    return Stop(ErrorCode::kLimitExceeded,
                "more than " + std::to_string(kMaxMetadata) + " __metadata__ keys");
  }
  if (metadata_keys_.insert(name).second) return true;
  return Stop(ErrorCode::kMalformed, "__metadata__ key " + Quote(name) + " occurs twice");
}

bool SafetensorsHeader::BeginEntryField(const std::string& name) {
  field_ = name == "dtype"          ? Field::kDtype
           : name == "shape"        ? Field::kShape
           : name == "data_offsets" ? Field::kOffsets
                                    : Field::kUnknown;
  if (field_ == Field::kUnknown) {
    notes_.Note(ErrorCode::kMalformed,
                "tensor " + Quote(tensor_.name) + " has the unknown field " + Quote(name));
    return true;
  }
  const unsigned bit = Bit(static_cast<int>(field_));
  if ((seen_ & bit) != 0) {
    return Stop(ErrorCode::kMalformed,
                "tensor " + Quote(tensor_.name) + " has " + Quote(name) + " twice");
  }
  seen_ |= bit;
  return true;
}

bool SafetensorsHeader::end_object() {
  if (ignored_depth_ > 0) {
    --ignored_depth_;
    return true;
  }
  switch (state_) {
    case State::kEntry: return FinishEntry();
    case State::kMetadata: state_ = State::kRoot; return true;
    default: state_ = State::kDone; return true;
  }
}

bool SafetensorsHeader::FinishEntry() {
  state_ = State::kRoot;
  const unsigned all = Bit(static_cast<int>(Field::kDtype)) | Bit(static_cast<int>(Field::kShape)) |
                       Bit(static_cast<int>(Field::kOffsets));
  if (seen_ != all || offsets_read_ != 2) {
    return Stop(ErrorCode::kMalformed,
                "tensor " + Quote(tensor_.name) + " lacks its dtype, shape or data_offsets");
  }
  if (offsets_[1] < offsets_[0]) {
    return Stop(ErrorCode::kMalformed, "tensor " + Quote(tensor_.name) + " ends at " +
                                           std::to_string(offsets_[1]) + ", before it begins at " +
                                           std::to_string(offsets_[0]));
  }
  if (artifact_.tensors.size() >= limits_.max_tensors_per_file) {
    return Stop(ErrorCode::kLimitExceeded,
                "more than " + std::to_string(limits_.max_tensors_per_file) + " tensors");
  }
  tensor_.offset = offsets_[0];
  tensor_.bytes = offsets_[1] - offsets_[0];
  tensor_.shape.shrink_to_fit();
  artifact_.tensors.push_back(std::move(tensor_));
  tensor_ = Tensor{};
  return true;
}

bool SafetensorsHeader::start_array(std::size_t) {
  if (ignored_depth_ > 0 || (state_ == State::kEntry && field_ == Field::kUnknown)) {
    if (++ignored_depth_ <= kMaxIgnored) return true;
    return Stop(ErrorCode::kLimitExceeded,
                "JSON nested deeper than " + std::to_string(kMaxIgnored));
  }
  if (state_ == State::kEntry && field_ == Field::kShape) {
    state_ = State::kShape;
    return true;
  }
  if (state_ == State::kEntry && field_ == Field::kOffsets) {
    state_ = State::kOffsets;
    return true;
  }
  return Value("a list");
}

bool SafetensorsHeader::end_array() {
  if (ignored_depth_ > 0) {
    --ignored_depth_;
    return true;
  }
  state_ = State::kEntry;
  return true;
}

bool SafetensorsHeader::parse_error(std::size_t position, const std::string&,
                                    const nlohmann::detail::exception&) {
  error_position_ = position;
  return false;
}

}  // namespace weighbridge
