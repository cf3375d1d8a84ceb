#include <doctest/doctest.h>

#include "scanner/base/vocabulary_digest.h"
#include "tests/support/side_car_builder.h"

namespace weighbridge {
namespace {

using Lines = std::vector<std::string>;

std::string DigestOf(const Lines& tokens, const Lines& merges) {
  VocabularyDigest digest;
  for (const std::string& token : tokens) digest.AddToken(token);
  for (const std::string& merge : merges) digest.AddMerge(merge);
  return digest.Finish();
}

constexpr const char* kBpe = R"({"version": "1.0",
  "added_tokens": [{"id": 3, "content": "<|end|>", "special": true}],
  "pre_tokenizer": {"type": "Sequence", "vocab": {"decoy": 9}},
  "model": {"type": "BPE", "vocab": {"b": 1, "a": 0, "ab": 2}, "merges": ["a b"]}})";

struct TokenizerRow {
  const char* name;
  std::string text;
  Lines claims;
  std::string digest;
};

TEST_CASE("tokenizer.json claims and digest") {
  const std::vector<TokenizerRow> rows = {
      {"bpe, tokens out of order, added token behind",
       kBpe,
       {"tokenizer:model_type=BPE", "tokenizer:vocab_size=4", "tokenizer:base_vocab_size=3",
        "tokenizer:merges_count=1", "tokenizer:special_token=<|end|>"},
       DigestOf({"a", "b", "ab", "<|end|>"}, {"a b"})},
      {"merges as pairs, model before added tokens",
       R"({"model": {"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]},
           "added_tokens": [{"content": "<|end|>", "id": 3}]})",
       {"tokenizer:vocab_size=4", "tokenizer:base_vocab_size=3", "tokenizer:merges_count=1",
        "tokenizer:special_token=<|end|>"},
       DigestOf({"a", "b", "ab", "<|end|>"}, {"a b"})},
      {"unigram",
       R"({"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.5]]}})",
       {"tokenizer:model_type=Unigram", "tokenizer:vocab_size=2", "tokenizer:base_vocab_size=2",
        "tokenizer:merges_count=0"},
       DigestOf({"<unk>", "a"}, {})},
      {"added token repeats one of the vocabulary",
       R"({"added_tokens": [{"id": 0, "content": "a"}], "model": {"vocab": {"a": 0}}})",
       {"tokenizer:vocab_size=1", "tokenizer:base_vocab_size=1", "tokenizer:merges_count=0",
        "tokenizer:special_token=a"},
       DigestOf({"a"}, {})},
  };
  for (const TokenizerRow& row : rows) {
    CAPTURE(row.name);
    const InspectedSideCar found = InspectText("m/tokenizer.json", row.text);
    REQUIRE(found.taken);
    CHECK(found.artifact.kind == ArtifactKind::kTokenizer);
    CHECK(found.artifact.format == "tokenizer_json");
    CHECK(ClaimLines(found.artifact) == row.claims);
    CHECK(found.artifact.text_digest == row.digest);
    CHECK(found.artifact.inspection == Inspection::kFull);
  }
}

TEST_CASE("a tokenizer that breaks off states no size and no digest") {
  const std::string whole = kBpe;
  const InspectedSideCar found =
      InspectText("tokenizer.json", whole.substr(0, whole.find("\"ab\"")));
  REQUIRE(found.taken);
  CHECK(found.artifact.inspection == Inspection::kPartial);
  CHECK(found.artifact.text_digest.empty());
  CHECK(ClaimLines(found.artifact) ==
        Lines{"tokenizer:model_type=BPE", "tokenizer:special_token=<|end|>"});
  REQUIRE(found.artifact.diagnostics.size() == 1);
  CHECK(found.artifact.diagnostics[0].message ==
        "tokenizer_json: not valid JSON at byte " + std::to_string(whole.find("\"ab\"") + 1));
}

TEST_CASE("every prefix of a tokenizer ends well, and only the whole one has a digest") {
  const std::string whole = kBpe;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const InspectedSideCar found = InspectText("tokenizer.json", whole.substr(0, size));
    CHECK(found.artifact.text_digest.empty());
    if (found.taken) CHECK(found.artifact.inspection == Inspection::kPartial);
  }
  CHECK_FALSE(InspectText("tokenizer.json", whole).artifact.text_digest.empty());
}

TEST_CASE("a tokenizer over a limit is partly read") {
  Limits limits;
  limits.max_json_values = 5;
  const InspectedSideCar found = InspectText("tokenizer.json", kBpe, limits);
  REQUIRE(found.taken);
  CHECK(DiagnosticLines(found.artifact) == Lines{"tokenizer_json: more than 5 JSON values"});
  limits = Limits();
  limits.max_json_depth = 2;
  CHECK(DiagnosticLines(InspectText("tokenizer.json", kBpe, limits).artifact) ==
        Lines{"tokenizer_json: JSON nested deeper than 2"});
}

TEST_CASE("a large tokenizer is read through several buffers") {
  std::string text = R"({"added_tokens": [], "model": {"type": "BPE", "vocab": {)";
  Lines tokens;
  for (int i = 0; i < 40'000; ++i) {
    tokens.push_back("token" + std::to_string(i));
    text += (i == 0 ? "\"" : ",\"") + tokens.back() + "\":" + std::to_string(i);
  }
  text += R"(}, "merges": []}})";
  const InspectedSideCar found = InspectText("tokenizer.json", text);
  CHECK(found.artifact.ClaimOr("tokenizer:vocab_size") == "40000");
  CHECK(found.artifact.text_digest == DigestOf(tokens, {}));
}

TEST_CASE("tokenizer_config.json claims") {
  const InspectedSideCar found = InspectText(
      "tokenizer_config.json",
      R"({"tokenizer_class": "Qwen2Tokenizer", "name_or_path": "Qwen/Qwen2-7B", "bos_token": null,
          "eos_token": {"content": "<|im_end|>"}, "pad_token": "<|im_end|>",
          "added_tokens_decoder": {"5": {"content": "<|im_start|>"}}, "chat_template": "x"})");
  REQUIRE(found.taken);
  CHECK(found.artifact.kind == ArtifactKind::kTokenizerConfig);
  CHECK(ClaimLines(found.artifact) ==
        Lines{"tokenizer:class=Qwen2Tokenizer", "tokenizer:name_or_path=Qwen/Qwen2-7B",
              "tokenizer:special_token=<|im_end|>", "tokenizer:special_token=<|im_start|>",
              "tokenizer:chat_template_sha256="
              "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"});
}

struct FileRow {
  const char* name;
  const char* path;
  const char* text;
  const char* format;
  Lines claims;
};

TEST_CASE("vocabulary files") {
  const std::vector<FileRow> rows = {
      {"vocab.json",
       "vocab.json",
       R"({"b": 1, "a": 0})",
       "vocab_json",
       {"tokenizer:base_vocab_size=2", "tokenizer:vocabulary_digest=" + DigestOf({"a", "b"}, {})}},
      {"added",
       "added_tokens.json",
       R"({"<|x|>": 7})",
       "added_tokens",
       {"tokenizer:special_token=<|x|>", "tokenizer:vocab_size=8"}},
      {"merges",
       "merges.txt",
       "#version: 0.2\na b\r\nab c\n",
       "merges_txt",
       {"tokenizer:merges_count=2", "tokenizer:merges_digest=" + DigestOf({}, {"a b", "ab c"})}},
      {"tiktoken",
       "qwen.tiktoken",
       "IQ== 0\nYWI= 1\n",
       "tiktoken",
       {"tokenizer:base_vocab_size=2", "tokenizer:vocabulary_digest=" + DigestOf({"!", "ab"}, {})}},
      {"special tokens",
       "special_tokens_map.json",
       R"({"eos_token": "</s>"})",
       "special_tokens_map",
       {"tokenizer:special_token=</s>"}},
  };
  for (const FileRow& row : rows) {
    CAPTURE(row.name);
    const InspectedSideCar found = InspectText(row.path, row.text);
    REQUIRE(found.taken);
    CHECK(found.artifact.format == row.format);
    CHECK(ClaimLines(found.artifact) == row.claims);
    CHECK(found.artifact.text_digest.empty());
  }
}

TEST_CASE("damaged vocabulary files say where") {
  CHECK(DiagnosticLines(InspectText("a.tiktoken", "IQ== 0\n? 1\n").artifact) ==
        Lines{"tiktoken: 2: not a base64 token and a rank"});
  CHECK(DiagnosticLines(InspectText("merges.txt", "a b\nabc\n").artifact) ==
        Lines{"merges_txt: 1 lines are not two tokens"});
  CHECK(DiagnosticLines(InspectText("vocab.json", "{\"a\": 0,").artifact) ==
        Lines{"vocab_json: not valid JSON at byte 9"});
}

}  // namespace
}  // namespace weighbridge
