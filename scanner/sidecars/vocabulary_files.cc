// The digests here cover half of what VocabularyDigest covers in tokenizer.json (no
// merges, or no tokens), so they are claims of their own and never text_digest:
// vocab.json and tiktoken files give "tokenizer:vocabulary_digest" (tokens, no
// merges), merges.txt gives "tokenizer:merges_digest" (merges, no tokens).
#include "scanner/sidecars/vocabulary_files.h"

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/base/vocabulary_digest.h"
#include "scanner/sidecars/source_chars.h"
#include "scanner/sidecars/vocabulary.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxSpecialTokens = 256;

// {"token": id, ...} and nothing else; stops at the first thing that is not.
class FlatVocabularyHandler final : public nlohmann::json_sax<Json> {
 public:
  explicit FlatVocabularyHandler(const Limits& limits) : limits_(limits) {}
  bool null() override { return Refuse(); }
  bool boolean(bool) override { return Refuse(); }
  bool number_integer(number_integer_t) override { return Refuse(); }
  bool number_float(number_float_t, const string_t&) override { return Refuse(); }
  bool string(string_t&) override { return Refuse(); }
  bool binary(binary_t&) override { return Refuse(); }
  bool start_array(std::size_t) override { return Refuse(); }
  bool end_array() override { return Refuse(); }
  bool number_unsigned(number_unsigned_t id) override {
    if (!inside_ || id > std::numeric_limits<std::int32_t>::max()) return Refuse();
    if (vocabulary.token_entries() >= limits_.max_json_values) {
      error = {ErrorCode::kLimitExceeded,
               "more than " + std::to_string(limits_.max_json_values) + " JSON values"};
      return false;
    }
    vocabulary.AddToken(static_cast<std::uint32_t>(id), key_);
    if (first_tokens.size() < kMaxSpecialTokens) first_tokens.push_back(key_);
    return true;
  }
  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }
  bool start_object(std::size_t) override {
    if (inside_) return Refuse();
    inside_ = true;
    return true;
  }
  bool end_object() override { return true; }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    error = {ErrorCode::kMalformed, "not valid JSON at byte " + std::to_string(position)};
    return false;
  }

  Vocabulary vocabulary;
  std::vector<std::string> first_tokens;
  Error error{ErrorCode::kMalformed, ""};
  bool refused = false;

 private:
  bool Refuse() {
    refused = true;
    return false;
  }
  const Limits& limits_;
  std::string key_;
  bool inside_ = false;
};

// True when the file is a flat vocabulary, whole or broken off.
bool ParseFlat(const SideCarInput& input, FlatVocabularyHandler& handler, bool* complete) {
  if (FirstByte(AsText(input.window.head)) != '{') return false;
  if (input.source.size() > input.limits.max_json_bytes) return false;
  SourceChars chars(input.source);
  try {
    *complete = Json::sax_parse(chars.begin(), chars.end(), &handler);
  } catch (const std::exception&) {
    *complete = false;
  }
  return !handler.refused && handler.vocabulary.token_entries() > 0;
}

void Become(Artifact& artifact, const char* format) {
  artifact.kind = ArtifactKind::kTokenizer;
  artifact.format = format;
}

Result<std::string> ReadWhole(const SideCarInput& input) {
  if (input.source.size() > input.limits.max_json_bytes) {
    return Error{ErrorCode::kLimitExceeded, "vocabulary of " + std::to_string(input.source.size()) +
                                                " bytes, limit " +
                                                std::to_string(input.limits.max_json_bytes)};
  }
  return ReadText(input.source, input.limits.max_json_bytes);
}

std::string_view NextLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// "a b": two non-empty parts, one space.
bool IsMerge(std::string_view line) {
  const std::size_t space = line.find(' ');
  return space != std::string_view::npos && space > 0 && space + 1 < line.size() &&
         line.find(' ', space + 1) == std::string_view::npos;
}

int Base64Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

bool DecodeBase64(std::string_view text, std::string* out) {
  out->clear();
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = Base64Value(c);
    if (value < 0) return false;
    bits = ((bits << 6U) | static_cast<std::uint32_t>(value)) & 0xFFFFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out->push_back(static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU));
    }
  }
  return !out->empty();
}

// "IQ== 0"
bool ParseTiktokenLine(std::string_view line, std::string* token, std::uint32_t* rank) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !DecodeBase64(line.substr(0, space), token)) return false;
  const auto value = ParseUint(line.substr(space + 1));
  if (!value.has_value() || *value > std::numeric_limits<std::int32_t>::max()) return false;
  *rank = static_cast<std::uint32_t>(*value);
  return true;
}

}  // namespace

bool ReadVocabularyJson(const SideCarInput& input, Artifact& artifact) {
  FlatVocabularyHandler handler(input.limits);
  bool complete = false;
  if (!ParseFlat(input, handler, &complete)) return false;
  Become(artifact, "vocab_json");
  if (!complete) {
    MarkPartial(artifact, handler.error.code, "vocab_json", handler.error.message);
    return true;
  }
  AddClaim(artifact, input.limits, "tokenizer:base_vocab_size",
           std::to_string(handler.vocabulary.size()));
  AddClaim(artifact, input.limits, "tokenizer:vocabulary_digest", handler.vocabulary.Digest());
  return true;
}

bool ReadAddedTokens(const SideCarInput& input, Artifact& artifact) {
  FlatVocabularyHandler handler(input.limits);
  bool complete = false;
  if (!ParseFlat(input, handler, &complete)) return false;
  Become(artifact, "added_tokens");
  for (const std::string& token : handler.first_tokens) {
    AddClaim(artifact, input.limits, "tokenizer:special_token", token);
  }
  if (!complete) {
    MarkPartial(artifact, handler.error.code, "added_tokens", handler.error.message);
    return true;
  }
  AddClaim(artifact, input.limits, "tokenizer:vocab_size",
           std::to_string(handler.vocabulary.size()));
  return true;
}

bool ReadMerges(const SideCarInput& input, Artifact& artifact) {
  std::string_view head = AsText(input.window.head);
  std::string_view first = NextLine(head);
  const bool versioned = first.substr(0, 8) == "#version";
  if (versioned) first = NextLine(head);
  if (!IsMerge(first)) return false;
  auto text = ReadWhole(input);
  Become(artifact, "merges_txt");
  if (!text.ok()) {
    MarkPartial(artifact, text.error().code, "merges_txt", text.error().message);
    return true;
  }
  VocabularyDigest digest;
  std::uint64_t count = 0;
  std::uint64_t strange = 0;
  std::string_view rest = text.value();
  if (versioned) NextLine(rest);
  while (!rest.empty()) {
    const std::string_view line = NextLine(rest);
    if (line.empty()) continue;
    if (!IsMerge(line)) {
      ++strange;
      continue;
    }
    digest.AddMerge(line);
    ++count;
  }
  AddClaim(artifact, input.limits, "tokenizer:merges_count", std::to_string(count));
  if (strange != 0) {
    MarkPartial(artifact, ErrorCode::kMalformed, "merges_txt",
                std::to_string(strange) + " lines are not two tokens");
    return true;
  }
  AddClaim(artifact, input.limits, "tokenizer:merges_digest", digest.Finish());
  return true;
}

bool ReadTiktoken(const SideCarInput& input, Artifact& artifact) {
  std::string_view head = AsText(input.window.head);
  std::string token;
  std::uint32_t rank = 0;
  if (!ParseTiktokenLine(NextLine(head), &token, &rank)) return false;
  auto text = ReadWhole(input);
  Become(artifact, "tiktoken");
  if (!text.ok()) {
    MarkPartial(artifact, text.error().code, "tiktoken", text.error().message);
    return true;
  }
  Vocabulary vocabulary;
  std::uint64_t line_number = 0;
  for (std::string_view rest = text.value(); !rest.empty();) {
    const std::string_view line = NextLine(rest);
    ++line_number;
    if (line.empty()) continue;
    if (!ParseTiktokenLine(line, &token, &rank)) {
      MarkPartial(artifact, ErrorCode::kMalformed, "tiktoken",
                  std::to_string(line_number) + ": not a base64 token and a rank");
      return true;
    }
    vocabulary.AddToken(rank, token);
  }
  AddClaim(artifact, input.limits, "tokenizer:base_vocab_size", std::to_string(vocabulary.size()));
  AddClaim(artifact, input.limits, "tokenizer:vocabulary_digest", vocabulary.Digest());
  return true;
}

}  // namespace weighbridge
