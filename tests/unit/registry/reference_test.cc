// References as docker and skopeo read them.
#include "scanner/registry/reference.h"

#include <random>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

const std::string kHex(64, 'a');

TEST_CASE("references and what they stand for") {
  struct Row {
    std::string text;
    std::string full;
    std::string api;
  };
  const std::vector<Row> rows = {
      {"alpine", "docker.io/library/alpine:latest", "registry-1.docker.io"},
      {"alpine:3.20", "docker.io/library/alpine:3.20", "registry-1.docker.io"},
      {"ai/smollm2", "docker.io/ai/smollm2:latest", "registry-1.docker.io"},
      {"index.docker.io/alpine", "docker.io/library/alpine:latest", "registry-1.docker.io"},
      {"docker.io/ai/qwen3:8B-Q4_K_M", "docker.io/ai/qwen3:8B-Q4_K_M", "registry-1.docker.io"},
      {"ghcr.io/a/b/c", "ghcr.io/a/b/c:latest", "ghcr.io"},
      {"localhost/a", "localhost/a:latest", "localhost"},
      {"localhost:5000/a:x", "localhost:5000/a:x", "localhost:5000"},
      {"127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b:latest", "127.0.0.1:5000"},
      {"[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000"},
      {"host:5000/a", "host:5000/a:latest", "host:5000"},
      {"HOST/a", "HOST/a:latest", "HOST"},
      {"registry.ollama.ai/library/llama3.2:1b", "registry.ollama.ai/library/llama3.2:1b",
       "registry.ollama.ai"},
      {"a__b/c-d---e.f", "docker.io/a__b/c-d---e.f:latest", "registry-1.docker.io"},
      {"a@sha256:" + kHex, "docker.io/library/a@sha256:" + kHex, "registry-1.docker.io"},
      {"h.io/a:t@sha256:" + kHex, "h.io/a:t@sha256:" + kHex, "h.io"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto reference = ParseReference(row.text);
    REQUIRE(reference.ok());
    CHECK(reference.value().ToString() == row.full);
    CHECK(reference.value().ApiHost() == row.api);
  }
}

TEST_CASE("a digest wins over a tag") {
  CHECK(ParseReference("a:t@sha256:" + kHex).value().Wanted() == "sha256:" + kHex);
  CHECK(ParseReference("a:t").value().Wanted() == "t");
}

TEST_CASE("what is no reference, and why") {
  struct Row {
    std::string text;
    std::string message;
  };
  const std::string not_one = " is not a registry reference: ";
  const std::string component =
      " is not a name component (lower-case letters, digits, '.', '_', '-')";
  const std::vector<Row> rows = {
      {"", "\"\"" + not_one + "an empty name component"},
      {"a//b", "\"a//b\"" + not_one + "an empty name component"},
      {"Alpine", "\"Alpine\"" + not_one + "\"Alpine\"" + component},
      {"a/B", "\"a/B\"" + not_one + "\"B\"" + component},
      {"a/../b", "\"a/../b\"" + not_one + "\"..\"" + component},
      {"a:", "\"a:\"" + not_one + "\"\" is not a tag"},
      {"a:-x", "\"a:-x\"" + not_one + "\"-x\" is not a tag"},
      {"h:99999/a", "\"h:99999/a\"" + not_one + "\"h:99999\" is not a host or host:port"},
      {"-h.io/a", "\"-h.io/a\"" + not_one + "\"-h.io\" is not a host or host:port"},
      {"a b", "\"a b\"" + not_one + "\"a b\"" + component},
      {"a\r\nX: y", "\"a\\r\\nX: y\"" + not_one + "\" y\" is not a tag"},
      {"a@md5:00",
       "\"a@md5:00\"" + not_one + "\"md5:00\" is not sha256:<64 hex> or sha512:<128 hex>"},
      {kHex, "\"" + kHex + "\"" + not_one + "64 hexadecimal digits are an id, not a name"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto reference = ParseReference(row.text);
    REQUIRE_FALSE(reference.ok());
    CHECK(reference.error().message == row.message);
    CHECK(reference.error().code == ErrorCode::kInvalidArgument);
  }
}

// Whatever parses is safe in a request line and reads back as itself.
TEST_CASE("property: a reference prints and parses back") {
  std::mt19937 random(20261124);
  const std::string alphabet = "aaabz019.._--//::@AZ[]%\r\n ~\"\\";
  int parsed = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    const std::size_t length = random() % 14;
    for (std::size_t j = 0; j < length; ++j) text += alphabet[random() % alphabet.size()];
    if (random() % 8 == 0) text += "@sha256:" + kHex;
    const auto reference = ParseReference(text);
    if (!reference.ok()) continue;
    ++parsed;
    CAPTURE(text);
    const std::string full = reference.value().ToString();
    const auto again = ParseReference(full);
    REQUIRE(again.ok());
    REQUIRE(again.value() == reference.value());
    REQUIRE(full.find_first_of("\r\n \"\\%~") == full.npos);
    REQUIRE_FALSE(reference.value().Wanted().empty());
  }
  CHECK(parsed > 1000);
}

}  // namespace
}  // namespace weighbridge
