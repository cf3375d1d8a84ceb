// Scans of archives: what lies inside is found as if it lay beside, and what an
// attacker builds costs a bounded effort and leaves a finding.
#include <doctest/doctest.h>

#include "tests/support/compress.h"
#include "tests/support/scan_run.h"
#include "tests/support/scratch.h"
#include "tests/support/sif_builder.h"
#include "tests/support/squashfs_builder.h"
#include "tests/support/tar_builder.h"
#include "tests/support/zip_builder.h"

namespace weighbridge {
namespace {

using namespace test;

std::string Zip(const std::vector<ZipMember>& members) {
  const Bytes bytes = BuildZip(members);
  return std::string(bytes.begin(), bytes.end());
}

std::string Weights() {
  return SafetensorsFile({{"a.weight", Pattern(400, 1)}, {"b.weight", Pattern(800, 2)}});
}

Report ScanOne(const std::string& name, const std::string& bytes, const Limits& limits = {}) {
  const Scratch scratch;
  scratch.Write(name, bytes);
  ScanOptions options;
  options.targets = {scratch.path()};
  options.limits = limits;
  Report report = RunScan(options);
  const std::size_t root = scratch.path().size() + 1;
  for (Artifact& artifact : report.artifacts) artifact.location.path.erase(0, root);
  return report;
}

std::vector<std::string> RuleIds(const Report& report) {
  std::vector<std::string> ids;
  for (const Finding& finding : report.findings) ids.push_back(finding.rule_id);
  return ids;
}

TEST_CASE("weights inside anything have the digests of the weights outside") {
  const Report plain = ScanOne("model.safetensors", Weights());
  REQUIRE(plain.models.size() == 1);
  const std::string tar = BuildTar({{"m/model.safetensors", Weights()}});
  const std::vector<std::uint8_t> raw(tar.begin(), tar.end());
  const std::string squashfs =
      BuildSquashfs({{"m", 'd', "", {{"model.safetensors", 'f', Weights()}}}});
  const std::string sif = BuildSif({{0x4004, "rootfs", squashfs, SifPartitionExtra(1)}});
  struct Row {
    std::string name;
    std::string bytes;
    std::string place;
  };
  const std::string member = "m/model.safetensors";
  const Row rows[] = {
      {"x.tar", tar, "x.tar!/" + member},
      {"x.tgz", Compress(tar, ARCHIVE_FILTER_GZIP), "x.tgz!/" + member},
      {"x.tar.zst", Compress(tar, ARCHIVE_FILTER_ZSTD), "x.tar.zst!/" + member},
      {"m.gz", Compress(Weights(), ARCHIVE_FILTER_GZIP), "m.gz!/m"},
      {"x.zip", Zip({{member, ToBytes(Weights())}}), "x.zip!/" + member},
      {"x.zip", Zip({{"in.tar", raw}}), "x.zip!/in.tar!/" + member},
      {"x.tar.xz.gz", Compress(Compress(tar, ARCHIVE_FILTER_XZ), ARCHIVE_FILTER_GZIP),
       "x.tar.xz.gz!/x.tar.xz!/" + member},
      {"o.tar", BuildTar({{"in.zip", Zip({{member, ToBytes(Weights())}})}}),
       "o.tar!/in.zip!/" + member},
      {"o.tgz",
       Compress(BuildTar({{"in.zip", Zip({{member, ToBytes(Weights())}})}}), ARCHIVE_FILTER_GZIP),
       "o.tgz!/in.zip!/" + member},
      {"x.snap", squashfs, "x.snap!/" + member},
      {"x.tgz", Compress(BuildTar({{"in.img", squashfs}}), ARCHIVE_FILTER_GZIP),
       "x.tgz!/in.img!/" + member},
      {"x.sif", sif, "x.sif!/rootfs!/" + member},
      {"x.zip", Zip({{"x.sif", ToBytes(sif)}}), "x.zip!/x.sif!/rootfs!/" + member},
      {"o.squashfs", BuildSquashfs({{"in.zip", 'f', Zip({{member, ToBytes(Weights())}})}}),
       "o.squashfs!/in.zip!/" + member},
  };
  for (const Row& row : rows) {
    CAPTURE(row.place);
    const Report report = ScanOne(row.name, row.bytes);
    REQUIRE(report.models.size() == 1);
    const Artifact& found = report.artifacts[report.models[0].weights[0]];
    CHECK(found.location.ToString() == row.place);
    CHECK(found.sha256 == plain.artifacts[0].sha256);
    CHECK(report.models[0].tensor_digest == plain.models[0].tensor_digest);
    CHECK(report.complete);
    CHECK(report.coverage.members.recognised >= 1);
  }
}

TEST_CASE("side-cars inside an archive speak for the model beside them") {
  const Report report = ScanOne(
      "x.tgz", Compress(BuildTar({{"m/config.json", R"({"model_type":"llama","hidden_size":8})"},
                                  {"m/model.safetensors", Weights()}}),
                        ARCHIVE_FILTER_GZIP));
  REQUIRE(report.models.size() == 1);
  CHECK(report.models[0].side_cars.size() == 1);
}

TEST_CASE("attacks are findings and the scan goes on") {
  Limits limits;
  limits.archive_ratio_floor_bytes = 1 << 20;
  const std::string zeros(8 << 20, '\0');
  struct Row {
    const char* rule;
    std::string bytes;
  };
  const Row rows[] = {
      {"WB-ARCHIVE-BOMB", Compress(BuildTar({{"zeros", zeros}}), ARCHIVE_FILTER_XZ)},
      {"WB-LINK-ESCAPE", BuildTar({{"d/s", "", '2', "../../etc/passwd"}})},
      {"WB-LINK-ESCAPE", BuildTar({{"s", "", '2', "/etc/passwd"}})},
      {"WB-PATH-TRAVERSAL", BuildTar({{"../m", "x"}})},
      {"WB-PATH-TRAVERSAL", Zip({{"../m", ToBytes("x")}})},
      {"WB-NAME-CONTROL", BuildTar({{"a\x1b[2Jb", "x"}})},
      {"WB-ARCHIVE-DIFFERENTIAL", BuildTar({{"m", "x"}, {"m", "y"}})},
      {"WB-NOT-INSPECTED", BuildTar({{"m", std::string(600, 'x')}}).substr(0, 900)},
      {"WB-ARCHIVE-BOMB", BuildSquashfs({{"m.safetensors", 'f', SafetensorsFile({{"w", zeros}})}})},
      {"WB-LINK-ESCAPE", BuildSquashfs({{"s", 'l', "../etc/passwd"}})},
      {"WB-PATH-TRAVERSAL", BuildSquashfs({{"..", 'd', "", {{"m", 'f', "x"}}}})},
      {"WB-NAME-CONTROL", BuildSquashfs({{"a\x1b[2Jb", 'f', "x"}})},
      {"WB-ARCHIVE-DIFFERENTIAL", BuildSquashfs({{"m", 'f', "x"}, {"m", 'f', "y"}})},
      {"WB-NOT-INSPECTED", BuildSif({{0x4004, "overlay", "x", SifPartitionExtra(2)}})},
  };
  for (const Row& row : rows) {
    CAPTURE(row.rule);
    const Report report = ScanOne("attack", row.bytes, limits);
    const std::vector<std::string> ids = RuleIds(report);
    CHECK(std::find(ids.begin(), ids.end(), row.rule) != ids.end());
  }
  CHECK(RuleIds(ScanOne("fine", BuildTar({{"d/s", "", '2', "../m"}, {"m", "x"}}))).empty());
}

TEST_CASE("nesting ends at its depth") {
  std::string bytes = BuildTar({{"model.safetensors", Weights()}});
  for (int i = 0; i < 9; ++i) bytes = Compress(bytes, ARCHIVE_FILTER_GZIP);
  const Report report = ScanOne("x", bytes);
  CHECK(report.models.empty());
  CHECK(RuleIds(report) == std::vector<std::string>{"WB-NOT-INSPECTED"});
}

TEST_CASE("layers beyond the limit leave visibility unknown, and that is said") {
  Limits limits;
  limits.max_layer_paths = 1;
  const std::string layer = BuildTar({{"model.safetensors", Weights()}, {"b", "x"}});
  const std::string manifest =
      R"([{"Config":"c.json","RepoTags":["a:1"],"Layers":["1/layer.tar","2/layer.tar"]}])";
  const Report report = ScanOne("i.tar",
                                BuildTar({{"1/layer.tar", layer},
                                          {"2/layer.tar", BuildTar({{"c", "x"}})},
                                          {"manifest.json", manifest}}),
                                limits);
  REQUIRE(report.models.size() == 1);
  const Artifact& found = report.artifacts[report.models[0].weights[0]];
  REQUIRE(found.images.size() == 1);
  CHECK(found.images[0].image == "a:1");
  CHECK(found.images[0].state == ImagePlace::State::kUnknown);
  REQUIRE(report.diagnostics.size() == 1);
  CHECK(report.diagnostics[0].message ==
        "too many paths in image layers: whether a file shows in its image is unknown");
}

TEST_CASE("an archive that was read and holds nothing of ours is not a line of the report") {
  const Report report =
      ScanOne("notes.tgz", Compress(BuildTar({{"notes.txt", "hello"}}), ARCHIVE_FILTER_GZIP));
  CHECK(report.artifacts.empty());
  CHECK(report.coverage.members.seen == 1);
  CHECK(report.coverage.members.unrecognised == 1);
}

}  // namespace
}  // namespace weighbridge
