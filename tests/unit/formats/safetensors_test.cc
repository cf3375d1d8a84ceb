// safetensors: what a sound file gives, and what each fault is called.
#include "scanner/formats/safetensors.h"

#include <doctest/doctest.h>

#include "tests/support/format_run.h"
#include "tests/support/safetensors_builder.h"

namespace weighbridge {
namespace {

using testing::Bytes;
using testing::Messages;
using testing::ParseBytes;
using testing::Probes;
using testing::SafetensorsBuilder;
using testing::ToBytes;

Artifact Parse(const Bytes& bytes, const Limits& limits = {}) {
  return ParseBytes(ParseSafetensors, bytes, "model.safetensors", limits);
}

SafetensorsBuilder TwoTensors() {
  return SafetensorsBuilder()
      .Meta("format", "pt")
      .Add("model.embed_tokens.weight", "BF16", {4, 3}, 24)
      .Add("scalar", "F32", {}, 4);
}

TEST_CASE("a sound file is fully read") {
  const Bytes bytes = TwoTensors().Build();
  CHECK(Probes(ProbeSafetensors, bytes));
  const Artifact artifact = Parse(bytes);
  CHECK(Messages(artifact) == "");
  CHECK(artifact.format == "safetensors");
  CHECK(artifact.kind == ArtifactKind::kWeights);
  CHECK(artifact.inspection == Inspection::kFull);
  CHECK(artifact.claims == std::vector<Claim>{{"safetensors:format", "pt"}});
  REQUIRE(artifact.tensors.size() == 2);
  const Tensor& embed = artifact.tensors[0];
  CHECK(embed.name == "model.embed_tokens.weight");
  CHECK(embed.dtype == "BF16");
  CHECK(embed.shape == std::vector<std::uint64_t>{4, 3});
  CHECK(embed.has_data);
  CHECK(embed.offset == bytes.size() - 28);
  CHECK(embed.bytes == 24);
  CHECK(artifact.tensors[1].shape.empty());
  CHECK(artifact.tensors[1].offset == bytes.size() - 4);
}

TEST_CASE("legal oddities give no message") {
  CHECK(Messages(Parse(SafetensorsBuilder().Add("empty", "F16", {0, 8}, 0).Build())) == "");
  CHECK(Messages(Parse(SafetensorsBuilder().Add("f4", "F4", {3, 2}, 3).Build())) == "");
  CHECK(Messages(Parse(SafetensorsBuilder().Add("f6", "F6_E2M3", {4}, 3).Build())) == "");
  CHECK(Messages(Parse(SafetensorsBuilder().Header("{}").Build())) == "");
  // Entries need not stand in the order of their data.
  CHECK(Messages(Parse(SafetensorsBuilder()
                           .AddAt("b", "U8", {2}, 3, 5)
                           .AddAt("a", "U8", {3}, 0, 3)
                           .DataBytes(5)
                           .Build())) == "");
}

struct Row {
  const char* what;
  SafetensorsBuilder builder;
  const char* messages;
  bool probes = true;
};

TEST_CASE("each fault has its message, and leaves the file recognised") {
  const std::vector<Row> rows{
      {"cut data", TwoTensors().DataBytes(10),
       "truncated safetensors: the tensors need 28 bytes of data, file has 10\n"},
      {"trailing bytes", TwoTensors().DataBytes(29),
       "malformed safetensors: 1 byte after the last tensor\n"},
      {"header longer than the file", SafetensorsBuilder().Add("w", "U8", {1}, 0).Length(1000),
       "truncated safetensors: the header needs 1000 bytes, file has 56 after its length field\n"},
      {"N over the limit", SafetensorsBuilder().Add("w", "U8", {1}, 1).Length(100'000'001),
       "malformed safetensors: header length 100000001 is more than the limit 100000000\n"},
      {"N = 2^63", SafetensorsBuilder().Add("w", "U8", {1}, 1).Length(1ULL << 63),
       "malformed safetensors: header length 9223372036854775808 is more than the limit "
       "100000000\n"},
      {"no brace", SafetensorsBuilder().Header("[\"dtype\"]   "),
       "malformed safetensors: the header is no JSON object\n", false},
      {"overlap",
       SafetensorsBuilder().AddAt("a", "U8", {4}, 0, 4).AddAt("b", "U8", {4}, 2, 6).DataBytes(6),
       "malformed safetensors: tensor \"b\" begins at 2, inside the data of another tensor that "
       "ends at 4\n"},
      {"shared range",
       SafetensorsBuilder().AddAt("a", "U8", {4}, 0, 4).AddAt("b", "U8", {4}, 0, 4).DataBytes(4),
       "malformed safetensors: tensor \"b\" begins at 0, inside the data of another tensor that "
       "ends at 4\n"},
      {"hole", SafetensorsBuilder().AddAt("a", "U8", {4}, 4, 8).DataBytes(8),
       "malformed safetensors: tensor \"a\" begins at 4, leaving a hole after 0\n"},
      {"size", SafetensorsBuilder().Add("a", "F32", {2}, 4),
       "malformed safetensors: tensor \"a\" has 4 bytes, its shape and dtype need 8\n"},
      {"sub-byte remainder", SafetensorsBuilder().Add("a", "F4", {3}, 2),
       "malformed safetensors: tensor \"a\": 3 elements of F4 do not fill whole bytes\n"},
      {"shape overflow", SafetensorsBuilder().Add("a", "U8", {1ULL << 33, 1ULL << 33}, 1),
       "malformed safetensors: tensor \"a\": the product of its shape overflows\n"},
      {"unknown dtype", SafetensorsBuilder().Add("a", "Q7", {3}, 1),
       "unsupported safetensors: tensor \"a\" has the unknown dtype \"Q7\", its size is not "
       "checked\n"},
      {"end before begin", SafetensorsBuilder().AddAt("a", "U8", {4}, 4, 0).DataBytes(4),
       "malformed safetensors: tensor \"a\" ends at 0, before it begins at 4\n"},
      {"duplicate tensor", SafetensorsBuilder().Add("a", "U8", {1}, 1).Add("a", "U8", {1}, 1),
       "malformed safetensors: tensor \"a\" is defined twice\n"},
      {"duplicate field",
       SafetensorsBuilder().Raw(
           R"("a":{"dtype":"U8","dtype":"U8","shape":[],"data_offsets":[0,1]})"),
       "malformed safetensors: tensor \"a\" has \"dtype\" twice\n"},
      {"missing field", SafetensorsBuilder().Raw(R"("a":{"dtype":"U8","shape":[]})"),
       "malformed safetensors: tensor \"a\" lacks its dtype, shape or data_offsets\n"},
      {"negative dimension",
       SafetensorsBuilder().Raw(R"("a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]})"),
       "malformed safetensors: tensor \"a\" has a negative number in its shape\n"},
      {"three offsets",
       SafetensorsBuilder().Raw(R"("a":{"dtype":"U8","shape":[],"data_offsets":[0,1,2]})"),
       "malformed safetensors: tensor \"a\" has more than two data_offsets\n"},
      {"metadata number", SafetensorsBuilder().Raw(R"("__metadata__":{"a":1})"),
       "malformed safetensors: __metadata__ key \"a\" holds a number, only text is allowed\n"},
      {"metadata object", SafetensorsBuilder().Raw(R"("__metadata__":{"a":{}})"),
       "malformed safetensors: __metadata__ key \"a\" holds an object, only text is allowed\n"},
      {"metadata key twice", SafetensorsBuilder().Meta("a", "1").Meta("a", "2"),
       "malformed safetensors: __metadata__ key \"a\" occurs twice\n"},
      {"tensor is text", SafetensorsBuilder().Raw(R"("__metadata__":{},"a":"U8")"),
       "malformed safetensors: tensor \"a\" is text, not an object\n"},
      {"deep JSON",
       SafetensorsBuilder().Raw("\"a\":{\"dtype\":\"U8\",\"x\":" + std::string(100'000, '[')),
       "malformed safetensors: tensor \"a\" has the unknown field \"x\"\n"
       "limit-exceeded safetensors: JSON nested deeper than 16\n"},
      {"NUL and anything",
       SafetensorsBuilder().Header(std::string("{\"__metadata__\":{}}\0{payload", 28)),
       "malformed safetensors: the header is not valid JSON at byte 20\n"},
      {"two documents", SafetensorsBuilder().Header("{\"__metadata__\":{}}{}"),
       "malformed safetensors: the header is not valid JSON at byte 20\n"},
      {"padded with tabs", SafetensorsBuilder().Header("{\"__metadata__\":{}}\t\t"),
       "malformed safetensors: the header is padded with other bytes than spaces\n"},
      {"padded with spaces", SafetensorsBuilder().Header("{\"__metadata__\":{}}  "), ""},
      {"not JSON", SafetensorsBuilder().Header("{\"__metadata__\": oops}   "),
       "malformed safetensors: the header is not valid JSON at byte 18\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Bytes bytes = row.builder.Build();
    CHECK(Probes(ProbeSafetensors, bytes) == row.probes);
    const Artifact artifact = Parse(bytes);
    CHECK(Messages(artifact) == row.messages);
    CHECK(artifact.format == "safetensors");
    CHECK(testing::Sound(artifact, bytes.size()));
  }
}

TEST_CASE("truncated data keeps identity and the tensors that are there") {
  const Artifact artifact = Parse(TwoTensors().DataBytes(25).Build());
  CHECK(artifact.inspection == Inspection::kPartial);
  CHECK(artifact.not_inspected_reason == "the tensors need 28 bytes of data, file has 25");
  REQUIRE(artifact.tensors.size() == 2);
  CHECK(artifact.tensors[0].has_data);
  CHECK_FALSE(artifact.tensors[1].has_data);
  CHECK(artifact.tensors[1].dtype == "F32");
}

TEST_CASE("a header cut in the middle keeps what was read of it") {
  Bytes bytes = TwoTensors().Build();
  bytes.resize(150);
  const Artifact artifact = Parse(bytes);
  REQUIRE(artifact.tensors.size() == 1);
  CHECK(artifact.tensors[0].name == "model.embed_tokens.weight");
  CHECK_FALSE(artifact.tensors[0].has_data);
  CHECK(artifact.diagnostics.at(0).code == ErrorCode::kTruncated);
}

TEST_CASE("limits stop the reading and say so") {
  Limits limits;
  limits.max_tensors_per_file = 1;
  CHECK(Messages(Parse(TwoTensors().Build(), limits)) ==
        "limit-exceeded safetensors: more than 1 tensors\n");
  limits = {};
  limits.max_claims_per_file = 1;
  limits.max_claim_bytes = 4;
  const Artifact artifact =
      Parse(SafetensorsBuilder().Meta("a", "123\xC3\xA9").Meta("b", "2").Build(), limits);
  CHECK(artifact.claims == std::vector<Claim>{{"safetensors:a", "123"}});
  CHECK(Messages(artifact) == "limit-exceeded safetensors: more than 1 claims\n");
}

TEST_CASE("a million faults are not a million messages") {
  SafetensorsBuilder builder;
  for (int i = 0; i < 100; ++i) builder.Add("t" + std::to_string(i), "F32", {2}, 4);
  const Artifact artifact = Parse(builder.Build());
  REQUIRE(artifact.diagnostics.size() == 33);
  CHECK(artifact.diagnostics.back().message == "safetensors: further problems are not listed");
}

TEST_CASE("other files are not claimed") {
  const std::vector<Bytes> others{
      {},
      ToBytes("{"),
      ToBytes("{\"a\": 1, {\"dtype\": \"F32\", \"data_offsets\": [0, 1]}}"),
      ToBytes("[1,2,3],{\"dtype\":1,\"data_offsets\":2}"),
      Bytes(64, 0),
      SafetensorsBuilder().Header("{\"hidden_size\": 12}").Build(),
      SafetensorsBuilder().Header("{ not json").Build(),
      SafetensorsBuilder().Header("{}").DataBytes(3).Build(),
  };
  for (std::size_t i = 0; i < others.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(Probes(ProbeSafetensors, others[i]));
  }
}

TEST_CASE("no prefix and no flipped byte breaks the reader") {
  CHECK(testing::SoundUnderDamage(ProbeSafetensors, ParseSafetensors, TwoTensors().Build()));
}

TEST_CASE("adapters and quantisation show in the tensors") {
  const Artifact lora = Parse(SafetensorsBuilder()
                                  .Add("base_model.model.q_proj.lora_A.weight", "U8", {1}, 1)
                                  .Add("base_model.model.q_proj.lora_B.weight", "U8", {1}, 1)
                                  .Build());
  CHECK(lora.kind == ArtifactKind::kAdapter);
  CHECK(lora.format == "safetensors");
  CHECK(lora.ClaimOr("layout:adapter") == "peft");
  const Artifact gptq = Parse(SafetensorsBuilder()
                                  .Add("model.layers.0.q_proj.qweight", "I32", {1}, 4)
                                  .Add("model.layers.0.q_proj.g_idx", "I32", {1}, 4)
                                  .Build());
  CHECK(gptq.kind == ArtifactKind::kWeights);
  CHECK(gptq.ClaimOr("layout:quantisation") == "gptq");
}

}  // namespace
}  // namespace weighbridge
