// The documents of container engines: known by place and content, silent elsewhere.
#include <doctest/doctest.h>

#include "tests/support/bolt_builder.h"
#include "tests/support/side_car_builder.h"

namespace weighbridge {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

const std::string kA(64, 'a');
const std::string kB(64, 'b');

TEST_CASE("what documents say") {
  struct Row {
    std::string path;
    std::string text;
    std::string format;  // "": not taken
    Lines claims;
  };
  const std::string layer = "d/image/overlay2/layerdb/sha256/" + kA + "/";
  const Row rows[] = {
      {"d/image/overlay2/repositories.json",
       R"({"Repositories":{"a":{"a:1":"sha256:)" + kA + R"(","a:2":"../x"}}})",
       "docker_names",
       {"docker:name=a:1\tsha256:" + kA}},
      {"d/repositories.json", R"({"Repositories":{}})", "", {}},
      {layer + "cache-id", kB, "docker_layer", {"dockerlayer:cache-id=" + kB}},
      {layer + "cache-id",
       "k5zoy8m1x9w2v3u4t5s6r7q8p\n",
       "docker_layer",
       {"dockerlayer:cache-id=k5zoy8m1x9w2v3u4t5s6r7q8p"}},
      {layer + "cache-id", "../../etc", "", {}},
      {layer + "diff", "sha256:" + kB, "docker_layer", {"dockerlayer:diff=sha256:" + kB}},
      {layer + "parent", "sha256:" + kB, "docker_layer", {"dockerlayer:parent=sha256:" + kB}},
      {layer + "diff", "sha256:" + kB + " and more", "", {}},
      {"d/layerdb/sha256/short/diff", "sha256:" + kB, "", {}},
      {"src/diff", "sha256:" + kB, "", {}},
      {"d/image/overlay2/distribution/diffid-by-digest/sha256/" + kA,
       "sha256:" + kB,
       "docker_diffid",
       {"dockerlayer:diff_id=sha256:" + kB}},
      {"s/overlay-images/images.json",
       R"([{"id":"i","digest":"sha256:d","names":["n:1","n\t:2"],"layer":"t"},
           {"id":"j","layer":"t","big-data-digests":{"manifest":"sha256:e"}}, 3])",
       "storage_images",
       {"storage:image=i\tt\tsha256:d\tn:1\tn :2", "storage:image=j\tt\tsha256:e"}},
      {"s/overlay-layers/layers.json",
       R"([{"id":"t","parent":"u","diff-digest":"sha256:1","compressed-diff-digest":"sha256:2"}])",
       "storage_layers",
       {"storage:layer=t\tu\tsha256:1\tsha256:2"}},
      {"s/other/layers.json", "[]", "", {}},
      {"s/vfs-images/" + kA + "/=bWFuaWZlc3Q=",
       R"({"schemaVersion":2,"layers":[],"config":{}})",
       "storage_data",
       {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const InspectedSideCar read = InspectText(row.path, row.text);
    CHECK(read.taken == !row.format.empty());
    if (!read.taken) continue;
    CHECK(read.artifact.format == row.format);
    CHECK(read.artifact.kind == ArtifactKind::kHubMetadata);
    CHECK(ClaimLines(read.artifact) == row.claims);
    CHECK(DiagnosticLines(read.artifact) == Lines{});
  }
}

TEST_CASE("a document that breaks off is named") {
  const InspectedSideCar read = InspectText("s/overlay-images/images.json", R"([{"id":"i")");
  REQUIRE(read.taken);
  CHECK(read.artifact.inspection == Inspection::kPartial);
  REQUIRE(read.artifact.diagnostics.size() == 1);
  CHECK(read.artifact.diagnostics[0].message.rfind("storage_images: ", 0) == 0);
}

TEST_CASE("containerd's databases") {
  BoltBucket images;
  PutImage(images, "default", "docker.io/acme/a:1", "sha256:" + kA);
  PutImage(images, "k8s.io", "docker.io/acme/a:1", "sha256:" + kB);
  images.Bucket("v1").Bucket("default").Bucket("leases").Bucket("l").Put("digest", "no");
  images.Bucket("v1").Put("version", "\x06");
  InspectedSideCar read =
      InspectText("c/io.containerd.metadata.v1.bolt/meta.db", BuildBolt(images));
  REQUIRE(read.taken);
  CHECK(read.artifact.format == "containerd_images");
  CHECK(ClaimLines(read.artifact) ==
        Lines{"containerd:image=default\tdocker.io/acme/a:1\tsha256:" + kA,
              "containerd:image=k8s.io\tdocker.io/acme/a:1\tsha256:" + kB});
  CHECK_FALSE(InspectText("c/elsewhere/meta.db", BuildBolt(images)).taken);

  BoltBucket snapshots;
  PutSnapshot(snapshots, "default/2/sha256:" + kA, 1);
  PutSnapshot(snapshots, "default/4/box", 300, "default/2/sha256:" + kA);
  read = InspectText("c/io.containerd.snapshotter.v1.overlayfs/metadata.db", BuildBolt(snapshots));
  REQUIRE(read.taken);
  CHECK(read.artifact.format == "containerd_snapshots");
  CHECK(ClaimLines(read.artifact) == Lines{"containerd:snapshot=1\tdefault/2/sha256:" + kA,
                                           "containerd:snapshot=300\tdefault/4/box"});
}

TEST_CASE("a damaged database is a partial record with a diagnostic") {
  BoltBucket images;
  for (int i = 0; i < 40; ++i) {
    PutImage(images, "default", "image" + std::to_string(100 + i), "sha256:" + kA);
  }
  std::string bytes = BuildBolt(images, {1024, 8, false});
  const std::string path = "c/io.containerd.metadata.v1.bolt/meta.db";
  REQUIRE(InspectText(path, bytes).artifact.claims.size() == 40);
  bytes[3 * 1024] = '\x63';  // the page of the first image's target
  const InspectedSideCar read = InspectText(path, bytes);
  CHECK(read.artifact.claims.size() == 39);
  CHECK(read.artifact.inspection == Inspection::kPartial);
  CHECK(DiagnosticLines(read.artifact) ==
        Lines{"containerd_images: page 3: says that it is page 99"});

  const InspectedSideCar wiped = InspectText(path, std::string(8192, '\x01'));
  CHECK(wiped.artifact.claims.empty());
  CHECK(DiagnosticLines(wiped.artifact) == Lines{"containerd_images: no meta page of bbolt"});
}

TEST_CASE("other databases of the engines are no findings, those of others are none of ours") {
  const std::string bytes = BuildBolt(BoltBucket());
  for (const char* path : {"d/buildkit/cache.db", "d/network/files/local-kv.db",
                           "d/volumes/metadata.db", "s/libpod/bolt_state.db"}) {
    CAPTURE(path);
    const InspectedSideCar read = InspectText(path, bytes);
    REQUIRE(read.taken);
    CHECK(read.artifact.format == "engine_database");
    CHECK_FALSE(InspectText(path, "text").taken);
  }
  CHECK_FALSE(InspectText("app/data.db", bytes).taken);
}

}  // namespace
}  // namespace weighbridge
