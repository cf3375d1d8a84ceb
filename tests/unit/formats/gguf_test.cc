// GGUF: versions, byte orders, kinds, the vocabulary, and the faults of other readers'
// advisories, each with its message.
#include "scanner/formats/gguf.h"

#include <doctest/doctest.h>

#include "scanner/base/vocabulary_digest.h"
#include "tests/support/format_run.h"
#include "tests/support/gguf_builder.h"

namespace weighbridge {
namespace {

using testing::Bytes;
using testing::GgufBuilder;
using testing::Messages;
using testing::Probes;
using testing::ToBytes;

constexpr std::uint32_t kF32 = 0;
constexpr std::uint32_t kQ4_K = 12;

Artifact Parse(const Bytes& bytes, const Limits& limits = {}) {
  return testing::ParseBytes(ParseGguf, bytes, "model.gguf", limits);
}

GgufBuilder Model(std::uint32_t version = 3, bool big_endian = false) {
  return GgufBuilder(version, big_endian)
      .String("general.architecture", "llama")
      .String("general.name", "Tiny")
      .U32("llama.block_count", 2)
      .Tensor("token_embd.weight", {256, 2}, kQ4_K, 288)
      .Tensor("output_norm.weight", {4}, kF32, 16);
}

TEST_CASE("every version and byte order reads the same") {
  for (const bool big_endian : {false, true}) {
    for (const std::uint32_t version : {1U, 2U, 3U}) {
      CAPTURE(version);
      CAPTURE(big_endian);
      const Bytes bytes = Model(version, big_endian).Build();
      CHECK(Probes(ProbeGguf, bytes));
      const Artifact artifact = Parse(bytes);
      CHECK(Messages(artifact) == "");
      CHECK(artifact.format == (big_endian ? "gguf_be" : "gguf"));
      CHECK(artifact.big_endian == big_endian);
      CHECK(artifact.format_version == std::to_string(version));
      CHECK(artifact.kind == ArtifactKind::kWeights);
      CHECK(artifact.inspection == Inspection::kFull);
      CHECK(artifact.claims == std::vector<Claim>{{"gguf:general.architecture", "llama"},
                                                  {"gguf:general.name", "Tiny"},
                                                  {"gguf:llama.block_count", "2"}});
      REQUIRE(artifact.tensors.size() == 2);
      CHECK(artifact.tensors[0].name == "token_embd.weight");
      CHECK(artifact.tensors[0].dtype == "Q4_K");
      CHECK(artifact.tensors[0].shape == std::vector<std::uint64_t>{2, 256});
      CHECK(artifact.tensors[0].bytes == 288);
      CHECK(artifact.tensors[0].has_data);
      CHECK(artifact.tensors[1].offset == bytes.size() - 16);
    }
  }
}

TEST_CASE("scalars of every type become claims in decimal") {
  const Artifact artifact = Parse(GgufBuilder()
                                      .U8("a.u8", 200)
                                      .Scalar("a.i8", 1, 0xFE, 1)
                                      .U16("split.no", 3)
                                      .Scalar("a.i16", 3, 0xFFFF, 2)
                                      .I32("a.i32", -5)
                                      .F32("a.f32", 0.5F)
                                      .Bool("a.bool", 1)
                                      .Scalar("a.u64", 10, ~std::uint64_t{0}, 8)
                                      .Scalar("a.i64", 11, ~std::uint64_t{0}, 8)
                                      .Scalar("a.f64", 12, 0x4000000000000000, 8)
                                      .Strings("general.tags", {"text", "chat"})
                                      .Numbers("a.list", 4, 4, {7, 8, 9})
                                      .String("tokenizer.chat_template", "{{ x }}")
                                      .Build());
  CHECK(Messages(artifact) == "");
  CHECK(artifact.claims ==
        std::vector<Claim>{{"gguf:a.u8", "200"},
                           {"gguf:a.i8", "-2"},
                           {"gguf:split.no", "3"},
                           {"gguf:a.i16", "-1"},
                           {"gguf:a.i32", "-5"},
                           {"gguf:a.f32", "0.5"},
                           {"gguf:a.bool", "true"},
                           {"gguf:a.u64", "18446744073709551615"},
                           {"gguf:a.i64", "-1"},
                           {"gguf:a.f64", "2"},
                           {"gguf:general.tags.count", "2"},
                           {"gguf:general.tags", "text"},
                           {"gguf:general.tags", "chat"},
                           {"gguf:a.list.count", "3"},
                           {"gguf:tokenizer.chat_template.sha256", Sha256OfText("{{ x }}")}});
}

TEST_CASE("the kind follows the metadata") {
  struct Row {
    GgufBuilder builder;
    const char* format;
    ArtifactKind kind;
  };
  const std::vector<Row> rows{
      {Model().String("general.type", "adapter"), "gguf_lora", ArtifactKind::kAdapter},
      {Model().F32("adapter.lora.alpha", 16), "gguf_lora", ArtifactKind::kAdapter},
      {GgufBuilder().String("general.architecture", "clip"), "gguf", ArtifactKind::kProjector},
      {Model().String("general.type", "mmproj"), "gguf", ArtifactKind::kProjector},
      {GgufBuilder().Strings("tokenizer.ggml.tokens", {"a"}), "gguf", ArtifactKind::kTokenizer},
      {Model().String("general.type", "imatrix"), "gguf", ArtifactKind::kOther},
      {Model().String("general.type", "model"), "gguf", ArtifactKind::kWeights},
  };
  for (const Row& row : rows) {
    const Artifact artifact = Parse(row.builder.Build());
    CHECK(Messages(artifact) == "");
    CHECK(artifact.format == row.format);
    CHECK(artifact.kind == row.kind);
  }
}

TEST_CASE("the vocabulary is digested in the form that tokenizer.json shares") {
  VocabularyDigest expected;
  expected.AddToken("<s>");
  expected.AddToken("<br>");
  expected.AddToken("ab");
  expected.AddMerge("a b");
  const Artifact artifact = Parse(GgufBuilder()
                                      .Strings("tokenizer.ggml.merges", {"a b"})
                                      .Strings("tokenizer.ggml.tokens", {"<s>", "<br>", "ab"})
                                      .Numbers("tokenizer.ggml.token_type", 5, 4, {3, 1, 1})
                                      .Build());
  CHECK(Messages(artifact) == "");
  CHECK(artifact.text_digest == expected.Finish());
  CHECK(artifact.ClaimOr("gguf:tokenizer.ggml.tokens.count") == "3");
  CHECK(artifact.ClaimOr("gguf:tokenizer.ggml.merges.count") == "1");
  CHECK(artifact.ClaimList("tokenizer:special_token") == std::vector<std::string>{"<s>"});
}

TEST_CASE("without token types, brackets show the special tokens") {
  const Artifact artifact = Parse(
      GgufBuilder()
          .Strings("tokenizer.ggml.tokens", {"<|im_start|>", "[INST]", "<0x0A>", "word", "<>"})
          .Build());
  CHECK(artifact.ClaimList("tokenizer:special_token") ==
        std::vector<std::string>{"<|im_start|>", "[INST]"});
}

// The start of a key-value, for values that lie.
Bytes Key(const std::string& key, std::uint32_t type) {
  Bytes bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(key.size() >> (8 * i)));
  bytes.insert(bytes.end(), key.begin(), key.end());
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(type >> (8 * i)));
  return bytes;
}

Bytes NestedLists(int depth) {
  Bytes bytes = Key("k", 9);
  for (int i = 0; i < depth; ++i) {
    bytes.insert(bytes.end(), {9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
  }
  return bytes;
}

struct Row {
  const char* what;
  GgufBuilder builder;
  const char* messages;
};

void CheckRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Bytes bytes = row.builder.Build();
    CHECK(Probes(ProbeGguf, bytes));
    const Artifact artifact = Parse(bytes);
    CHECK(Messages(artifact) == row.messages);
    CHECK(testing::Sound(artifact, bytes.size()));
  }
}

TEST_CASE("faults of the header and its key-values") {
  CheckRows({
      {"version 0", GgufBuilder(0), "unsupported GGUF: version 0 is not one of 1, 2 and 3\n"},
      {"version 4", GgufBuilder(4), "unsupported GGUF: version 4 is not one of 1, 2 and 3\n"},
      {"FUGG", Model(3, true).Magic("FUGG"),
       "malformed GGUF: the magic is \"FUGG\", no GGUF writer makes it\n"},
      {"n_kv 2^64-1", GgufBuilder().KeyValueCount(~std::uint64_t{0}),
       "truncated GGUF: at 0x18: key-value count 18446744073709551615 does not fit in the 0 bytes "
       "left\n"},
      {"n_tensors 2^64-1", GgufBuilder().TensorCount(~std::uint64_t{0}),
       "truncated GGUF: at 0x18: tensor count 18446744073709551615 does not fit in the 0 bytes "
       "left\n"},
      {"key length 2^64-1",
       GgufBuilder().RawKeyValue(Bytes(8, 0xFF)).RawKeyValue(Bytes(8, 0)).KeyValueCount(1),
       "truncated GGUF: at 0x20: key length 18446744073709551615 is more than the 8 bytes left\n"},
      {"key too long", GgufBuilder().U8(std::string(65'536, 'k'), 1),
       "malformed GGUF: at 0x20: key length 65536 is more than 65535\n"},
      {"empty key", GgufBuilder().U8("", 1), "malformed GGUF: a key is empty\n"},
      {"odd key", GgufBuilder().U8("Gen eral", 1),
       "malformed GGUF: key \"Gen eral\" has characters other than a-z, 0-9, '_', '-' and '.'\n"},
      {"type 13", GgufBuilder().Scalar("k", 13, 0, 4),
       "malformed GGUF: at 0x25: key \"k\" has the unknown value type 13\n"},
      {"duplicate key", GgufBuilder().U8("k", 1).U8("k", 2),
       "malformed GGUF: key \"k\" occurs twice\n"},
      {"bool 2", GgufBuilder().Bool("k", 2), "malformed GGUF: key \"k\" holds the bool 2\n"},
      {"string length 2^40",
       GgufBuilder()
           .RawKeyValue(Key("k", 8))
           .RawKeyValue({0, 0, 0, 0, 0, 1, 0, 0})
           .KeyValueCount(1),
       "truncated GGUF: at 0x2d: value length 1099511627776 is more than the 0 bytes left\n"},
      {"list of 2^63", GgufBuilder().Array("k", 0, 1ULL << 63),
       "truncated GGUF: at 0x31: list \"k\" of 9223372036854775808 elements does not fit in the 0 "
       "bytes left\n"},
      {"list of lists",
       GgufBuilder()
           .RawKeyValue(NestedLists(1))
           .RawKeyValue({0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7})
           .KeyValueCount(1),
       "malformed GGUF: key \"k\" holds a list of lists\n"},
      {"100,000 lists deep", GgufBuilder().RawKeyValue(NestedLists(100'000)).KeyValueCount(1),
       "malformed GGUF: key \"k\" holds a list of lists\n"
       "limit-exceeded GGUF: at 0x55: lists nested deeper than 4 in key \"k\"\n"},
      {"scores declared u8",
       GgufBuilder()
           .Strings("tokenizer.ggml.tokens", {"a", "b"})
           .Numbers("tokenizer.ggml.scores", 0, 1, {1}),
       "malformed GGUF: tokenizer.ggml.scores has 1 elements, tokenizer.ggml.tokens has 2\n"
       "malformed GGUF: tokenizer.ggml.scores is a list of u8, not f32\n"},
      {"byte tokens",
       GgufBuilder()
           .Strings("tokenizer.ggml.tokens", {"<0x-1>", "<0xZZ>", "<0x0A>"})
           .Numbers("tokenizer.ggml.token_type", 5, 4, {6, 6, 6}),
       "malformed GGUF: byte token \"<0x-1>\" is not of the form <0xHH>\n"
       "malformed GGUF: byte token \"<0xZZ>\" is not of the form <0xHH>\n"},
  });
}

TEST_CASE("faults of the alignment") {
  CheckRows({
      {"13", Model().U32("general.alignment", 13),
       "malformed GGUF: general.alignment is 13 of type u32, not a u32 power of two up to "
       "1048576\n"},
      {"0", Model().U32("general.alignment", 0),
       "malformed GGUF: general.alignment is 0 of type u32, not a u32 power of two up to "
       "1048576\n"},
      {"0x80000000", Model().U32("general.alignment", 0x80000000),
       "malformed GGUF: general.alignment is 2147483648 of type u32, not a u32 power of two up to "
       "1048576\n"},
      {"u64", Model().Scalar("general.alignment", 10, 32, 8),
       "malformed GGUF: general.alignment is 32 of type u64, not a u32 power of two up to "
       "1048576\n"},
      {"text", Model().String("general.alignment", "32"),
       "malformed GGUF: general.alignment is of type string, not u32\n"},
      {"4", GgufBuilder().Alignment(4).U32("general.alignment", 4).Tensor("t", {1}, kF32, 4),
       "malformed GGUF: general.alignment 4 is not a multiple of 8\n"},
      {"64",
       GgufBuilder()
           .Alignment(64)
           .U32("general.alignment", 64)
           .Tensor("t", {1}, kF32, 4)
           .Tensor("u", {1}, kF32, 4),
       ""},
  });
}

TEST_CASE("faults of the tensors") {
  const std::uint64_t big = 1ULL << 62;
  CheckRows({
      {"name of 64", GgufBuilder().Tensor(std::string(64, 'n'), {1}, kF32, 4),
       "malformed GGUF: tensor "
       "\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\" "
       "has a name of 64 bytes, not of 1 to 63\n"},
      {"5 dimensions", GgufBuilder().Tensor("t", {1, 1, 1, 1, 1}, kF32, 4),
       "malformed GGUF: tensor \"t\" has 5 dimensions, more than 4\n"},
      {"9 dimensions", GgufBuilder().Tensor("t", {1, 1, 1, 1, 1, 1, 1, 1, 1}, kF32, 4),
       "malformed GGUF: at 0x25: tensor \"t\" has 9 dimensions\n"},
      {"dimension 0", GgufBuilder().Tensor("t", {4, 0}, kF32, 4),
       "malformed GGUF: tensor \"t\" has a dimension of 0\n"},
      {"negative dimension", GgufBuilder().Tensor("t", {~std::uint64_t{0}}, kF32, 4),
       "malformed GGUF: tensor \"t\": the product of its dimensions overflows\n"},
      {"product wraps to 4 MiB",
       GgufBuilder().Tensor("t", {1ULL << 32, 1ULL << 32, 1ULL << 20}, kF32, 4),
       "malformed GGUF: tensor \"t\": the product of its dimensions overflows\n"},
      {"bytes wrap", GgufBuilder().Tensor("t", {big}, kF32, 4),
       "malformed GGUF: tensor \"t\": its size in bytes overflows\n"},
      {"rows and blocks", GgufBuilder().Tensor("t", {100, 256}, kQ4_K, 288),
       "malformed GGUF: tensor \"t\": rows of 100 elements are no multiple of the Q4_K block of "
       "256\ntruncated GGUF: the tensors need 14400 bytes of data, file has 288\n"},
      {"unknown type", GgufBuilder().Tensor("t", {4}, 77, 4).Tensor("u", {4}, kF32, 16),
       "unsupported GGUF: tensor \"t\" has the unknown type 77, its size is not checked\n"},
      {"offset too high", GgufBuilder().TensorAt("t", {4}, kF32, 32).DataBytes(48),
       "malformed GGUF: tensor \"t\" has the offset 32, expected 0\n"},
      {"offset beyond the file", GgufBuilder().TensorAt("t", {4}, kF32, 1ULL << 40).DataBytes(48),
       "malformed GGUF: tensor \"t\" has the offset 1099511627776, expected 0\n"
       "truncated GGUF: the tensors need 1099511627792 bytes of data, file has 48\n"},
      {"offsets wrap", GgufBuilder().TensorAt("t", {4}, kF32, ~std::uint64_t{31}).DataBytes(48),
       "malformed GGUF: tensor \"t\" has the offset 18446744073709551584, expected 0\n"},
      {"shared range",
       GgufBuilder().TensorAt("t", {4}, kF32, 0).TensorAt("u", {4}, kF32, 0).DataBytes(16),
       "malformed GGUF: tensor \"u\" has the offset 0, expected 32\n"},
      {"duplicate tensor", GgufBuilder().Tensor("t", {4}, kF32, 16).Tensor("t", {4}, kF32, 16),
       "malformed GGUF: tensor \"t\" is defined twice\n"},
      {"cut data", Model().DataBytes(100),
       "truncated GGUF: the tensors need 304 bytes of data, file has 100\n"},
      {"appended bytes", Model().DataBytes(400),
       "malformed GGUF: 80 bytes after the last tensor\n"},
  });
}

TEST_CASE("a truncated download keeps identity and says what is missing") {
  const Artifact artifact = Parse(Model().DataBytes(290).Build());
  CHECK(artifact.inspection == Inspection::kPartial);
  CHECK(artifact.not_inspected_reason == "the tensors need 304 bytes of data, file has 290");
  CHECK(artifact.ClaimOr("gguf:general.name") == "Tiny");
  REQUIRE(artifact.tensors.size() == 2);
  CHECK(artifact.tensors[0].has_data);
  CHECK_FALSE(artifact.tensors[1].has_data);
}

TEST_CASE("limits stop the reading and say so") {
  Limits limits;
  limits.max_gguf_header_bytes = 60;
  CHECK(Messages(Parse(Model().Build(), limits)) ==
        "limit-exceeded GGUF: at 0x38: the header is longer than the limit of 60 bytes\n");
  limits = {};
  limits.max_gguf_key_values = 1;
  CHECK(Messages(Parse(Model().Build(), limits)) ==
        "limit-exceeded GGUF: at 0x18: key-value count 3 is more than the limit 1\n");
  limits = {};
  limits.max_tensors_per_file = 1;
  CHECK(Messages(Parse(GgufBuilder().Tensor("t", {1}, kF32, 4).Tensor("u", {1}, kF32, 4).Build(),
                       limits)) == "limit-exceeded GGUF: at 0x39: more than 1 tensors\n");
}

TEST_CASE("four bytes are enough for the magic, text is not GGUF") {
  CHECK(Probes(ProbeGguf, ToBytes("GGUF")));
  CHECK(Messages(Parse(ToBytes("GGUF"))) ==
        "truncated GGUF: need 4 bytes at offset 4, file has 4\n");
  CHECK_FALSE(Probes(ProbeGguf, {}));
  CHECK_FALSE(Probes(ProbeGguf, ToBytes("GGUX\x03")));
  CHECK_FALSE(Probes(ProbeGguf, ToBytes("GGUF is a file format")));
}

TEST_CASE("no prefix and no flipped byte breaks the reader") {
  const Bytes bytes = Model()
                          .Strings("tokenizer.ggml.tokens", {"<s>", "a", "b"})
                          .Strings("tokenizer.ggml.merges", {"a b"})
                          .Build();
  CHECK(testing::SoundUnderDamage(ProbeGguf, ParseGguf, bytes));
  CHECK(testing::SoundUnderDamage(ProbeGguf, ParseGguf, Model(1, true).Build()));
}

}  // namespace
}  // namespace weighbridge
