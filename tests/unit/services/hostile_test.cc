#include <chrono>

#include <doctest/doctest.h>

#include "tests/support/service_run.h"

using namespace weighbridge;
using test::FindServices;
using test::HitLines;

namespace {

ServiceReading Read(const std::string& text, const std::string& path = "a.yaml") {
  std::vector<ServiceHit> hits;
  return ServiceFinder::Instance().FindInText(text, path, {path, {}}, hits);
}

std::string Repeat(const std::string& piece, std::size_t bytes) {
  std::string out;
  while (out.size() + piece.size() <= bytes) out += piece;
  return out;
}

}  // namespace

TEST_CASE("a binary file is not searched") {
  CHECK(Read(std::string("api.deepseek.com\0", 17)).binary);
  CHECK(HitLines("a.yaml", std::string("\0 api.deepseek.com", 18)) == "");
  CHECK_FALSE(Read("text").binary);
  const std::string late = std::string(5000, ' ') + std::string("\0\nu: api.deepseek.com\n", 22);
  CHECK(HitLines("a.yaml", late) == "2 strong endpoint DeepSeek: api.deepseek.com");
}

TEST_CASE("what is beyond the limit is not searched, and that is told") {
  const std::string fill(kMaxServiceTextBytes, 'x');
  CHECK_FALSE(Read(fill).truncated);
  CHECK(Read(fill + "\nu: api.deepseek.com\n").truncated);
  CHECK(HitLines("a.yaml", fill + "\nu: api.deepseek.com\n") == "");
  std::vector<ServiceHit> hits;
  const MemorySource source("u: api.deepseek.com\n" + fill);
  auto reading = ServiceFinder::Instance().FindInSource(source, "a.yaml", {"a.yaml", {}}, hits);
  REQUIRE(reading.ok());
  CHECK(reading.value().truncated);
  CHECK(hits.size() == 1);
  const MemorySource binary(std::string(10, '\0') + fill);
  CHECK(ServiceFinder::Instance()
            .FindInSource(binary, "a.yaml", {"a.yaml", {}}, hits)
            .value()
            .binary);
  CHECK_FALSE(
      ServiceFinder::Instance().FindInSource(source, "a.bin", {"a.bin", {}}, hits).value().read);
}

TEST_CASE("a hundred thousand hits are one, counted") {
  const std::vector<ServiceHit> hits = FindServices("a.yaml", Repeat("api.x.ai\n", 900'000));
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].repeats == 100'000);
  CHECK(hits[0].line == 1);
}

TEST_CASE("a flood of names of one service hides no other") {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += "h" + std::to_string(i) + ".api.openai.com\n";
  text += "u: api.deepseek.com\n";
  std::vector<ServiceHit> hits;
  const ServiceReading reading =
      ServiceFinder::Instance().FindInText(text, "a.yaml", {"a.yaml", {}}, hits);
  CHECK(reading.dropped == 30'000 - 16);
  CHECK(hits.size() == 17);
  CHECK(test::HitLine(hits.back()) == "30001 strong endpoint DeepSeek: api.deepseek.com");
}

TEST_CASE("hostile texts end soon") {
  const std::size_t size = 1 << 18;
  std::string everything;
  for (const ServiceItem& item : EmbeddedServiceTable().items) everything += item.text + "\n";
  const std::string texts[] = {
      std::string(size, 'a'),
      std::string(size, '\n'),
      std::string(size, '{') + "api.x.ai",
      Repeat("api.x.ai", size),
      Repeat("a.", size) + "api.x.ai",
      Repeat("{\"", size),
      Repeat("}api.x.ai{", size),
      Repeat("base_url", size),
      Repeat("OPENAI_BASE_URL=", size),
      Repeat("'gpt-4", size),
      Repeat("\"deepseek-chat\"", size),
      Repeat("from openai ", size),
      Repeat("\"\\n\"'", size),
      Repeat(everything, size),
      Repeat("\xff\xfe\x80 api.z.ai ", size),
  };
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text : texts) {
    for (const char* path : {"a.yaml", "a.py", "package-lock.json", "pyproject.toml", "pom.xml",
                             "go.mod", "yarn.lock", "README.md"}) {
      std::vector<ServiceHit> hits;
      ServiceFinder::Instance().FindInText(text, path, {path, {}}, hits);
      CHECK(hits.size() < 6000);
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  MESSAGE("30 hostile MiB in " << took.count() << " s");
  CHECK(took.count() < 60.0);
}

TEST_CASE("every prefix and every flipped byte of a text is read without harm") {
  const std::string text =
      "OPENAI_BASE_URL=https://u:p@{x}.openai.azure.com/\r\n"
      "m: \"accounts/fireworks/models/kimi-k2\" # api.z.ai\nfrom openai import x\n";
  std::size_t most = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    for (const char* path : {"a.env", "a.py", "requirements.txt"}) {
      most = std::max(most, FindServices(path, text.substr(0, i)).size());
      std::string flipped = text;
      if (i < text.size()) flipped[i] = static_cast<char>(flipped[i] ^ 0x5a);
      FindServices(path, flipped);
    }
  }
  CHECK(most >= 4);
}
