#include "scanner/formats/gguf_metadata.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "scanner/base/text.h"
#include "scanner/base/vocabulary_digest.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxKeyBytes = 65'535;
constexpr std::uint64_t kMaxAlignment = 1ULL << 20;
constexpr std::uint64_t kMaxListClaims = 64;
constexpr int kMaxArrayDepth = 4;

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool IsKeyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

template <typename T>
std::string FloatText(T value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

std::int64_t SignExtend(std::uint64_t raw, std::uint32_t bytes) {
  const std::uint32_t shift = 64 - 8 * bytes;
  return static_cast<std::int64_t>(raw << shift) >> shift;
}

std::string ScalarText(GgufType type, std::uint64_t raw) {
  switch (type) {
    case GgufType::kF32: return FloatText(std::bit_cast<float>(static_cast<std::uint32_t>(raw)));
    case GgufType::kF64: return FloatText(std::bit_cast<double>(raw));
    case GgufType::kBool: return raw != 0 ? "true" : "false";
    case GgufType::kI8:
    case GgufType::kI16:
    case GgufType::kI32:
    case GgufType::kI64: return std::to_string(SignExtend(raw, GgufTypeBytes(type)));
    default: return std::to_string(raw);
  }
}

// Texts that are hashed and never repeated: templates are programs.
bool IsTemplate(const std::string& key) { return StartsWith(key, "tokenizer.chat_template"); }

}  // namespace

void GgufMetadata::Read(std::uint64_t count) {
  for (std::uint64_t i = 0; i < count && stream_.ok(); ++i) ReadKeyValue();
}

void GgufMetadata::CheckKey(const std::string& key) {
  if (key.empty()) {
    notes_.Partial(ErrorCode::kMalformed, "a key is empty");
  } else if (!std::all_of(key.begin(), key.end(), IsKeyCharacter)) {
    notes_.Note(ErrorCode::kMalformed,
                "key " + Quote(key) + " has characters other than a-z, 0-9, '_', '-' and '.'",
                Severity::kNote);
  }
}

bool GgufMetadata::ReadType(GgufType* type, const std::string& key) {
  const std::uint64_t raw = stream_.ReadUint(4, "value type");
  if (!stream_.ok()) return false;
  if (raw >= kGgufTypes) {
    stream_.Fail(ErrorCode::kMalformed,
                 "key " + Quote(key) + " has the unknown value type " + std::to_string(raw));
    return false;
  }
  *type = static_cast<GgufType>(raw);
  return true;
}

void GgufMetadata::ReadKeyValue() {
  const std::uint64_t length = stream_.ReadLength("key");
  if (!stream_.ok()) return;
  if (length > kMaxKeyBytes) {
    return stream_.Fail(ErrorCode::kMalformed, "key length " + std::to_string(length) +
                                                   " is more than " + std::to_string(kMaxKeyBytes));
  }
  const std::string key = stream_.ReadBytes(length, "key", kMaxKeyBytes);
  GgufType type{};
  if (!stream_.ok() || !ReadType(&type, key)) return;
  CheckKey(key);
  if (!keys_.insert(key).second) {
    notes_.Partial(ErrorCode::kMalformed, "key " + Quote(key) + " occurs twice");
  }
  if (StartsWith(key, "adapter.")) facts_.adapter_keys = true;
  if (type == GgufType::kArray) return ReadArray(key);
  if (type == GgufType::kString) return ReadString(key);
  ReadScalar(key, type);
}

void GgufMetadata::ReadScalar(const std::string& key, GgufType type) {
  const std::uint64_t raw = stream_.ReadUint(GgufTypeBytes(type), "value");
  if (!stream_.ok()) return;
  if (type == GgufType::kBool && raw > 1) {
    notes_.Partial(ErrorCode::kMalformed,
                   "key " + Quote(key) + " holds the bool " + std::to_string(raw));
  }
  if (key == "general.alignment") SetAlignment(type, raw);
  notes_.AddClaim("gguf:" + key, ScalarText(type, raw));
}

void GgufMetadata::SetAlignment(GgufType type, std::uint64_t value) {
  facts_.alignment = value;
  facts_.alignment_valid =
      type == GgufType::kU32 && std::has_single_bit(value) && value <= kMaxAlignment;
  if (!facts_.alignment_valid) {
    notes_.Partial(ErrorCode::kMalformed, "general.alignment is " + std::to_string(value) +
                                              " of type " + GgufTypeName(type) +
                                              ", not a u32 power of two up to " +
                                              std::to_string(kMaxAlignment));
  } else if (value % 8 != 0) {
    notes_.Note(ErrorCode::kMalformed,
                "general.alignment " + std::to_string(value) + " is not a multiple of 8");
  }
}

void GgufMetadata::ReadString(const std::string& key) {
  const std::string value = stream_.ReadText("value", limits_.max_gguf_string_bytes);
  if (!stream_.ok()) return;
  if (key == "general.alignment") {
    facts_.alignment_valid = false;
    notes_.Partial(ErrorCode::kMalformed, "general.alignment is of type string, not u32");
  }
  if (key == "general.architecture") facts_.architecture = value.substr(0, 200);
  if (key == "general.type") facts_.type = value.substr(0, 200);
  const bool too_long = value.size() > limits_.max_claim_bytes && !StartsWith(key, "general.");
  if (IsTemplate(key) || too_long) {
    notes_.AddClaim("gguf:" + key + ".sha256", Sha256OfText(value));
  } else {
    notes_.AddClaim("gguf:" + key, value);
  }
}

bool GgufMetadata::CheckArrayCount(const std::string& key, GgufType type, std::uint64_t count) {
  const std::uint64_t scalar = GgufTypeBytes(type);
  // Text is at least its length, a list its type and count.
  const std::uint64_t smallest = scalar != 0                ? scalar
                                 : type == GgufType::kArray ? 4 + stream_.length_bytes()
                                                            : stream_.length_bytes();
  if (count > stream_.remaining() / smallest) {
    stream_.Fail(ErrorCode::kTruncated, "list " + Quote(key) + " of " + std::to_string(count) +
                                            " elements does not fit in the " +
                                            std::to_string(stream_.remaining()) + " bytes left");
    return false;
  }
  if (count > limits_.max_gguf_array_elements) {
    stream_.Fail(ErrorCode::kLimitExceeded, "list " + Quote(key) + " of " + std::to_string(count) +
                                                " elements, limit " +
                                                std::to_string(limits_.max_gguf_array_elements));
    return false;
  }
  return true;
}

void GgufMetadata::ReadArray(const std::string& key) {
  GgufList list;
  list.present = true;
  if (!ReadType(&list.type, key)) return;
  list.count = stream_.ReadCount("list count");
  if (!stream_.ok() || !CheckArrayCount(key, list.type, list.count)) return;
  list.position = stream_.position();
  notes_.AddClaim("gguf:" + key + ".count", std::to_string(list.count));
  if (key == "general.alignment") {
    facts_.alignment_valid = false;
    notes_.Partial(ErrorCode::kMalformed, "general.alignment is of type array, not u32");
  }
  if (list.type == GgufType::kArray) {
    notes_.Partial(ErrorCode::kMalformed, "key " + Quote(key) + " holds a list of lists");
  }
  if (list.type == GgufType::kString && StartsWith(key, "general.")) {
    return ReadTextList(key, list.count);
  }
  SkipElements(list.type, list.count, 1, key);
  if (stream_.ok()) Remember(key, list);
}

void GgufMetadata::ReadTextList(const std::string& key, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count && stream_.ok(); ++i) {
    const std::string value = stream_.ReadText("list element", limits_.max_claim_bytes);
    if (stream_.ok() && i < kMaxListClaims) notes_.AddClaim("gguf:" + key, value);
  }
}

// Depth is capped: a list of lists deeper than kMaxArrayDepth ends the reading.
void GgufMetadata::SkipElements(GgufType type, std::uint64_t count, int depth,
                                const std::string& key) {
  if (const std::uint64_t bytes = GgufTypeBytes(type); bytes != 0) {
    return stream_.Skip(count * bytes, "list");  // cannot wrap: CheckArrayCount
  }
  for (std::uint64_t i = 0; i < count && stream_.ok(); ++i) {
    if (type == GgufType::kString) {
      stream_.Skip(stream_.ReadLength("list element"), "list element");
      continue;
    }
    if (depth >= kMaxArrayDepth) {
      return stream_.Fail(
          ErrorCode::kLimitExceeded,
          "lists nested deeper than " + std::to_string(kMaxArrayDepth) + " in key " + Quote(key));
    }
    GgufType inner{};
    if (!ReadType(&inner, key)) return;
    const std::uint64_t inner_count = stream_.ReadCount("list count");
    if (!stream_.ok() || !CheckArrayCount(key, inner, inner_count)) return;
    SkipElements(inner, inner_count, depth + 1, key);
  }
}

void GgufMetadata::Remember(const std::string& key, const GgufList& list) {
  if (key == "tokenizer.ggml.tokens") facts_.tokens = list;
  if (key == "tokenizer.ggml.token_type") facts_.token_types = list;
  if (key == "tokenizer.ggml.scores") facts_.scores = list;
  if (key == "tokenizer.ggml.merges") facts_.merges = list;
}

}  // namespace weighbridge
