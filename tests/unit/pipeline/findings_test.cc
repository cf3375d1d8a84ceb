// From bytes to finding: one scan per built-in rule and way to break it.
#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "scanner/base/text.h"
#include "tests/support/compress.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/scan_run.h"
#include "tests/support/scratch.h"
#include "tests/support/tar_builder.h"
#include "tests/support/zip_builder.h"

namespace weighbridge {
namespace {

using test::BuildZip;
using test::ToBytes;
using testing::BuildOnnx;
using testing::GgufBuilder;
using testing::OnnxTensor;

using Files = std::map<std::string, std::string>;

std::string Text(const std::vector<std::uint8_t>& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

struct Scanned {
  Report report;
  std::string place;  // of the folder that was scanned, with its slash
};

Scanned ScanFiles(const Files& files, const std::string& policy = {}) {
  const Scratch scratch;
  const Scratch other;
  for (const auto& [name, bytes] : files) scratch.Write(name, bytes);
  ScanOptions options;
  options.targets = {scratch.path()};
  if (!policy.empty()) {
    other.Write("policy.json", policy);
    options.policy_file = other / "policy.json";
  }
  return {RunScan(options), scratch.path() + "/"};
}

// "RULE place: message" of every finding of these rules, in the order of the report.
std::vector<std::string> Lines(const Scanned& scanned) {
  std::vector<std::string> lines;
  for (const Finding& finding : scanned.report.findings) {
    if (finding.rule_id.rfind("WB-", 0) != 0) continue;
    std::string where = finding.location.ToString();
    if (where.rfind(scanned.place, 0) == 0) where.erase(0, scanned.place.size());
    lines.push_back(finding.rule_id + " " + where + ": " + finding.message);
  }
  return lines;
}

bool Holds(const std::vector<std::string>& lines, const std::string& beginning) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.rfind(beginning, 0) == 0; });
}

const std::string kWeights = SafetensorsFile({{"a", Pattern(40, 1)}, {"b", Pattern(80, 2)}});
const std::string kFirst = SafetensorsFile({{"a", Pattern(40, 1)}});
const std::string kSecond = SafetensorsFile({{"b", Pattern(80, 2)}});

std::string Onnx(const std::string& location, const std::string& offset = {},
                 const std::string& length = {}) {
  return BuildOnnx({OnnxTensor("w", {4}, 1).External(location, offset, length).Build()});
}

// WB-CONFLICT-* have their scans in tests/unit/identity and the model farm.
TEST_CASE("built-in rules speak for bytes that break them") {
  struct Row {
    std::string finding;  // how one of the findings begins
    Files files;
  };
  const std::string hex(64, 'a');
  const Row rows[] = {
      {"WB-PATH-TRAVERSAL m.onnx: ONNX: external data location \"../secret\" leaves the model's "
       "folder; it is not followed.",
       {{"m.onnx", Onnx("../secret", "0", "16")}}},
      {"WB-PATH-TRAVERSAL m.onnx: ONNX: external data location \"/etc/passwd\" is absolute; it is "
       "not followed.",
       {{"m.onnx", Onnx("/etc/passwd", "0", "16")}}},
      {"WB-PATH-TRAVERSAL m.onnx: ONNX: external data location \"a/../../b\" leaves",
       {{"m.onnx", Onnx("a/../../b", "0", "16")}}},
      {"WB-PATH-TRAVERSAL m.index.json: weight index: tensor \"w\" lies in "
       "\"../../x.safetensors\", "
       "which is not a plain file name.",
       {{"m.index.json", R"({"weight_map":{"w":"../../x.safetensors"}})"}}},
      {"WB-PATH-TRAVERSAL m.zip: zip member name leaves its folder: \"../a\".",
       {{"m.zip", Text(BuildZip({{"../a", ToBytes("x")}}))}}},
      {"WB-PATH-TRAVERSAL m.tar: member name leaves its folder: \"../a\".",
       {{"m.tar", test::BuildTar({{"../a", "x"}})}}},
      {"WB-NAME-CONTROL m.zip: zip member name hides characters: \"a\\x1b[2J\".",
       {{"m.zip", Text(BuildZip({{"a\x1b[2J", ToBytes("x")}}))}}},
      {"WB-NAME-CONTROL m.zip: zip member name hides characters: \"../a\\x1b[2J\".",
       {{"m.zip", Text(BuildZip({{"../a\x1b[2J", ToBytes("x")}}))}}},
      {"WB-NAME-CONTROL a\x1b[31mb.safetensors: The name holds characters",
       {{"a\x1b[31mb.safetensors", kWeights}}},
      {"WB-LINK-ESCAPE m.tar: link leaves its archive: \"s\" -> \"/etc/passwd\".",
       {{"m.tar", test::BuildTar({{"s", "", '2', "/etc/passwd"}})}}},
      {"WB-ARCHIVE-DIFFERENTIAL m.zip: Readers of this archive would disagree: two members are "
       "named \"a\".",
       {{"m.zip", Text(BuildZip({{"a", ToBytes("x")}, {"a", ToBytes("y")}}))}}},
      {"WB-ARCHIVE-DIFFERENTIAL m.tar: Readers of this archive would disagree: 1 member has the "
       "name of an earlier one.",
       {{"m.tar", test::BuildTar({{"a", "x"}, {"a", "y"}})}}},
      {"WB-DIGEST-MISMATCH blobs/sha256/" + hex + ": ", {{"blobs/sha256/" + hex, kWeights}}},
      {"WB-POLYGLOT m.safetensors: The file is safetensors and also zip.",
       {{"m.safetensors", kWeights + Text(BuildZip({{"a", ToBytes("x")}}))}}},
      {"WB-EXTENSION-MISMATCH m.png: The extension says a PNG image, the content is safetensors.",
       {{"m.png", kWeights}}},
      {"WB-UNSAFE-PICKLE m.pkl: Loading this file could run code: it imports posix.system.",
       {{"m.pkl", std::string("\x80\x02") + "cposix\nsystem\nX\2\0\0\0ls\x85R."}}},
      {"WB-NOT-INSPECTED m.safetensors: Read in part (safetensors): ",
       {{"m.safetensors", kWeights.substr(0, kWeights.size() - 1)}}},
      {"WB-NOT-INSPECTED m.safetensors: Read in part (safetensors): the header is not valid JSON",
       {{"m.safetensors",
         LittleEndian64(30) + std::string("{\"__metadata__\":{}}\0{payload}!!", 30)}}},
      {"WB-NOT-INSPECTED m.gguf: Read in part (gguf): 5 bytes after the last tensor.",
       {{"m.gguf", Text(GgufBuilder().Tensor("w", {8}, 0, 32).Build()) + "extra"}}},
      {"WB-MISSING-SHARD m-00001-of-00002.safetensors: 1 missing: m-00002-of-00002.safetensors.",
       {{"m-00001-of-00002.safetensors", kFirst}}},
      {"WB-MISSING-SHARD m.index.json: weight index: 2 missing: 1.st, 2.st.",
       {{"m.index.json", R"({"weight_map":{"a":"1.st","b":"2.st"}})"}}},
      {"WB-MISSING-SHARD m.onnx: 1 missing: gone.data.", {{"m.onnx", Onnx("./gone.data")}}},
      {"WB-INDEX-MISMATCH m.index.json: weight index: 1 tensor lies in another shard: \"b\" lies "
       "in \"2.safetensors\", not in \"1.safetensors\".",
       {{"m.index.json", R"({"weight_map":{"a":"1.safetensors","b":"1.safetensors",
                             "c":"2.safetensors"}})"},
        {"1.safetensors", kFirst},
        {"2.safetensors", kSecond}}},
      {"WB-INDEX-MISMATCH m.index.json: weight index: 1 tensor is not in its shard: \"c\" of "
       "\"2.safetensors\".",
       {{"m.index.json", R"({"weight_map":{"a":"1.safetensors","b":"2.safetensors",
                             "c":"2.safetensors"}})"},
        {"1.safetensors", kFirst},
        {"2.safetensors", kSecond}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.finding);
    const std::vector<std::string> lines = Lines(ScanFiles(row.files));
    CAPTURE(Join(lines, "\n"));
    CHECK(Holds(lines, row.finding));
  }
}

TEST_CASE("waivers that ended or met nothing") {
  const auto waiver = [](const char* rule, const char* until) {
    return std::string(R"({"waivers":[{"rule":")") + rule +
           R"(","reason":"r","owner":"o","expires":")" + until + "\"}]}";
  };
  const Files files{{"m.png", kWeights}};
  CHECK(Holds(Lines(ScanFiles(files, waiver("WB-EXTENSION-MISMATCH", "2020-01-01"))),
              "WB-WAIVER-EXPIRED m.png: "));
  CHECK(Holds(Lines(ScanFiles(files, waiver("WB-POLYGLOT", "2099-01-01"))), "WB-WAIVER-UNUSED"));
}

TEST_CASE("an index that agrees with its shards says nothing") {
  const Scanned scanned = ScanFiles(
      {{"m.index.json",
        R"({"metadata":{"total_size":120},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}})"},
       {"1.safetensors", kFirst},
       {"2.safetensors", kSecond}});
  CHECK(Lines(scanned).empty());
  CHECK(scanned.report.diagnostics.empty());
  REQUIRE(scanned.report.models.size() == 1);
  CHECK(scanned.report.models[0].complete);
}

TEST_CASE("what an index leaves out or miscounts is said without a finding") {
  const Scanned scanned = ScanFiles(
      {{"m.index.json", R"({"metadata":{"total_size":1},"weight_map":{"a":"1.safetensors"}})"},
       {"1.safetensors", kWeights}});
  CHECK(Lines(scanned).empty());
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : scanned.report.diagnostics) {
    messages.push_back(diagnostic.message);
  }
  CHECK(messages ==
        std::vector<std::string>{
            "weight index: 1 tensor of its shards is not listed: \"b\" in \"1.safetensors\"",
            "weight index: states total_size 1, its shards hold 120 bytes of tensors"});
}

TEST_CASE("a tensor of the map that is nowhere makes the model incomplete") {
  const Scanned scanned =
      ScanFiles({{"m.index.json", R"({"weight_map":{"a":"1.safetensors","z":"1.safetensors"}})"},
                 {"1.safetensors", kFirst}});
  REQUIRE(scanned.report.models.size() == 1);
  CHECK_FALSE(scanned.report.models[0].complete);
  CHECK(scanned.report.models[0].tensor_digest.empty());
}

TEST_CASE("external data that its file cannot hold is no data") {
  struct Row {
    std::string offset;
    std::string data;  // "" none
    std::string reason;
    bool complete;
  };
  const std::string kBeyond = "external data of 1 tensor lies beyond the 16 bytes of \"d.data\"";
  for (const Row& row :
       {Row{"0", Pattern(16, 3), "", true}, Row{"1", Pattern(16, 3), kBeyond, false},
        Row{"9223372036854775000", Pattern(16, 3), kBeyond, false},
        Row{"9223372036854775808", Pattern(16, 3),
            "external data of tensor \"w\" does not have the size of its shape", false},
        Row{"0", "", "", false}}) {
    CAPTURE(row.offset);
    Files files{{"m.onnx", Onnx("./d.data", row.offset, "16")}};
    if (!row.data.empty()) files["d.data"] = row.data;
    const Scanned scanned = ScanFiles(files);
    REQUIRE(scanned.report.models.size() == 1);
    CHECK(scanned.report.models[0].complete == row.complete);
    std::uint64_t without = 0;
    std::string reason;
    for (const Artifact& artifact : scanned.report.artifacts) {
      without += artifact.tensors_without_digest;
      reason += artifact.not_inspected_reason;
    }
    CHECK(without == (row.complete ? 0 : 1));
    CHECK(reason == row.reason);
  }
}

TEST_CASE("typed and external ONNX data has the digest of raw bytes") {
  const std::string bytes = Pattern(16, 5);
  const Scanned raw =
      ScanFiles({{"m.onnx", BuildOnnx({OnnxTensor("w", {4}, 1).Field(9, bytes).Build()})}});
  const Scanned typed =
      ScanFiles({{"m.onnx", BuildOnnx({OnnxTensor("w", {4}, 1).Field(4, bytes).Build()})}});
  const Scanned doubles =
      ScanFiles({{"m.onnx", BuildOnnx({OnnxTensor("w", {2}, 11).Field(10, bytes).Build()})}});
  const Scanned beside = ScanFiles({{"m.onnx", Onnx("d", "0", "16")}, {"d", bytes}});
  REQUIRE(raw.report.models.at(0).tensor_digest.size() == 64);
  for (const Scanned* other : {&typed, &doubles, &beside}) {
    CHECK(other->report.models.at(0).tensor_digest == raw.report.models[0].tensor_digest);
  }
  // In an archive, before and behind the model: read in place, or passed by.
  const std::string model = Onnx("d", "0", "16");
  const std::vector<test::TarMember> both{{"./a/m.onnx", model}, {"./a/d", bytes}};
  const std::vector<test::TarMember> before{{"a/d", bytes}, {"a/m.onnx", model}};
  for (const auto& entries : {both, before}) {
    const Scanned inside = ScanFiles({{"m.tar", test::BuildTar(entries)}});
    REQUIRE(inside.report.models.size() == 1);
    CHECK(inside.report.models[0].missing_files.empty());
    CHECK(inside.report.models[0].tensor_digest == raw.report.models[0].tensor_digest);
    CHECK(inside.report.coverage.members.recognised == 2);
    CHECK(inside.report.coverage.members.unrecognised == 0);
    const Scanned passed =
        ScanFiles({{"m.tgz", test::Compress(test::BuildTar(entries), ARCHIVE_FILTER_GZIP)}});
    REQUIRE(passed.report.models.size() == 1);
    CHECK(passed.report.models[0].missing_files.empty());
    CHECK(passed.report.models[0].tensor_digest.empty());
  }
  const Scanned integers =
      ScanFiles({{"m.onnx", BuildOnnx({OnnxTensor("w", {2}, 7).Field(7, "\1\2").Build()})}});
  CHECK(integers.report.artifacts.at(0).tensors_without_digest == 1);
  CHECK(integers.report.models.at(0).tensor_digest.empty());
}

TEST_CASE("GGUF splits with free names are one model") {
  const auto split = [](unsigned number, bool first) {
    GgufBuilder builder;
    if (first) builder.String("general.architecture", "llama");
    return Text(builder.Scalar("split.no", 2, number, 2)
                    .Scalar("split.count", 2, 2, 2)
                    .I32("split.tensors.count", 2)
                    .Tensor(first ? "a" : "b", {8}, 0, 32)
                    .Build());
  };
  const Scanned scanned =
      ScanFiles({{"first.gguf", split(0, true)}, {"second.gguf", split(1, false)}});
  REQUIRE(scanned.report.models.size() == 1);
  CHECK(scanned.report.models[0].complete);
  CHECK(scanned.report.models[0].weights.size() == 2);
  // Two second splits: which is the first one's, nothing says.
  const Scanned three = ScanFiles({{"first.gguf", split(0, true)},
                                   {"second.gguf", split(1, false)},
                                   {"third.gguf", split(1, false)}});
  CHECK(three.report.models.size() == 3);
}

}  // namespace
}  // namespace weighbridge
