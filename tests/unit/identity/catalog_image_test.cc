// The build-time half of the catalogue: reproducible bytes, refused tables.
#include "scanner/identity/catalog_image.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "scanner/identity/catalog_schema.h"
#include "scanner/identity/embedded_catalog.h"

namespace weighbridge {
namespace {

CatalogTexts ShippedTables() {
  CatalogTexts texts;
  for (const auto& name : CatalogFileNames()) {
    std::ifstream in(std::string(WEIGHBRIDGE_SOURCE_DIR) + "/rules/catalog/" + name);
    texts.emplace_back(name, std::string(std::istreambuf_iterator<char>(in), {}));
  }
  return texts;
}

std::string& TextOf(CatalogTexts& texts, const std::string& name) {
  for (auto& [file, text] : texts) {
    if (file == name) return text;
  }
  FAIL("no table " << name);
  return texts.front().second;
}

std::size_t LinesIn(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// A row at the end of accelerators.tsv: 34 columns.
std::string Accelerator(const char* fp64, const char* device, const char* segment) {
  return std::string("zzz\tV\tP\t\t") + segment + "\t\t\t10de\t" + device + "\t\t" + fp64 +
         std::string(18, '\t') + "\t\ts\t\thigh\t\n";
}

TEST_CASE("catalog image: two builds are the same bytes, and the embedded ones") {
  const CatalogImage first = BuildCatalogImage(ShippedTables());
  const CatalogImage second = BuildCatalogImage(ShippedTables());
  REQUIRE(first.errors.empty());
  CHECK(first.bytes.size() > 1'000'000);
  CHECK((first.bytes == second.bytes));
  CHECK((first.bytes == AsText(EmbeddedCatalog())));
}

TEST_CASE("catalog image: a row out of order is refused") {
  CatalogTexts texts = ShippedTables();
  std::string& text = TextOf(texts, "hub_aliases.tsv");
  text += "0/first\tQwen/Qwen2.5-7B\ts\n";
  const CatalogImage image = BuildCatalogImage(texts);
  REQUIRE(image.errors.size() == 1);
  const std::string expected = "hub_aliases.tsv:" + std::to_string(LinesIn(text)) +
                               ": \"0/first\" is not in sorted place, it comes before ";
  CHECK(image.errors[0].substr(0, expected.size()) == expected);
}

TEST_CASE("catalog image: a wrong row is refused with its file and line") {
  struct Row {
    const char* file;
    std::string added;    // a line put at the end
    std::string message;  // after "file:line: "
  };
  const Row rows[] = {
      {"version.tsv", "a\n", "1 columns, expected 2"},
      {"version.tsv", "date\t2026-01-01\n", "\"date\" was given before, on line 2"},
      {"publishers.tsv", "X\tQWEN\t\t\tCN\t\t\tlab\ts\thigh\n",
       "namespace \"QWEN\" was given before, on line "},
      {"publishers.tsv", "X\tx-ns\t\t\tChina\t\t\tlab\ts\thigh\n",
       "country is \"China\", expected an ISO 3166 alpha-2 code or nothing"},
      {"publishers.tsv", "X\tx-ns\t\t\tCN\t\t\tstartup\ts\thigh\n",
       "kind is \"startup\", expected company, lab, university, individual or community"},
      {"publishers.tsv", "X\tx-ns\ta||b\t\tCN\t\t\tlab\ts\thigh\n",
       "aliases is \"a||b\", expected no empty item"},
      {"models.tsv", "x/y\tF\ty\tnobody" + std::string(27, '\t') + "high\n",
       "source is \"\", expected a value"},
      {"listed_parties.tsv", "P\tL\t2025-02-30\tCN\t\t\t\tc\tu\thigh\n",
       "listed_on is \"2025-02-30\", expected a date YYYY-MM-DD or nothing"},
      {"listed_parties.tsv", "P\tL\t2025-02-03\tCN\t\tnobody\t\tc\tu\thigh\n",
       "publisher_ns \"nobody\" is not a namespace of publishers.tsv"},
      {"hashes_sha256.tsv", "abcd\tsha256\t\t\t\t\t\t\t\t\t\t\ts\n",
       "digest is \"abcd\", expected lower-case hexadecimal"},
      {"hashes_other.tsv", std::string(32, 'a') + "\tsha1\t\t\t\t\t\t\t\t\t\t\ts\n",
       "\"sha1\" with 32 digits, expected sha256 (64), sha384 (96), sha1 (40) or md5 (32)"},
      {"tokenizers.tsv", "T\t\t1|x\t\t\t\t\ts\tsure\n", "vocab_sizes is \"1|x\", expected numbers"},
      {"accelerators.tsv", Accelerator("0", "", "consumer"),
       "fp64 is \"0\", expected more than zero or nothing"},
      {"accelerators.tsv", Accelerator("-1", "", "consumer"),
       "fp64 is \"-1\", expected a number or nothing"},
      {"accelerators.tsv", Accelerator("inf", "", "consumer"),
       "fp64 is \"inf\", expected more than zero or nothing"},
      {"accelerators.tsv", Accelerator("1", "10DE", "consumer"),
       "\"10DE\" is not a PCI id of four lower-case digits"},
      {"accelerators.tsv", Accelerator("1", "", "server"),
       "segment is \"server\", expected datacenter, cloud-only, workstation, consumer or embedded"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    CatalogTexts texts = ShippedTables();
    std::string& text = TextOf(texts, row.file);
    text += row.added;
    const CatalogImage image = BuildCatalogImage(texts);
    CHECK(image.bytes.empty());
    REQUIRE(image.errors.empty() == false);
    const std::string expected =
        std::string(row.file) + ":" + std::to_string(LinesIn(text)) + ": " + row.message;
    CHECK(image.errors.front().substr(0, expected.size()) == expected);
  }
}

TEST_CASE("catalog image: a model needs a known publisher, an unknown base is noted") {
  CatalogTexts texts = ShippedTables();
  std::string& text = TextOf(texts, "models.tsv");
  const std::string row = "zzzz/y\tF\ty\tnobody\tno/base" + std::string(25, '\t') + "s\thigh\n";
  // hub_id .. base_hub_id, 24 empty cells, source, confidence: 31 columns.
  text += row;
  const CatalogImage image = BuildCatalogImage(texts);
  const std::string where = "models.tsv:" + std::to_string(LinesIn(text)) + ": ";
  REQUIRE(image.errors.size() == 1);
  CHECK(image.errors[0] == where + "publisher \"nobody\" is not a namespace of publishers.tsv");
  CHECK(image.notes.back() == where + "base \"no/base\" has no row of its own");
}

TEST_CASE("catalog image: a table without its header is refused") {
  CatalogTexts texts = ShippedTables();
  TextOf(texts, "version.tsv") = "";
  const CatalogImage image = BuildCatalogImage(texts);
  REQUIRE(image.errors.size() == 1);
  CHECK(image.errors[0] == "version.tsv:1: header is \"\", expected \"key\\tvalue\"");
}

TEST_CASE("catalog image: model names are compared without case and punctuation") {
  struct Row {
    const char* name;
    const char* normal;
  };
  const Row rows[] = {{"Qwen/Qwen2.5-7B", "qwen257b"},
                      {"Qwen2_5 7b", "qwen257b"},
                      {"a/b/C", "c"},
                      {"", ""},
                      {"-._", ""},
                      {"Größe-1", "größe1"}};
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(NormalModelName(row.name) == row.normal);
  }
}

}  // namespace
}  // namespace weighbridge
