// Layout (huggingface/transformers tokenization_utils_base.py):
//
//   {"tokenizer_class": "Qwen2Tokenizer", "name_or_path": "...", "bos_token": null,
//    "eos_token": "<|im_end|>" or {"content": "...", ...},
//    "additional_special_tokens": [...], "added_tokens_decoder": {"151643": {"content": ...}},
//    "chat_template": "..." or [{"name": "default", "template": "..."}]}
//
// special_tokens_map.json holds the *_token fields alone.
#include "scanner/sidecars/tokenizer_config.h"

#include <array>
#include <set>
#include <string>

#include "scanner/base/vocabulary_digest.h"
#include "scanner/sidecars/small_json.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxSpecialTokens = 256;
constexpr std::array<const char*, 7> kTokenFields = {
    "bos_token", "eos_token", "pad_token", "unk_token", "sep_token", "cls_token", "mask_token"};

// A token is text or an object with "content".
std::string TokenText(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>();
  return StringOr(value, "content");
}

class SpecialTokens {
 public:
  SpecialTokens(const Limits& limits, Artifact& artifact) : limits_(limits), artifact_(artifact) {}
  void Add(const Json& value) {
    const std::string text = TokenText(value);
    if (text.empty() || seen_.size() >= kMaxSpecialTokens || !seen_.insert(text).second) return;
    AddClaim(artifact_, limits_, "tokenizer:special_token", text);
  }

 private:
  const Limits& limits_;
  Artifact& artifact_;
  std::set<std::string> seen_;
};

void TakeSpecialTokens(const Json& root, const Limits& limits, Artifact& artifact) {
  SpecialTokens tokens(limits, artifact);
  for (const char* field : kTokenFields) {
    if (const Json* value = Find(root, field)) tokens.Add(*value);
  }
  if (const Json* more = Find(root, "additional_special_tokens");
      more != nullptr && more->is_array()) {
    for (const Json& value : *more) tokens.Add(value);
  }
  if (const Json* added = Find(root, "added_tokens_decoder");
      added != nullptr && added->is_object()) {
    for (const Json& value : *added) tokens.Add(value);
  }
}

void TakeChatTemplate(const Json& root, const Limits& limits, Artifact& artifact) {
  constexpr const char* kClaim = "tokenizer:chat_template_sha256";
  const Json* chat = Find(root, "chat_template");
  if (chat == nullptr) return;
  if (chat->is_string()) {
    AddClaim(artifact, limits, kClaim, Sha256OfText(chat->get_ref<const std::string&>()));
  } else if (chat->is_array()) {
    for (const Json& entry : *chat) {
      const std::string text = StringOr(entry, "template");
      if (!text.empty()) AddClaim(artifact, limits, kClaim, Sha256OfText(text));
    }
  }
}

void TakeAutoMap(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* map = Find(root, "auto_map");
  if (map == nullptr || !map->is_object()) return;
  for (const Json& value : *map) {
    if (!value.is_array()) AddClaim(artifact, limits, "tokenizer:auto_map", ScalarText(value));
    if (!value.is_array()) continue;
    for (const Json& entry : value) {
      AddClaim(artifact, limits, "tokenizer:auto_map", ScalarText(entry));
    }
  }
}

bool HasTokenField(const Json& root) {
  for (const char* field : kTokenFields) {
    if (Find(root, field) != nullptr) return true;
  }
  return false;
}

bool TakeTokenizerConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  if (Find(root, "tokenizer_class") == nullptr && Find(root, "added_tokens_decoder") == nullptr &&
      Find(root, "chat_template") == nullptr && Find(root, "model_max_length") == nullptr &&
      !HasTokenField(root)) {
    return false;
  }
  artifact.kind = ArtifactKind::kTokenizerConfig;
  artifact.format = "tokenizer_config";
  AddJsonClaim(artifact, limits, "tokenizer:class", root, "tokenizer_class");
  AddJsonClaim(artifact, limits, "tokenizer:name_or_path", root, "name_or_path");
  TakeSpecialTokens(root, limits, artifact);
  TakeChatTemplate(root, limits, artifact);
  TakeAutoMap(root, limits, artifact);
  return true;
}

bool TakeSpecialTokensMap(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!HasTokenField(root) && Find(root, "additional_special_tokens") == nullptr) return false;
  artifact.kind = ArtifactKind::kTokenizerConfig;
  artifact.format = "special_tokens_map";
  TakeSpecialTokens(root, limits, artifact);
  return true;
}

}  // namespace

bool ReadTokenizerConfig(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "tokenizer_config", artifact, ArtifactKind::kTokenizerConfig,
                       TakeTokenizerConfig);
}

bool ReadSpecialTokensMap(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "special_tokens_map", artifact, ArtifactKind::kTokenizerConfig,
                       TakeSpecialTokensMap);
}

}  // namespace weighbridge
