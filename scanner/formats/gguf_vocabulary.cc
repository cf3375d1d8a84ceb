#include "scanner/formats/gguf_vocabulary.h"

#include <vector>

#include "scanner/base/text.h"
#include "scanner/base/vocabulary_digest.h"

namespace weighbridge {
namespace {

// llama.cpp LLAMA_TOKEN_TYPE_*
constexpr std::uint64_t kTypeUnknown = 2;
constexpr std::uint64_t kTypeControl = 3;
constexpr std::uint64_t kTypeUserDefined = 4;
constexpr std::uint64_t kTypeByte = 6;
constexpr std::size_t kMaxSpecial = 64;
constexpr std::size_t kMaxSpecialBytes = 256;

bool IsBracketed(std::string_view token) {
  if (token.size() < 3) return false;
  return (token.front() == '<' && token.back() == '>') ||
         (token.front() == '[' && token.back() == ']');
}

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

// "<0x0A>"
bool IsByteToken(std::string_view token) {
  return token.size() == 6 && token.substr(0, 3) == "<0x" && IsHexDigit(token[3]) &&
         IsHexDigit(token[4]) && token[5] == '>';
}

// By its type where the file has types: ordinary vocabularies hold "<br>" as well.
bool IsSpecial(std::string_view token, std::uint64_t type, bool has_types) {
  if (!has_types) return IsBracketed(token) && !IsByteToken(token);
  return type == kTypeControl || type == kTypeUnknown ||
         (type == kTypeUserDefined && IsBracketed(token));
}

// One byte per token; empty when the file has no usable list of types.
std::vector<std::uint8_t> ReadTypes(GgufStream& stream, const GgufFacts& facts) {
  std::vector<std::uint8_t> types;
  const GgufList& list = facts.token_types;
  if (!list.present || list.count != facts.tokens.count) return types;
  if (list.type != GgufType::kI32 && list.type != GgufType::kU32) return types;
  stream.Seek(list.position);
  for (std::uint64_t i = 0; i < list.count && stream.ok(); ++i) {
    const std::uint64_t type = stream.ReadUint(4, "token type");
    types.push_back(static_cast<std::uint8_t>(type > 255 ? 255 : type));
  }
  return types;
}

void CheckLists(const GgufFacts& facts, HeaderNotes& notes) {
  const auto check_count = [&](const GgufList& list, const char* name) {
    if (!list.present || list.count == facts.tokens.count) return;
    notes.Note(ErrorCode::kMalformed, "tokenizer.ggml." + std::string(name) + " has " +
                                          std::to_string(list.count) + " elements, " +
                                          "tokenizer.ggml.tokens has " +
                                          std::to_string(facts.tokens.count));
  };
  const auto check_type = [&](const GgufList& list, GgufType type, const char* name) {
    if (!list.present || list.type == type) return;
    notes.Note(ErrorCode::kMalformed, "tokenizer.ggml." + std::string(name) + " is a list of " +
                                          GgufTypeName(list.type) + ", not " + GgufTypeName(type));
  };
  check_count(facts.scores, "scores");
  check_count(facts.token_types, "token_type");
  check_type(facts.tokens, GgufType::kString, "tokens");
  check_type(facts.merges, GgufType::kString, "merges");
  check_type(facts.scores, GgufType::kF32, "scores");
  check_type(facts.token_types, GgufType::kI32, "token_type");
}

void CheckByteToken(std::uint64_t type, const std::string& token, HeaderNotes& notes) {
  if (type == kTypeByte && !IsByteToken(token)) {
    notes.Note(ErrorCode::kMalformed, "byte token " + Quote(token) + " is not of the form <0xHH>");
  }
}

}  // namespace

void ReadGgufVocabulary(GgufStream& stream, const GgufFacts& facts, HeaderNotes& notes,
                        Artifact& artifact) {
  if (!facts.tokens.present) return;
  CheckLists(facts, notes);
  if (facts.tokens.type != GgufType::kString) return;
  const std::vector<std::uint8_t> types = ReadTypes(stream, facts);
  VocabularyDigest digest;
  std::size_t special = 0;
  stream.Seek(facts.tokens.position);
  for (std::uint64_t i = 0; i < facts.tokens.count && stream.ok(); ++i) {
    const std::string token = stream.ReadText("token", ~std::uint64_t{0});
    digest.AddToken(token);
    const std::uint64_t type = i < types.size() ? types[static_cast<std::size_t>(i)] : 0;
    CheckByteToken(type, token, notes);
    if (special >= kMaxSpecial || token.size() > kMaxSpecialBytes) continue;
    if (!IsSpecial(token, type, !types.empty())) continue;
    notes.AddClaim("tokenizer:special_token", token);
    ++special;
  }
  if (facts.merges.present && facts.merges.type == GgufType::kString) {
    stream.Seek(facts.merges.position);
    for (std::uint64_t i = 0; i < facts.merges.count && stream.ok(); ++i) {
      digest.AddMerge(stream.ReadText("merge", ~std::uint64_t{0}));
    }
  }
  if (stream.ok()) artifact.text_digest = digest.Finish();
}

}  // namespace weighbridge
