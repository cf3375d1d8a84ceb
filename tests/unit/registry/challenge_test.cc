#include "scanner/registry/challenge.h"

#include <doctest/doctest.h>

#include "scanner/registry/credentials.h"
#include "scanner/registry/manifest.h"
#include "scanner/registry/url.h"

namespace weighbridge {
namespace {

std::string Text(const std::vector<Challenge>& challenges) {
  std::string text;
  for (const Challenge& challenge : challenges) {
    text += "[" + challenge.scheme;
    for (const auto& [name, value] : challenge.params) text += " " + name + "=" + value;
    text += "]";
  }
  return text;
}

TEST_CASE("WWW-Authenticate as registries and proxies send it") {
  struct Row {
    std::string header;
    std::string expected;
  };
  const std::vector<Row> rows = {
      {"Bearer realm=\"https://a/t\",service=\"r\",scope=\"repository:a/b:pull,push\"",
       "[bearer realm=https://a/t scope=repository:a/b:pull,push service=r]"},
      {"Basic realm=\"x\"", "[basic realm=x]"},
      {"basic", "[basic]"},
      {"BEARER Realm = token , service=a", "[bearer realm=token service=a]"},
      {"Negotiate, Basic realm=x", "[negotiate][basic realm=x]"},
      {"NTLM YWJj==, Bearer realm=\"r\"", "[ntlm][bearer realm=r]"},
      {"Basic realm=\"a \\\"b\\\"\"", "[basic realm=a \"b\"]"},
      {"Basic realm=\"never closed", ""},
      {"Bearer realm=a, realm=b", "[bearer realm=a]"},
      {"", ""},
      {", ,", ""},
      {"\"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.header);
    CHECK(Text(ParseChallenges(row.header)) == row.expected);
  }
}

TEST_CASE("credentials of a docker configuration") {
  const auto store = CredentialStore::Parse(R"({"auths": {
    "https://index.docker.io/v1/": {"auth": "dXNlcjpwYTpzcw=="},
    "host:5000": {"username": "u", "password": "p"},
    "https://ghcr.io": {"auth": "not base64"},
    "id.io": {"identitytoken": "x"}},
    "credHelpers": {"gcr.io": "gcloud"}, "credsStore": "desktop"})");
  REQUIRE(store.ok());
  CHECK(store.value().For("docker.io")->password == "pa:ss");
  CHECK(store.value().For("docker.io")->Basic() == "Basic dXNlcjpwYTpzcw==");
  CHECK(store.value().For("HOST:5000")->user == "u");
  CHECK_FALSE(store.value().For("host"));
  CHECK_FALSE(store.value().For("ghcr.io"));
  CHECK(store.value().WhyNone("ghcr.io") == "its \"auth\" is not base64 of user:password");
  CHECK(store.value().WhyNone("id.io") ==
        "only an identity token is stored, which is not supported");
  CHECK(store.value().WhyNone("gcr.io") ==
        "they are in the credential helper \"gcloud\", and weighbridge runs no program");
  CHECK(store.value().WhyNone("other.io") ==
        "the docker configuration leaves credentials to the helper \"desktop\", and weighbridge "
        "runs no program");
}

TEST_CASE("base64 both ways") {
  for (const std::string text : {"", "a", "ab", "abc", "abcd", "\x00\xFF\x80"}) {
    CHECK(DecodeBase64(EncodeBase64(text)) == text);
  }
  for (const std::string text : {"a", "ab=", "a===", "=aaa", "ab=c", "a b=", "YQ==YQ=="}) {
    CAPTURE(text);
    CHECK_FALSE(DecodeBase64(text));
  }
}

TEST_CASE("URLs and redirects") {
  struct Row {
    std::string base;
    std::string location;
    std::string expected;
  };
  const std::vector<Row> rows = {
      {"https://a:5000/v2/x/blobs/y?q", "/s?t=1", "https://a:5000/s?t=1"},
      {"https://a/v2/x", "y", "https://a/v2/y"},
      {"https://a/v2/x", "?p", "https://a/v2/x?p"},
      {"https://a/v2/x", "//b/c", "https://b/c"},
      {"https://a/v2/x", "http://[::1]:80/c#f", "http://[::1]/c"},
      {"https://a/v2/x", "HTTPS://B:443?x", "https://b/?x"},
      {"https://a/", "https://u:p@b/", "URL \"https://u:p@b/\": host or port cannot be read"},
      {"https://a/", "ftp://b/", "URL \"ftp://b/\": neither https nor http"},
      {"https://a/", "/x y", "URL \"https://a/x y\": holds characters that a URL cannot"},
      {"https://a/", "/x\r\nA: b",
       "URL \"https://a/x\\r\\nA: b\": holds characters that a URL cannot"},
      {"https://a/", "", "URL \"\": empty"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.location);
    const auto url = ResolveUrl(ParseUrl(row.base).value(), row.location);
    CHECK((url.ok() ? url.value().ToString() : url.error().message) == row.expected);
  }
  CHECK(IsLoopbackName("127.8.9.1"));
  CHECK_FALSE(IsLoopbackName("127.0.0.1.evil.example"));
  CHECK_FALSE(IsLoopbackName("128.0.0.1"));
  CHECK(PercentEncode("repository:a/b:pull") == "repository%3Aa%2Fb%3Apull");
}

TEST_CASE("which manifests of an index are read") {
  const auto entry = [](const char* platform) {
    Descriptor descriptor;
    descriptor.platform = platform;
    return descriptor;
  };
  std::vector<Descriptor> manifests = {entry("linux/amd64"), entry("linux/arm64/v8"), entry(""),
                                       entry("unknown/unknown")};
  manifests[3].attestation = true;
  using Indices = std::vector<std::size_t>;
  CHECK(ChooseManifests(manifests, "", false).value().chosen == Indices{0, 2});
  CHECK(ChooseManifests(manifests, "linux/arm64", false).value().chosen == Indices{1, 2});
  CHECK(ChooseManifests(manifests, "", true).value().chosen == Indices{0, 1, 2, 3});
  const auto none = ChooseManifests(manifests, "windows/amd64", false);
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().message ==
        "no manifest for \"windows/amd64\", it has linux/amd64, linux/arm64/v8");
  manifests.erase(manifests.begin());
  CHECK(ChooseManifests(manifests, "", false).value().chosen == Indices{0, 1});
}

TEST_CASE("media types and documents") {
  CHECK(ShapeOf("application/vnd.oci.image.layer.v1.tar+gzip") == LayerShape::kTar);
  CHECK(ShapeOf("application/vnd.docker.image.rootfs.diff.tar.gzip") == LayerShape::kTar);
  CHECK(ShapeOf("application/vnd.kitops.modelkit.model.v1.tar") == LayerShape::kTar);
  CHECK(ShapeOf("application/vnd.oci.image.layer.v1.tar+gzip+encrypted") == LayerShape::kEncrypted);
  CHECK(ShapeOf("application/vnd.docker.ai.gguf.v3") == LayerShape::kUnknown);
  CHECK(ShapeOf("application/vnd.cnai.model.weight.v1.raw") == LayerShape::kUnknown);
  CHECK(ShapeOf("application/starfish") == LayerShape::kUnknown);
  struct Row {
    std::string text;
    std::string type;
    std::string message;
  };
  const std::vector<Row> rows = {
      {"[]", "", "manifest: not a JSON object"},
      {R"({"schemaVersion":1})", "",
       "manifest: Docker schema 1, which registries no longer accept"},
      {R"({"layers":[],"manifests":[]})", "", "manifest: is an index and a manifest at once"},
      {R"({"schemaVersion":2})", "", "manifest: neither layers nor manifests are listed"},
      {R"({"layers":[],"mediaType":"a"})", "b+json",
       "manifest: says it is \"a\", the registry says \"b+json\""},
  };
  for (const Row& row : rows) {
    const auto document = ParseManifestDocument(row.text, row.type, {});
    REQUIRE_FALSE(document.ok());
    CHECK(document.error().message == row.message);
  }
  const auto document = ParseManifestDocument(
      R"({"layers":[{"digest":"sha256:x","size":1},5,{"digest":"sha256:)" + std::string(64, 'b') +
          R"(","size":-1},{"digest":"sha256:)" + std::string(64, 'c') + R"(","size":7}]})",
      "", {});
  REQUIRE(document.ok());
  CHECK(document.value().layers.size() == 1);
  CHECK(document.value().complaints ==
        std::vector<std::string>{"layer 1: \"sha256:x\" is not a digest", "layer 2: not an object",
                                 "layer 3: sha256:" + std::string(64, 'b') + " has no size"});
}

}  // namespace
}  // namespace weighbridge
