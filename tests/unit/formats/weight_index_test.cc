#include "scanner/formats/weight_index.h"

#include <doctest/doctest.h>

#include "tests/support/format_run.h"

namespace weighbridge {
namespace {

using testing::Messages;
using testing::ToBytes;

Artifact Parse(const std::string& text, const Limits& limits = {}) {
  return testing::ParseBytes(ParseWeightIndex, ToBytes(text), "model.safetensors.index.json",
                             limits);
}

const char* const kIndex = R"({
  "metadata": {"total_size": 123456, "other": [1, {"weight_map": 2}]},
  "weight_map": {
    "lm_head.weight": "model-00002-of-00002.safetensors",
    "model.norm.weight": "model-00001-of-00002.safetensors"
  }
})";

TEST_CASE("the map is read, shards in the order of their names") {
  CHECK(testing::Probes(ProbeWeightIndex, ToBytes(kIndex)));
  const Artifact artifact = Parse(kIndex);
  CHECK(Messages(artifact) == "");
  CHECK(artifact.format == "safetensors_index");
  CHECK(artifact.kind == ArtifactKind::kWeightIndex);
  CHECK(artifact.inspection == Inspection::kFull);
  CHECK(artifact.claims == std::vector<Claim>{{"index:total_size", "123456"}});
  CHECK(artifact.shard_files == std::vector<std::string>{"model-00001-of-00002.safetensors",
                                                         "model-00002-of-00002.safetensors"});
  CHECK(artifact.weight_map == std::vector<std::pair<std::string, std::uint32_t>>{
                                   {"lm_head.weight", 1}, {"model.norm.weight", 0}});
}

TEST_CASE("the shards' extension says which index it is") {
  CHECK(Parse(R"({"weight_map":{"a":"pytorch_model-00001-of-00002.bin"}})").format ==
        "pytorch_index");
  CHECK(Parse(R"({"weight_map":{"a":"m.safetensors"}})").format == "safetensors_index");
}

TEST_CASE("file names that are not plain are refused, the rest is kept") {
  const std::vector<std::pair<std::string, std::string>> rows{{"../x", "../x"},
                                                              {"a/b", "a/b"},
                                                              {"..", ".."},
                                                              {"", ""},
                                                              {"/etc/passwd", "/etc/passwd"},
                                                              {"a\\\\b", "a\\\\b"},
                                                              {"a\\u0000b", "a\\x00b"}};
  for (const auto& [written, quoted] : rows) {
    CAPTURE(written);
    const Artifact artifact =
        Parse(R"({"weight_map":{"bad":")" + written + R"(","good":"m.safetensors"}})");
    REQUIRE(artifact.diagnostics.size() == 1);
    CHECK(artifact.diagnostics[0].message.find("which is not a plain file name") !=
          std::string::npos);
    CHECK(artifact.inspection == Inspection::kPartial);
    CHECK(artifact.shard_files == std::vector<std::string>{"m.safetensors"});
    CHECK(artifact.weight_map.size() == 1);
  }
  CHECK(Messages(Parse(R"({"weight_map":{"w":"../../x"}})")) ==
        "malformed weight index: tensor \"w\" lies in \"../../x\", which is not a plain file "
        "name\n");
}

TEST_CASE("each fault has its message") {
  Limits small;
  small.max_tensors_per_file = 1;
  Limits few;
  few.max_json_values = 2;
  struct Row {
    std::string text;
    std::string messages;
    Limits limits;
  };
  const std::vector<Row> rows{
      {R"({"weight_map":{"a":1}})",
       "malformed weight index: weight_map does not map tensor names to file names\n",
       {}},
      {R"({"weight_map":{"a":{"b":"c"}}})",
       "malformed weight index: weight_map does not map tensor names to file names\n",
       {}},
      {R"({"weight_map":["a"]})",
       "malformed weight index: weight_map does not map tensor names to file names\n",
       {}},
      {R"({"weight_map":"a"})",
       "malformed weight index: weight_map does not map tensor names to file names\n",
       {}},
      {R"({"weight_map":{},"weight_map":{}})",
       "malformed weight index: key \"weight_map\" occurs twice\n",
       {}},
      {R"({"weight_map":{"a":"m","a":"n"}})",
       "malformed weight index: tensor \"a\" is listed twice\n",
       {}},
      {R"({"x":"weight_map"})", "malformed weight index: there is no weight_map\n", {}},
      {R"(["weight_map"])", "malformed weight index: the index is no JSON object\n", {}},
      {R"({"weight_map":{"a":"m")", "malformed weight index: not valid JSON at byte 23\n", {}},
      {"{\"x\":" + std::string(100'000, '['),
       "limit-exceeded weight index: JSON nested deeper than 64\n",
       {}},
      {R"({"weight_map":{"a":"m","b":"m"}})", "limit-exceeded weight index: more than 1 tensors\n",
       small},
      {R"({"weight_map":{"a":"m","b":"m"}})",
       "limit-exceeded weight index: more than 2 JSON values\n", few},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 100));
    CHECK(Messages(Parse(row.text, row.limits)) == row.messages);
  }
}

TEST_CASE("probe: an object with the key in head or tail") {
  CHECK(testing::Probes(ProbeWeightIndex,
                        ToBytes("{" + std::string(200'000, ' ') + R"("weight_map":{}})")));
  CHECK_FALSE(testing::Probes(ProbeWeightIndex, ToBytes(R"(["weight_map"])")));
  CHECK_FALSE(testing::Probes(ProbeWeightIndex, ToBytes(R"({"model_type":"llama"})")));
  CHECK_FALSE(testing::Probes(ProbeWeightIndex, {}));
}

TEST_CASE("no prefix and no flipped byte breaks the reader") {
  CHECK(testing::SoundUnderDamage(ProbeWeightIndex, ParseWeightIndex, ToBytes(kIndex)));
}

}  // namespace
}  // namespace weighbridge
