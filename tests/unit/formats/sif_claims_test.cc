// What SIF images claim, and what they cannot.
#include <doctest/doctest.h>

#include "scanner/formats/signatures.h"
#include "tests/support/format_run.h"
#include "tests/support/sif_builder.h"

namespace weighbridge {
namespace {

using test::BuildSif;
using test::SifOptions;
using test::SifPart;

using Claims = std::vector<Claim>;

Artifact Describe(const std::string& image) {
  return testing::ParseBytes(&ParseSignature, testing::Bytes(image.begin(), image.end()));
}

TEST_CASE("header, labels, definition file and environment") {
  const Artifact artifact = Describe(BuildSif(
      {{0x4001, "def", "# a comment\nBootstrap: docker\nfrom :  vllm:v1 \n%post\n  echo From x\n"},
       {0x4002, "env", "export HF_TOKEN=secret\nPATH=/bin\nnot a variable\n$(x)=1\nif [ a = b ]\n"},
       {0x4003, "labels", R"({"org.opencontainers.image.title":"tiny","n":1,"e":""})"},
       {0x4003, "gone", R"({"gone":"x"})", "", false}}));
  CHECK(artifact.format == "sif");
  CHECK(artifact.format_version == "01");
  CHECK(artifact.claims == Claims{{"sif:arch", "amd64"},
                                  {"sif:created", "2023-11-14T22:13:20Z"},
                                  {"sif:deffile", "Bootstrap: docker"},
                                  {"sif:deffile", "from :  vllm:v1"},
                                  {"sif:env", "HF_TOKEN"},
                                  {"sif:env", "PATH"},
                                  {"sif:label.org.opencontainers.image.title", "tiny"}});
}

TEST_CASE("metadata as Apptainer writes them") {
  SifOptions options;
  options.architecture = "00";
  options.created = 0;
  const std::string metadata =
      R"({"data":{"attributes":{"deffile":"bootstrap: docker\nfrom: a:1\n","labels":{"k":"v"}}}})";
  CHECK(Describe(BuildSif({{0x4006, "inspect-metadata.json", metadata}, {0x4006, "o", metadata}},
                          options))
            .claims == Claims{{"sif:label.k", "v"},
                              {"sif:deffile", "bootstrap: docker"},
                              {"sif:deffile", "from: a:1"}});
}

TEST_CASE("damage claims nothing, and a long list is capped") {
  CHECK(Describe(BuildSif({{0x4003, "l", "{\"a\":"}})).claims.size() == 2);
  CHECK(Describe(BuildSif({{0x4003, "l", "[1]"}})).claims.size() == 2);
  SifPart beyond{0x4003, "l", "{\"a\":\"b\"}"};
  beyond.size = 1 << 20;
  CHECK(Describe(BuildSif({beyond})).claims.size() == 2);
  std::string labels = "{\"x\":\"" + std::string(5000, 'v') + "\"";
  for (int i = 0; i < 1000; ++i) labels += ",\"k" + std::to_string(i) + "\":\"v\"";
  const Artifact artifact = Describe(BuildSif({{0x4003, "l", labels + "}"}}));
  CHECK(artifact.claims.size() == 256);
  for (const Claim& claim : artifact.claims) CHECK(claim.value.size() <= 1024);
  const Artifact hidden = Describe(BuildSif({{0x4003, "l", R"({"a\u001b":"b\u202ec"})"}}));
  CHECK(hidden.claims.back() == Claim{"sif:label.a\\x1b", "b\\u202ec"});
}

TEST_CASE("times that are none") {
  for (const std::uint64_t created : {std::uint64_t{0}, std::uint64_t{253'402'300'800},
                                      ~std::uint64_t{0}, std::uint64_t{1} << 63}) {
    SifOptions options;
    options.created = created;
    CHECK(Describe(BuildSif({}, options)).claims == Claims{{"sif:arch", "amd64"}});
  }
}

}  // namespace
}  // namespace weighbridge
