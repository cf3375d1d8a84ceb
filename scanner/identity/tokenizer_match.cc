// Scoring of special tokens against the tokenizer table.
#include "scanner/identity/tokenizer_match.h"

#include <algorithm>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kVocabularyTolerance = 2048;
constexpr std::size_t kFewestTokens = 2;

bool VocabularyFits(const TokenizerRow& row, std::uint64_t vocab_size) {
  if (vocab_size == 0 || row.vocab_sizes.empty()) return true;
  return std::any_of(row.vocab_sizes.begin(), row.vocab_sizes.end(), [&](std::uint64_t size) {
    const std::uint64_t gap = std::max(size, vocab_size) - std::min(size, vocab_size);
    return gap <= kVocabularyTolerance;
  });
}

// The table's remarks in brackets are no part of a token.
std::string_view TokenOnly(std::string_view token) {
  return Trim(token.substr(0, token.find(" (")));
}

}  // namespace

TokenizerMatch MatchTokenizer(const Catalog& catalog, const std::vector<const Artifact*>& files,
                              std::uint64_t vocab_size) {
  std::set<std::string, std::less<>> tokens;
  std::string pre;
  TokenizerMatch match;
  for (const Artifact* file : files) {
    for (const Claim& claim : file->claims) {
      if (claim.key == "tokenizer:special_token") {
        if (tokens.empty()) match.location = file->location;
        tokens.insert(claim.value);
      } else if (claim.key == "gguf:tokenizer.ggml.pre" && pre.empty()) {
        pre = claim.value;
        match.location = file->location;
      }
    }
  }
  if (tokens.empty() && pre.empty()) return match;
  const std::vector<TokenizerRow> rows = catalog.Tokenizers();
  // A pre-tokenizer name that one publisher uses.
  std::set<std::string> pre_publishers;
  const TokenizerRow* pre_row = nullptr;
  for (const TokenizerRow& row : rows) {
    if (pre.empty() ||
        std::find(row.gguf_pre.begin(), row.gguf_pre.end(), pre) == row.gguf_pre.end())
      continue;
    pre_publishers.insert(PublisherKey(catalog, row.publisher));
    pre_row = &row;
  }
  static const std::set<std::string, std::less<>> kGenericPre = {
      "default", "gpt-2", "llama-bpe", "qwen2", "dbrx", "smollm", "tekken", "gpt-4o"};
  if (pre_publishers.size() == 1 && !kGenericPre.contains(pre) &&
      VocabularyFits(*pre_row, vocab_size)) {
    match.family = pre_row->tokenizer_family;
    match.publisher = *pre_publishers.begin();
    match.shown_by = "tokenizer.ggml.pre " + Quote(pre, 60);
    match.matched = kFewestTokens;
    return match;
  }
  std::set<std::string> publishers;
  for (const TokenizerRow& row : rows) {
    if (row.confidence == "low" || !VocabularyFits(row, vocab_size)) continue;
    std::size_t score = 0;
    for (const std::string& token : row.special_tokens) {
      if (tokens.contains(TokenOnly(token))) ++score;
    }
    if (score < kFewestTokens || score < match.matched) continue;
    if (score > match.matched) {
      publishers.clear();
      match.matched = score;
      match.family = row.tokenizer_family;
    }
    publishers.insert(PublisherKey(catalog, row.publisher));
  }
  if (publishers.size() == 1) match.publisher = *publishers.begin();
  if (publishers.size() > 1) match.family.clear();
  match.shown_by = std::to_string(match.matched) + " special tokens";
  return match;
}

}  // namespace weighbridge
