// A whole scan of a registry: which layer of which image a file lies in, what is read of
// a file in a layer of its own, and what hostile manifests come to.
#include "weighbridge/scan.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "scanner/registry/client.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/http_server.h"
#include "tests/support/tar_builder.h"

namespace weighbridge {
namespace {

using namespace test;

std::string Sha(const std::string& text) { return DigestOf("sha256", text); }

std::string Entry(const std::string& content, const std::string& type,
                  const std::string& more = "") {
  return R"({"mediaType":")" + type + R"(","digest":")" + Sha(content) + R"(","size":)" +
         std::to_string(content.size()) + more + "}";
}

std::string Manifest(const std::string& config, const std::string& layers) {
  return R"({"schemaVersion":2,"config":)" +
         Entry(config, "application/vnd.oci.image.config.v1+json") + R"(,"layers":[)" + layers +
         "]}";
}

constexpr char kTar[] = "application/vnd.oci.image.layer.v1.tar";

// A registry of the given manifests and blobs.
class FakeRegistry {
 public:
  void Add(const std::string& content) { blobs_[Sha(content)] = content; }
  void Tag(const std::string& manifest) {
    Add(manifest);
    blobs_["t"] = manifest;
  }
  // Serves `content` where another is expected.
  void Swap(const std::string& digest, const std::string& content) { blobs_[digest] = content; }

  Report Scan(ScanOptions options = {}) {
    HttpServer server([&](const Asked& asked) { return Find(asked); });
    options.targets = {"registry:" + server.host() + "/a/b:t"};
    options.insecure = true;
    options.report_time = 1795478400;
    auto report = weighbridge::Scan(options);
    host = server.host();
    return report.ok() ? std::move(report).value() : Report{};
  }
  std::string host;

 private:
  Reply Find(const Asked& asked) const {
    const auto found = blobs_.find(asked.target.substr(asked.target.rfind('/') + 1));
    if (found == blobs_.end()) return HttpAnswer(404, "{}");
    const std::string range = asked.Header("Range");
    if (range.empty()) return HttpAnswer(200, found->second);
    const std::size_t from = std::stoull(range.substr(6));
    const std::size_t to = std::stoull(range.substr(range.find('-') + 1));
    return HttpAnswer(206, found->second.substr(from, to - from + 1),
                      {"Content-Range: bytes " + std::to_string(from) + "-" + std::to_string(to) +
                       "/" + std::to_string(found->second.size())});
  }
  std::map<std::string, std::string> blobs_;
};

std::string Gguf(std::size_t floats) {
  const auto bytes = testing::GgufBuilder()
                         .String("general.architecture", "llama")
                         .Tensor("output.weight", {floats}, 0, floats * 4)
                         .Build();
  return std::string(bytes.begin(), bytes.end());
}

const Artifact* Ending(const Report& report, const std::string& end) {
  for (const Artifact& artifact : report.artifacts) {
    if (artifact.location.ToString().ends_with(end)) return &artifact;
  }
  return nullptr;
}

std::vector<std::string> Messages(const Report& report) {
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : report.diagnostics) messages.push_back(diagnostic.message);
  return messages;
}

TEST_CASE("an image: name, layer, position and whether a file shows") {
  const std::string low = BuildTar({{"m/a.gguf", Gguf(8)}, {"m/b.gguf", Gguf(16)}});
  const std::string high = BuildTar({{"m/.wh.b.gguf", ""}});
  const std::string config =
      R"({"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[")" + Sha(low) +
      R"(",")" + Sha(high) + R"("]}})";
  const std::string manifest = Manifest(config, Entry(low, kTar) + "," + Entry(high, kTar));
  const std::string index = R"({"schemaVersion":2,"manifests":[)" +
                            Entry(manifest, "application/vnd.oci.image.manifest.v1+json",
                                  R"(,"platform":{"os":"linux","architecture":"amd64"})") +
                            "]}";
  FakeRegistry registry;
  for (const std::string& content : {low, high, config, manifest}) registry.Add(content);
  registry.Tag(index);
  const Report report = registry.Scan();
  CHECK(report.complete);
  CHECK(report.coverage.Balanced());
  CHECK(report.coverage.files_seen == 5);
  const Artifact* a = Ending(report, "!/m/a.gguf");
  REQUIRE(a != nullptr);
  CHECK(a->location.ToString() == "registry:" + registry.host + "/a/b@" + Sha(index) +
                                      "!/blobs/sha256/" + Sha(low).substr(7) + "!/m/a.gguf");
  REQUIRE(a->images.size() == 1);
  CHECK(a->images[0] == ImagePlace{registry.host + "/a/b:t (linux/amd64)", Sha(manifest), Sha(low),
                                   1, 2, ImagePlace::State::kVisible});
  const Artifact* b = Ending(report, "!/m/b.gguf");
  REQUIRE(b != nullptr);
  REQUIRE(b->images.size() == 1);
  CHECK(b->images[0].state == ImagePlace::State::kDeleted);
  CHECK(a->sha256 == Sha(Gguf(8)).substr(7));
  CHECK(Messages(report).empty());
}

TEST_CASE("a file in a layer of its own costs its header") {
  const std::string model = Gguf(3 << 20);
  const std::string manifest =
      Manifest("{}", Entry(model, "application/vnd.docker.ai.gguf.v3",
                           R"(,"annotations":{"org.cncf.model.filepath":"model.gguf"})"));
  FakeRegistry registry;
  registry.Add(model);
  registry.Tag(manifest);
  const Report report = registry.Scan();
  const Artifact* file = Ending(report, "@" + Sha(manifest) + "!/model.gguf");
  REQUIRE(file != nullptr);
  CHECK(file->sha256.empty());
  CHECK(file->tensors_without_digest == 1);
  CHECK(file->stated_digests.at(0) ==
        StatedDigest{"sha256", Sha(model).substr(7), "model.gguf", model.size()});
  REQUIRE(file->images.size() == 1);
  CHECK(file->images[0].image == registry.host + "/a/b:t");
  CHECK(report.coverage.bytes_read < 300'000);
  ScanOptions whole;
  whole.hash_registries = true;
  const Report full = registry.Scan(whole);
  file = Ending(full, "!/model.gguf");
  REQUIRE(file != nullptr);
  CHECK(file->sha256 == Sha(model).substr(7));
  CHECK(file->tensor_digests.size() == 1);
}

TEST_CASE("Ollama's layout: no names, media types say what a layer is") {
  const std::string model = Gguf(1 << 18);
  const std::string manifest = Manifest("{}", Entry(model, "application/vnd.ollama.image.model"));
  FakeRegistry registry;
  registry.Add(model);
  registry.Tag(manifest);
  const Report report = registry.Scan();
  const Artifact* file = Ending(report, "!/blobs/sha256/" + Sha(model).substr(7));
  REQUIRE(file != nullptr);
  CHECK(file->format == "gguf");
  CHECK(file->ClaimOr("oci:media_type") == "application/vnd.ollama.image.model");
}

TEST_CASE("layers that cannot be had, and names that lie") {
  const std::string model = Gguf(8);
  const std::string gone = BuildTar({{"x", "y"}});
  const std::string wrong = BuildTar({{"m.gguf", Gguf(8)}});
  const std::string other = BuildTar({{"n.gguf", Gguf(8)}});
  const std::string manifest = Manifest(
      "{}", Entry(gone, kTar) + "," + Entry(wrong, kTar) + "," +
                Entry("secret", "application/vnd.oci.image.layer.v1.tar+encrypted") + "," +
                Entry(model, "application/octet-stream",
                      R"(,"annotations":{"org.opencontainers.image.title":"../../m.gguf"})"));
  FakeRegistry registry;
  registry.Add(model);
  registry.Swap(Sha(wrong), other);
  registry.Tag(manifest);
  const Report report = registry.Scan();
  CHECK(report.coverage.Balanced());
  CHECK(report.coverage.failed == 2);
  CHECK_FALSE(report.complete);
  std::vector<std::string> messages = Messages(report);
  const auto says = [&](const std::string& text) {
    return std::any_of(messages.begin(), messages.end(),
                       [&](const std::string& m) { return m.find(text) != m.npos; });
  };
  CHECK(says("not found, HTTP 404"));
  CHECK(says("not inspected: the layer is encrypted"));
  CHECK(says("digest mismatch: the name says " + Sha(wrong)));
  CHECK(says("member name leaves its folder: \"../../m.gguf\""));
  CHECK(Ending(report, "!/n.gguf") != nullptr);
}

}  // namespace
}  // namespace weighbridge
