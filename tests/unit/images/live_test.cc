// Files that lie unpacked in layer folders, placed by documents built here: no disk.
#include <algorithm>
#include <functional>
#include <map>

#include <doctest/doctest.h>

#include "scanner/images/image.h"
#include "scanner/images/place.h"

namespace weighbridge {
namespace {

using Answer = LayerFolders::Answer;
using Lines = std::vector<std::string>;

std::string Hex(char c) { return std::string(64, c); }
std::string Digest(char c) { return "sha256:" + Hex(c); }

// Answers from a table "folder path" -> answer; silence is unknown.
class TableFolders final : public LayerFolders {
 public:
  std::map<std::string, Reply> rows;
  Answer otherwise = Answer::kNeither;
  mutable std::vector<std::string> asked;

  Reply Ask(const Location& folder, const std::string& path) const override {
    asked.push_back(folder.ToString() + " " + path);
    const auto row = rows.find(asked.back());
    return row == rows.end() ? Reply{otherwise, 0} : row->second;
  }
};

Artifact At(const Location& location, ArtifactKind kind, const std::string& format,
            std::vector<Claim> claims = {}) {
  Artifact artifact;
  artifact.location = location;
  artifact.kind = kind;
  artifact.format = format;
  artifact.claims = std::move(claims);
  return artifact;
}

// A store of which every file lies at `prefix` (with '/') in a folder or in a tar.
class Store {
 public:
  explicit Store(Location prefix) : prefix_(std::move(prefix)) {}

  Location Place(const std::string& name) const {
    Location location = prefix_;
    (location.members.empty() ? location.path : location.members.back()) += name;
    return location;
  }
  Store& Document(const std::string& name, const std::string& format, std::vector<Claim> claims) {
    live.documents.push_back(
        At(Place(name), ArtifactKind::kHubMetadata, format, std::move(claims)));
    return *this;
  }
  Store& Oci(const std::string& name, std::vector<Claim> claims) {
    artifacts.push_back(At(Place(name), ArtifactKind::kImageManifest, "oci", std::move(claims)));
    return *this;
  }
  Store& Weights(const std::string& name, const std::string& sha256 = {}) {
    artifacts.push_back(At(Place(name), ArtifactKind::kWeights, "gguf"));
    artifacts.back().sha256 = sha256;
    artifacts.back().size_bytes = 10;
    return *this;
  }
  // "name manifest layer position/layers state" of every place of the weights.
  Lines Join() {
    live.folders = &folders;
    CHECK(PlaceInImages(summaries, {}, artifacts, live));
    Lines lines;
    for (const Artifact& artifact : artifacts) {
      if (artifact.kind != ArtifactKind::kWeights) continue;
      if (artifact.images.empty()) lines.push_back("none");
      for (const ImagePlace& place : artifact.images) {
        const auto shortened = [](const std::string& digest) { return digest.substr(0, 9); };
        lines.push_back(place.image + " " + shortened(place.manifest_digest) + " " +
                        shortened(place.layer_digest) + " " + std::to_string(place.position) + "/" +
                        std::to_string(place.layers) + " " + ImageStateName(place.state));
      }
    }
    return lines;
  }

  TableFolders folders;
  LiveStores live;
  std::vector<LayerSummary> summaries;
  std::vector<Artifact> artifacts;

 private:
  Location prefix_;
};

const std::string kChain2 = ChainIds({Digest('1'), Digest('2')})[1].substr(7);

Store Docker(Location prefix, const std::string& driver = "overlay2") {
  Store store(std::move(prefix));
  const std::string meta = "image/" + driver + "/";
  store.Document(meta + "repositories.json", "docker_names",
                 {{"docker:name", "acme/a:1\t" + Digest('c')},
                  {"docker:name", "acme/a:2\t" + Digest('c')},
                  {"docker:name", "acme/a@" + Digest('d') + "\t" + Digest('c')}});
  const auto layer = [&](const std::string& chain, char cache, char diff,
                         const std::string& parent) {
    const std::string folder = meta + "layerdb/sha256/" + chain + "/";
    store.Document(folder + "cache-id", "docker_layer", {{"dockerlayer:cache-id", Hex(cache)}});
    store.Document(folder + "diff", "docker_layer", {{"dockerlayer:diff", Digest(diff)}});
    if (!parent.empty()) {
      store.Document(folder + "parent", "docker_layer", {{"dockerlayer:parent", parent}});
    }
  };
  layer(Hex('1'), 'x', '1', "");
  layer(kChain2, 'y', '2', Digest('1'));
  store.Document(meta + "distribution/diffid-by-digest/sha256/" + Hex('9'), "docker_diffid",
                 {{"dockerlayer:diff_id", Digest('1')}});
  store.Oci(
      meta + "imagedb/content/sha256/" + Hex('c'),
      {{"oci:document", "config"}, {"oci:diff_id", Digest('1')}, {"oci:diff_id", Digest('2')}});
  return store;
}

TEST_CASE("chain ids") {
  CHECK(ChainIds({}).empty());
  CHECK(ChainIds({Digest('1')}) == Lines{Digest('1')});
  // printf 'sha256:1...1 sha256:2...2' | sha256sum
  CHECK(ChainIds({Digest('1'), Digest('2')})[1] ==
        "sha256:9932074217c35353d2e03a3f5a86549f7c67bfeb0ba53e23d69f4d4c8f7958f5");
}

TEST_CASE("names: digests count when there is nothing else") {
  CHECK(JoinNames({"b:1", "a:1", "a@sha256:1", "sha256:2"}) == "a:1, b:1");
  CHECK(JoinNames({"sha256:2"}) == "sha256:2");
  CHECK(JoinNames({}) == "");
}

TEST_CASE("Docker, wherever its root lies") {
  const Location prefixes[] = {{"/var/lib/docker/", {}},
                               {"", {}},
                               {"docker/", {}},
                               {"h.tar", {""}},
                               {"h.tar", {"./var/lib/docker/"}}};
  for (const Location& prefix : prefixes) {
    CAPTURE(prefix.ToString());
    Store store = Docker(prefix);
    store.Weights("overlay2/" + Hex('x') + "/diff/models/m.gguf")
        .Weights("overlay2/" + Hex('y') + "/diff/n.gguf")
        .Weights("overlay2/" + Hex('z') + "/diff/of-a-container.gguf")
        .Weights("overlay2/" + Hex('x') + "/other/m.gguf");
    CHECK(store.Join() == Lines{"acme/a:1, acme/a:2 sha256:dd sha256:99 1/2 visible",
                                "acme/a:1, acme/a:2 sha256:dd sha256:22 2/2 visible", "none",
                                "none"});
  }
}

TEST_CASE("Docker's drivers") {
  const std::pair<const char*, std::string> rows[] = {
      {"fuse-overlayfs", "fuse-overlayfs/" + Hex('y') + "/diff/n"},
      {"aufs", "aufs/diff/" + Hex('y') + "/n"},
      {"vfs", "vfs/dir/" + Hex('y') + "/n"},
      {"btrfs", "btrfs/subvolumes/" + Hex('y') + "/n"}};
  for (const auto& [driver, path] : rows) {
    CAPTURE(driver);
    CHECK(Docker({"d/", {}}, driver).Weights(path).Join() ==
          Lines{"acme/a:1, acme/a:2 sha256:dd sha256:22 2/2 visible"});
  }
  CHECK(Docker({"d/", {}}, "zfs").Weights("zfs/" + Hex('y') + "/n").Join() == Lines{"none"});
}

TEST_CASE("an upper folder decides what shows") {
  struct Row {
    Answer answer;
    const char* state;
  };
  for (const Row& row : {Row{Answer::kNeither, "visible"}, Row{Answer::kDeletes, "deleted"},
                         Row{Answer::kHolds, "replaced"}, Row{Answer::kUnknown, "unknown"}}) {
    Store store = Docker({"d/", {}});
    store.folders.rows["d/overlay2/" + Hex('y') + "/diff models/m.gguf"] = {row.answer, 0};
    store.Weights("overlay2/" + Hex('x') + "/diff/models/m.gguf");
    CHECK(store.Join() ==
          Lines{std::string("acme/a:1, acme/a:2 sha256:dd sha256:99 1/2 ") + row.state});
    CHECK(store.folders.asked == Lines{"d/overlay2/" + Hex('y') + "/diff models/m.gguf"});
  }
}

TEST_CASE("a recognised file in the upper folder needs no question") {
  Store store = Docker({"h.tar", {"./d/"}});
  store.folders.otherwise = Answer::kUnknown;
  store.Weights("overlay2/" + Hex('x') + "/diff/m").Weights("overlay2/" + Hex('y') + "/diff/m");
  CHECK(store.Join() == Lines{"acme/a:1, acme/a:2 sha256:dd sha256:99 1/2 replaced",
                              "acme/a:1, acme/a:2 sha256:dd sha256:22 2/2 visible"});
}

TEST_CASE("an archive in a layer, and a hard link from another layer") {
  Store store = Docker({"d/", {}});
  store.artifacts.push_back(
      At({"d/overlay2/" + Hex('x') + "/diff/a.zip", {"m.gguf"}}, ArtifactKind::kWeights, "gguf"));
  store.Weights("overlay2/" + Hex('x') + "/diff/m");
  store.artifacts.back().other_locations = {{"d/overlay2/" + Hex('y') + "/diff/m", {}}};
  store.folders.rows["d/overlay2/" + Hex('y') + "/diff a.zip"] = {Answer::kDeletes, 0};
  CHECK(store.Join() == Lines{"acme/a:1, acme/a:2 sha256:dd sha256:99 1/2 deleted",
                              "acme/a:1, acme/a:2 sha256:dd sha256:99 1/2 replaced",
                              "acme/a:1, acme/a:2 sha256:dd sha256:22 2/2 visible"});
}

TEST_CASE("Docker: contradictions and gaps place nothing, and guess nothing") {
  SUBCASE("the diff file contradicts the configuration") {
    Store store = Docker({"d/", {}});
    for (Artifact& document : store.live.documents) {
      for (Claim& claim : document.claims) {
        if (claim.key == "dockerlayer:diff" && claim.value == Digest('2'))
          claim.value = Digest('3');
      }
    }
    store.Weights("overlay2/" + Hex('x') + "/diff/m").Weights("overlay2/" + Hex('y') + "/diff/m");
    CHECK(store.Join() == Lines{"acme/a:1, acme/a:2 sha256:dd sha256:99 1/2 unknown", "none"});
  }
  SUBCASE("two digests for one diff id") {
    Store store = Docker({"d/", {}});
    store.Document("image/overlay2/distribution/diffid-by-digest/sha256/" + Hex('8'),
                   "docker_diffid", {{"dockerlayer:diff_id", Digest('1')}});
    store.Weights("overlay2/" + Hex('x') + "/diff/m");
    CHECK(store.Join() == Lines{"acme/a:1, acme/a:2 sha256:dd sha256:11 1/2 visible"});
  }
  SUBCASE("an image without a name has its id") {
    Store store = Docker({"d/", {}});
    std::erase_if(store.live.documents,
                  [](const Artifact& document) { return document.format == "docker_names"; });
    store.Weights("overlay2/" + Hex('y') + "/diff/m");
    CHECK(store.Join() == Lines{Digest('c') + "  sha256:22 2/2 visible"});
  }
}

Store Storage(const std::string& driver) {
  Store store({"s/", {}});
  store.Document(driver + "-images/images.json", "storage_images",
                 {{"storage:image", Hex('i') + "\ttop\t" + Digest('d') + "\tlocalhost/a:1"},
                  {"storage:image", Hex('j') + "\tbase\t" + Digest('e')}});
  store.Document(driver + "-layers/layers.json", "storage_layers",
                 {{"storage:layer", "top\tbase\t" + Digest('2') + "\t"},
                  {"storage:layer", "base\t\t" + Digest('1') + "\t" + Digest('9')},
                  {"storage:layer", "box\ttop\t\t"}});
  return store;
}

TEST_CASE("containers/storage: a layer that two images share") {
  Store store = Storage("overlay");
  store.Weights("overlay/base/diff/m").Weights("overlay/top/diff/n").Weights("overlay/box/diff/o");
  store.folders.rows["s/overlay/top/diff m"] = {Answer::kDeletes, 0};
  CHECK(store.Join() ==
        Lines{"localhost/a:1 sha256:dd sha256:99 1/2 deleted",
              Digest('i').substr(0, 7) + Hex('j') + " sha256:ee sha256:99 1/1 visible",
              "localhost/a:1 sha256:dd sha256:22 2/2 visible", "none"});
}

TEST_CASE("containers/storage: the manifest says what layers are called") {
  Store store = Storage("overlay");
  store.Oci("overlay-images/" + Hex('i') + "/manifest", {{"oci:document", "manifest"},
                                                         {"oci:layer", Digest('7') + "\t1\tx\t"},
                                                         {"oci:layer", Digest('8') + "\t1\tx\t"}});
  store.Weights("overlay/top/diff/n");
  CHECK(store.Join() == Lines{"localhost/a:1 sha256:dd sha256:88 2/2 visible"});
}

TEST_CASE("containers/storage: chains without end or with an odd id place nothing") {
  Store store({"s/", {}});
  store.Document("overlay-images/images.json", "storage_images",
                 {{"storage:image", "i\tring\t\tring:1"}, {"storage:image", "j\t../x\t\todd:1"}});
  store.Document("overlay-layers/layers.json", "storage_layers",
                 {{"storage:layer", "ring\tring2\t\t"},
                  {"storage:layer", "ring2\tring\t\t"},
                  {"storage:layer", "../x\t\t\t"}});
  store.Weights("overlay/ring/diff/m").Weights("x/diff/m");
  CHECK(store.Join() == Lines{"none", "none"});
}

TEST_CASE("full copies: digests tell which layer brought a file, and whether it shows") {
  SUBCASE("the same file in both") {
    CHECK(Storage("vfs").Weights("vfs/dir/base/m", "1").Weights("vfs/dir/top/m", "1").Join()[2] ==
          "localhost/a:1 sha256:dd sha256:99 1/2 visible");
  }
  SUBCASE("another file of the same size") {
    const Lines lines =
        Storage("vfs").Weights("vfs/dir/base/m", "1").Weights("vfs/dir/top/m", "2").Join();
    CHECK(lines[0] == "localhost/a:1 sha256:dd sha256:99 1/2 replaced");
    CHECK(lines[2] == "localhost/a:1 sha256:dd sha256:22 2/2 visible");
  }
  SUBCASE("gone from the copy above") {
    CHECK(Storage("vfs").Weights("vfs/dir/base/m", "1").Join()[0] ==
          "localhost/a:1 sha256:dd sha256:99 1/2 deleted");
  }
  SUBCASE("without digests it is not known") {
    CHECK(Storage("vfs").Weights("vfs/dir/base/m").Weights("vfs/dir/top/m").Join()[0] ==
          "localhost/a:1 sha256:dd sha256:99 1/2 unknown");
  }
}

Store Containerd(Location prefix) {
  Store store(std::move(prefix));
  const std::string blobs = "io.containerd.content.v1.content/blobs/sha256/";
  store.Document("io.containerd.metadata.v1.bolt/meta.db", "containerd_images",
                 {{"containerd:image", "k8s.io\tdocker.io/acme/a:1\t" + Digest('d')},
                  {"containerd:image", "k8s.io\tsha256:cfg\t" + Digest('d')}});
  const std::string snapshots = "io.containerd.snapshotter.v1.overlayfs/metadata.db";
  store.Document(snapshots, "containerd_snapshots",
                 {{"containerd:snapshot", "4\tk8s.io/7/" + Digest('1')},
                  {"containerd:snapshot", "5\tk8s.io/9/sha256:" + kChain2},
                  {"containerd:snapshot", "6\tk8s.io/11/a-container"}});
  store.Oci(
      blobs + Hex('c'),
      {{"oci:document", "config"}, {"oci:diff_id", Digest('1')}, {"oci:diff_id", Digest('2')}});
  store.Oci(blobs + Hex('d'), {{"oci:document", "manifest"},
                               {"oci:config", Digest('c') + "\t"},
                               {"oci:layer", Digest('7') + "\t1\tx\t"},
                               {"oci:layer", Digest('8') + "\t1\tx\t"}});
  return store;
}

TEST_CASE("containerd: names from meta.db, snapshots by chain id, layers in blobs or not") {
  const std::string fs = "io.containerd.snapshotter.v1.overlayfs/snapshots/";
  for (const Location& prefix : {Location{"c/", {}}, Location{"h.tar", {"./c/"}}}) {
    Store store = Containerd(prefix);
    store.Weights(fs + "4/fs/m").Weights(fs + "5/fs/n").Weights(fs + "6/fs/o");
    CHECK(store.Join() == Lines{"docker.io/acme/a:1 sha256:dd sha256:77 1/2 visible",
                                "docker.io/acme/a:1 sha256:dd sha256:88 2/2 visible", "none"});
  }
}

TEST_CASE("containerd: without meta.db names are lost, digests are not") {
  Store store = Containerd({"c/", {}});
  store.live.documents.erase(store.live.documents.begin());
  store.Weights("io.containerd.snapshotter.v1.overlayfs/snapshots/5/fs/n");
  CHECK(store.Join() == Lines{" sha256:dd sha256:88 2/2 visible"});
}

TEST_CASE("containerd: where a folder does not answer, the layer's archive does") {
  Store store = Containerd({"c/", {}});
  store.folders.otherwise = Answer::kUnknown;
  LayerSummary upper;
  upper.location = {"c/io.containerd.content.v1.content/blobs/sha256/" + Hex('8'), {}};
  upper.complete = true;
  upper.AddFile(".wh.m");
  upper.Finish();
  store.summaries.push_back(std::move(upper));
  const std::string fs = "io.containerd.snapshotter.v1.overlayfs/snapshots/4/fs/";
  store.Weights(fs + "m").Weights(fs + "n");
  CHECK(store.Join() == Lines{"docker.io/acme/a:1 sha256:dd sha256:77 1/2 deleted",
                              "docker.io/acme/a:1 sha256:dd sha256:77 1/2 visible"});
}

TEST_CASE("containerd: an index gives its name to its manifests") {
  Store store = Containerd({"c/", {}});
  store.live.documents[0].claims = {{"containerd:image", "moby\tacme/a:1\t" + Digest('f')}};
  store.Oci("io.containerd.content.v1.content/blobs/sha256/" + Hex('f'),
            {{"oci:document", "index"}, {"oci:manifest", Digest('d') + "\tx\tlinux/amd64\t"}});
  store.Weights("io.containerd.snapshotter.v1.overlayfs/snapshots/5/fs/n");
  CHECK(store.Join() == Lines{"acme/a:1 (linux/amd64) sha256:dd sha256:88 2/2 visible"});
}

TEST_CASE("images that share a chain without measure are left out, and that is said") {
  Store store({"s/", {}});
  std::vector<Claim> layers;
  for (int i = 0; i < 1000; ++i) {
    layers.push_back({"storage:layer",
                      std::to_string(i) + "\t" + (i == 0 ? "" : std::to_string(i - 1)) + "\t\t"});
  }
  std::vector<Claim> images;
  for (int i = 0; i < 300; ++i) {
    images.push_back({"storage:image", "i" + std::to_string(i) + "\t999\t\tn"});
  }
  store.Document("overlay-images/images.json", "storage_images", images);
  store.Document("overlay-layers/layers.json", "storage_layers", layers);
  store.Weights("overlay/999/diff/m");
  CHECK_FALSE(PlaceInImages({}, {}, store.artifacts, store.live));
  CHECK(store.artifacts[0].images.size() == 1);  // all alike
}

}  // namespace
}  // namespace weighbridge
