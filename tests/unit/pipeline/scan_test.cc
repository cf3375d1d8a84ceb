// Whole scans over small trees: coverage, digests across containers, determinism.
#include "weighbridge/scan.h"

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/support/gguf_builder.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/scan_run.h"
#include "tests/support/scratch.h"
#include "tests/support/torch_builder.h"

namespace weighbridge {
namespace {

TEST_CASE("the same weights give the same tensor digest, resharded or reordered") {
  const NamedTensor a{"a.weight", Pattern(400, 1)};
  const NamedTensor b{"b.weight", Pattern(800, 2)};
  const NamedTensor c{"c.weight", Pattern(1200, 3)};
  const Scratch scratch;
  scratch.Write("one/model.safetensors", SafetensorsFile({a, b, c}));
  scratch.Write("two/model-00001-of-00002.safetensors", SafetensorsFile({c}));
  scratch.Write("two/model-00002-of-00002.safetensors", SafetensorsFile({b, a}));
  scratch.Write("tied/model.safetensors", SafetensorsFile({a, b, c, {"lm_head.weight", a.bytes}}));
  ScanOptions options;
  options.targets = {scratch.path()};
  const Report report = RunScan(options);
  REQUIRE(report.models.size() == 3);
  CHECK(report.models[0].tensor_digest.size() == 64);
  CHECK(report.models[0].tensor_digest == report.models[1].tensor_digest);
  CHECK(report.models[0].tensor_digest == report.models[2].tensor_digest);
  CHECK(report.coverage.files_seen == 4);
  CHECK(report.coverage.recognised == 4);
}

std::string AsString(const std::vector<std::uint8_t>& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

TEST_CASE("the same weights give the same tensor digest in every container") {
  const NamedTensor a{"a.weight", Pattern(320, 1)};
  const NamedTensor b{"b.weight", Pattern(800, 2)};
  const Scratch scratch;
  scratch.Write("1/model.safetensors", SafetensorsFile({a, b}));

  const test::Bytes a_bytes(a.bytes.begin(), a.bytes.end());
  const test::Bytes b_bytes(b.bytes.begin(), b.bytes.end());
  const std::vector<test::TorchTensorSpec> torch{{"b.weight", "F32", {200}, b_bytes, -1, {}},
                                                 {"a.weight", "F32", {8, 10}, a_bytes, -1, {}},
                                                 {"tied.weight", "F32", {8, 10}, {}, 1, {}}};
  scratch.Write("2/pytorch_model.bin", AsString(test::BuildTorchZip(torch)));
  scratch.Write("3/pytorch_model.bin", AsString(test::BuildTorchLegacy(torch)));

  using testing::OnnxTensor;
  scratch.Write("4/model.onnx",
                testing::BuildOnnx({OnnxTensor("x", {80}, 1).Field(9, a.bytes).Build(),
                                    OnnxTensor("y", {200}, 1).Field(4, b.bytes).Build()}));
  scratch.Write("5/model.onnx",
                testing::BuildOnnx(
                    {OnnxTensor("x", {80}, 1).External("model.onnx_data", "800", "320").Build(),
                     OnnxTensor("y", {200}, 1).External("model.onnx_data", "0", "800").Build()}));
  scratch.Write("5/model.onnx_data", b.bytes + a.bytes);

  std::string gguf = AsString(testing::GgufBuilder()
                                  .String("general.architecture", "llama")
                                  .Tensor("a", {80}, 0, 320)
                                  .Tensor("b", {200}, 0, 800)
                                  .Build());
  gguf.replace(gguf.size() - 1120, 1120, a.bytes + b.bytes);
  scratch.Write("6/model.gguf", gguf);

  ScanOptions options;
  options.targets = {scratch.path()};
  const Report report = RunScan(options);
  REQUIRE(report.models.size() == 6);
  for (const Model& model : report.models) {
    CAPTURE(model.format);
    CHECK(model.tensor_digest == report.models[0].tensor_digest);
    CHECK(model.tensor_digest.size() == 64);
  }
  CHECK(report.coverage.files_seen == 7);
  CHECK(report.coverage.recognised == 7);
}

TEST_CASE("compare says which share of the bytes is common") {
  const Scratch scratch;
  scratch.Write("a/model.safetensors",
                SafetensorsFile({{"x", Pattern(300 * 4, 1)}, {"y", Pattern(100 * 4, 2)}}));
  scratch.Write("b/model.safetensors",
                SafetensorsFile({{"z", Pattern(300 * 4, 1)}, {"y", Pattern(50 * 4, 9)}}));
  ScanOptions options;
  options.targets = {scratch / "a"};
  const Report left = RunScan(options);
  options.targets = {scratch / "b"};
  const Report right = RunScan(options);
  const Comparison comparison = Compare(left, right);
  CHECK(comparison.bytes_a == 1600);
  CHECK(comparison.bytes_b == 1400);
  CHECK(comparison.bytes_common == 1200);
  CHECK(comparison.tensors_common == 1);
}

TEST_CASE("hard links are one file with several locations") {
  const Scratch scratch;
  scratch.Write("a/model.safetensors", SafetensorsFile({{"x", Pattern(40, 1)}}));
  std::filesystem::create_hard_link(scratch / "a/model.safetensors", scratch / "b.safetensors");
  ScanOptions options;
  options.targets = {scratch.path()};
  const Report report = RunScan(options);
  REQUIRE(report.artifacts.size() == 1);
  CHECK(report.artifacts[0].other_locations.size() == 1);
  CHECK(report.models.size() == 1);
  CHECK(report.coverage.recognised == 2);
}

TEST_CASE("reports do not depend on the number of threads") {
  const Scratch scratch;
  for (int i = 0; i < 40; ++i) {
    scratch.Write("m" + std::to_string(i) + "/model.safetensors",
                  SafetensorsFile({{"x", Pattern(400, i)}}));
    scratch.Write("m" + std::to_string(i) + "/notes.txt", "hello");
  }
  std::vector<std::string> first;
  for (const unsigned jobs : {1u, 3u, 8u}) {
    ScanOptions options;
    options.targets = {scratch.path()};
    options.jobs = jobs;
    const Report report = RunScan(options);
    std::vector<std::string> seen;
    for (const Model& model : report.models) seen.push_back(model.id + " " + model.tensor_digest);
    for (const Finding& finding : report.findings)
      seen.push_back(finding.rule_id + " " + finding.message);
    if (first.empty()) first = seen;
    CHECK(seen == first);
  }
}

TEST_CASE("the tensor limit takes the longest lists, whatever the threads do") {
  const Scratch scratch;
  std::vector<std::pair<std::uint64_t, std::string>> lists;  // cost, place
  for (int i = 0; i < 30; ++i) {
    std::vector<NamedTensor> tensors;
    for (int t = 0; t <= i % 5; ++t) tensors.push_back({"t" + std::to_string(t), Pattern(40, i)});
    const std::string folder = "m" + std::to_string(10 + i);
    scratch.Write(folder + "/model.safetensors", SafetensorsFile(tensors));
    scratch.Write(folder + "/x.index.json", R"({"weight_map":{"t0":"model.safetensors"}})");
    lists.emplace_back(tensors.size(), scratch / (folder + "/model.safetensors"));
    lists.emplace_back(1, scratch / (folder + "/x.index.json"));
  }
  std::sort(lists.begin(), lists.end());
  for (const std::uint64_t limit : {0u, 7u, 40u, 90u, 1000u}) {
    std::vector<std::string> expected;
    std::uint64_t cost = 0;
    for (const auto& [own, place] : lists) {
      if ((cost += own) > limit) break;
      expected.push_back(place);
    }
    std::sort(expected.begin(), expected.end());
    for (const unsigned jobs : {1u, 2u, 7u}) {
      ScanOptions options;
      options.targets = {scratch.path()};
      options.jobs = jobs;
      options.limits.max_tensors_per_scan = limit;
      const Report report = RunScan(options);
      std::vector<std::string> kept;
      for (const Artifact& artifact : report.artifacts) {
        const bool full = artifact.inspection == Inspection::kFull;
        CHECK(full == (!artifact.tensors.empty() || !artifact.weight_map.empty()));
        if (full) kept.push_back(artifact.location.ToString());
      }
      CHECK(kept == expected);
    }
  }
}

TEST_CASE("claims beyond the limit of a scan are cut, the same ones for any threads") {
  const Scratch scratch;
  for (int i = 0; i < 6; ++i) {
    Json header = Json::object();
    header["x"] = {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", {0, 4}}};
    for (int key = 0; key < 100 * (i + 1); ++key) {
      header["__metadata__"]["k" + std::to_string(key)] = std::string(100, 'v');
    }
    const std::string text = header.dump();
    scratch.Write("m" + std::to_string(i) + "/model.safetensors",
                  LittleEndian64(text.size()) + text + "data");
  }
  std::vector<std::size_t> first;
  for (const unsigned jobs : {1u, 4u}) {
    ScanOptions options;
    options.targets = {scratch.path()};
    options.jobs = jobs;
    options.limits.max_tensors_per_scan = 2000;
    const Report report = RunScan(options);
    std::vector<std::size_t> kept;
    for (const Artifact& artifact : report.artifacts) {
      kept.push_back(artifact.claims.size());
      CHECK(artifact.tensors.size() == 1);
    }
    REQUIRE(kept.size() == 6);
    CHECK(kept[0] >= 100);
    CHECK(kept[5] < 100);
    if (first.empty()) first = kept;
    CHECK(kept == first);
  }
}

TEST_CASE("a stopped scan is marked incomplete") {
  const Scratch scratch;
  scratch.Write("model.safetensors", SafetensorsFile({{"x", Pattern(40, 1)}}));
  std::stop_source stop;
  stop.request_stop();
  ScanOptions options;
  options.targets = {scratch.path()};
  options.stop = stop.get_token();
  const Report report = RunScan(options);
  CHECK_FALSE(report.complete);
  CHECK(report.incomplete_reason == "interrupted");
}

TEST_CASE("what the caller got wrong fails the scan") {
  struct Row {
    ScanOptions options;
    std::string message;
  };
  std::vector<Row> rows(4);
  rows[3].options.targets = {".", ""};
  rows[3].message = "a target has an empty name";
  rows[0].options.targets = {"no/such/place"};
  rows[0].message = "no/such/place: open: No such file or directory";
  rows[1].options.targets = {"."};
  rows[1].options.as_of = "2026-02-30";
  rows[1].message = "--as-of \"2026-02-30\" is not a date (YYYY-MM-DD)";
  rows[2].options.targets = {"."};
  rows[2].options.fail_on = "maybe";
  rows[2].message =
      "--fail-on \"maybe\" is not an outcome (none, notice, review, restricted, licence-required, "
      "prohibited)";
  for (const Row& row : rows) {
    auto report = Scan(row.options);
    REQUIRE_FALSE(report.ok());
    CHECK(report.error().message == row.message);
  }
}

}  // namespace
}  // namespace weighbridge
