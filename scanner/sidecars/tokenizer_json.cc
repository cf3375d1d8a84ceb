// Layout (huggingface/tokenizers, serialised tokenizer, version "1.0"):
//
//   {"version": "1.0",
//    "added_tokens": [{"id": 151643, "content": "<|endoftext|>", "special": true, ...}],
//    "model": {"type": "BPE", "vocab": {"!": 0, ...}, "merges": ["Ġ Ġ", ...]}}
//
// BPE, WordPiece and WordLevel write vocab as an object; Unigram as a list of
// [token, score], whose index is the id. Merges are "a b" or, since tokenizers 0.20,
// ["a", "b"]. Model type is absent in files before 0.10.
#include "scanner/sidecars/tokenizer_json.h"

#include <limits>
#include <utility>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/sidecars/source_chars.h"
#include "scanner/sidecars/vocabulary.h"

namespace weighbridge {
namespace {

constexpr const char* kName = "tokenizer_json";
// Claims kept of the added tokens; Llama 3 has 256, all told apart by the first few.
constexpr std::size_t kMaxSpecialTokens = 256;

// Where in the document the parser stands.
enum class Place {
  kRoot,
  kAddedTokens,
  kAddedToken,
  kModel,
  kVocabMap,
  kVocabList,
  kVocabPair,
  kMerges,
  kMergePair,
  kElsewhere,
};

class TokenizerHandler final : public nlohmann::json_sax<Json> {
 public:
  explicit TokenizerHandler(const Limits& limits) : limits_(limits) {}

  bool null() override { return Count(); }
  bool boolean(bool) override { return Count(); }
  bool number_integer(number_integer_t) override { return Count(); }
  bool number_unsigned(number_unsigned_t value) override {
    TakeNumber(value);
    return Count();
  }
  bool number_float(number_float_t, const string_t&) override { return Count(); }
  bool string(string_t& value) override {
    TakeString(value);
    return Count();
  }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }
  bool start_object(std::size_t) override { return Open(true); }
  bool start_array(std::size_t) override { return Open(false); }
  bool end_object() override {
    if (Here() == Place::kAddedToken) CommitAddedToken();
    return Close();
  }
  bool end_array() override { return Close(); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    if (error.message.empty()) {
      error = {ErrorCode::kMalformed, "not valid JSON at byte " + std::to_string(position)};
    }
    return false;
  }

  Error error{ErrorCode::kMalformed, ""};
  Vocabulary vocabulary;
  std::string model_type;
  std::vector<std::string> special_tokens;
  std::uint64_t base_size = 0;  // entries of the model's own vocabulary
  bool has_vocabulary = false;

 private:
  Place Here() const { return places_.empty() ? Place::kElsewhere : places_.back(); }

  bool Count() {
    if (++values_ <= limits_.max_json_values) return true;
    error = {ErrorCode::kLimitExceeded,
             "more than " + std::to_string(limits_.max_json_values) + " JSON values"};
    return false;
  }

  Place Child(bool object) const {
    if (places_.empty()) return object ? Place::kRoot : Place::kElsewhere;
    switch (Here()) {
      case Place::kRoot:
        if (key_ == "model" && object) return Place::kModel;
        if (key_ == "added_tokens" && !object) return Place::kAddedTokens;
        return Place::kElsewhere;
      case Place::kModel:
        if (key_ == "vocab") return object ? Place::kVocabMap : Place::kVocabList;
        if (key_ == "merges" && !object) return Place::kMerges;
        return Place::kElsewhere;
      case Place::kAddedTokens: return object ? Place::kAddedToken : Place::kElsewhere;
      case Place::kVocabList: return object ? Place::kElsewhere : Place::kVocabPair;
      case Place::kMerges: return object ? Place::kElsewhere : Place::kMergePair;
      default: return Place::kElsewhere;
    }
  }

  bool Open(bool object) {
    if (places_.size() >= limits_.max_json_depth) {
      error = {ErrorCode::kLimitExceeded,
               "JSON nested deeper than " + std::to_string(limits_.max_json_depth)};
      return false;
    }
    const Place place = Child(object);
    if (place == Place::kAddedToken) {
      added_id_ = kNoId;
      added_content_.clear();
    }
    if (place == Place::kVocabMap || place == Place::kVocabList) has_vocabulary = true;
    pair_.clear();
    places_.push_back(place);
    return Count();
  }

  bool Close() {
    const Place place = Here();
    if (!places_.empty()) places_.pop_back();
    if (place == Place::kMergePair && pair_.size() == 2) {
      vocabulary.AddMerge(pair_[0], pair_[1]);
    }
    if (place == Place::kVocabPair && pair_.size() == 1 && base_size < kNoId) {
      vocabulary.AddToken(static_cast<std::uint32_t>(base_size), pair_[0]);
      ++base_size;
    }
    return true;
  }

  void TakeNumber(std::uint64_t value) {
    if (value >= kNoId) return;
    const auto id = static_cast<std::uint32_t>(value);
    if (Here() == Place::kVocabMap) {
      vocabulary.AddToken(id, key_);
      ++base_size;
    } else if (Here() == Place::kAddedToken && key_ == "id") {
      added_id_ = id;
    }
  }

  void TakeString(std::string& value) {
    switch (Here()) {
      case Place::kModel:
        if (key_ == "type") model_type = value;
        break;
      case Place::kAddedToken:
        if (key_ == "content") added_content_ = std::move(value);
        break;
      case Place::kMerges: vocabulary.AddMerge(value); break;
      case Place::kVocabPair:
      case Place::kMergePair:
        if (pair_.size() < 3) pair_.push_back(std::move(value));
        break;
      default: break;
    }
  }

  void CommitAddedToken() {
    if (special_tokens.size() < kMaxSpecialTokens) special_tokens.push_back(added_content_);
    if (added_id_ == kNoId) return;
    added_.emplace_back(added_id_, std::move(added_content_));
    added_content_.clear();
  }

 public:
  // Puts the added tokens behind the model's own, so that they win where ids meet.
  void Finish() {
    for (const auto& [id, content] : added_) vocabulary.AddToken(id, content);
    added_.clear();
  }

 private:
  static constexpr std::uint32_t kNoId = std::numeric_limits<std::int32_t>::max();

  const Limits& limits_;
  std::vector<Place> places_;
  std::string key_;
  std::vector<std::string> pair_;
  std::uint32_t added_id_ = kNoId;
  std::string added_content_;
  std::vector<std::pair<std::uint32_t, std::string>> added_;
  std::uint64_t values_ = 0;
};

// Parses the stream into `handler`; false when it breaks off.
bool Parse(SourceChars& chars, TokenizerHandler& handler) {
  try {
    return Json::sax_parse(chars.begin(), chars.end(), &handler);
  } catch (const std::exception&) {
    if (handler.error.message.empty()) handler.error.message = "not valid JSON";
    return false;
  }
}

void TakeClaims(TokenizerHandler& handler, const Limits& limits, Artifact& artifact) {
  AddClaim(artifact, limits, "tokenizer:model_type", handler.model_type);
  AddClaim(artifact, limits, "tokenizer:vocab_size", std::to_string(handler.vocabulary.size()));
  AddClaim(artifact, limits, "tokenizer:base_vocab_size", std::to_string(handler.base_size));
  AddClaim(artifact, limits, "tokenizer:merges_count",
           std::to_string(handler.vocabulary.merge_count()));
  for (const std::string& token : handler.special_tokens) {
    AddClaim(artifact, limits, "tokenizer:special_token", token);
  }
}

// Half a document: what was read is not a size, only special tokens are worth keeping.
void TakePartialClaims(const TokenizerHandler& handler, const Limits& limits, Artifact& artifact) {
  AddClaim(artifact, limits, "tokenizer:model_type", handler.model_type);
  for (const std::string& token : handler.special_tokens) {
    AddClaim(artifact, limits, "tokenizer:special_token", token);
  }
}

bool TooLarge(const SideCarInput& input, Artifact& artifact) {
  if (input.source.size() <= input.limits.max_json_bytes) return false;
  artifact.kind = ArtifactKind::kTokenizer;
  artifact.format = kName;
  MarkPartial(artifact, ErrorCode::kLimitExceeded, kName,
              "JSON of " + std::to_string(input.source.size()) + " bytes, limit " +
                  std::to_string(input.limits.max_json_bytes));
  return true;
}

}  // namespace

bool ReadTokenizerJson(const SideCarInput& input, Artifact& artifact) {
  const std::string_view head = AsText(input.window.head);
  if (FirstByte(head) != '{') return false;
  const bool head_speaks = head.find("\"added_tokens\"") != std::string_view::npos ||
                           head.find("\"pre_tokenizer\"") != std::string_view::npos;
  if (head_speaks && TooLarge(input, artifact)) return true;
  if (input.source.size() > input.limits.max_json_bytes) return false;

  SourceChars chars(input.source);
  TokenizerHandler handler(input.limits);
  const bool complete = Parse(chars, handler);
  if (!handler.has_vocabulary && (complete || !head_speaks)) return false;
  artifact.kind = ArtifactKind::kTokenizer;
  artifact.format = kName;
  if (!complete) {
    const Error& error = chars.error().has_value() ? *chars.error() : handler.error;
    MarkPartial(artifact, error.code, kName, error.message);
    TakePartialClaims(handler, input.limits, artifact);
    return true;
  }
  handler.Finish();
  TakeClaims(handler, input.limits, artifact);
  artifact.text_digest = handler.vocabulary.Digest();
  return true;
}

}  // namespace weighbridge
