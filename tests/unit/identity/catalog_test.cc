// The embedded catalogue: look-ups with known answers, overlays, foreign databases.
#include "scanner/identity/catalog.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <doctest/doctest.h>

#include "scanner/identity/embedded_catalog.h"

namespace weighbridge {
namespace {

std::unique_ptr<Catalog> Embedded() {
  auto catalog = Catalog::Open("");
  if (!catalog.ok()) FAIL(catalog.error().message);
  return std::move(catalog).value();
}

// A file of its own in a fresh folder, removed at the end.
class TempFile {
 public:
  explicit TempFile(const std::string& bytes) {
    std::string pattern = (std::filesystem::temp_directory_path() / "wb-catalog-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/a?b%41#.db";  // characters that a file URI must escape
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TempFile() { std::filesystem::remove_all(folder_); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string folder_;
  std::string path_;
};

std::string ImageBytes() { return std::string(AsText(EmbeddedCatalog())); }

std::vector<std::string> ListsOf(const Catalog& catalog, std::string_view ns) {
  std::vector<std::string> lists;
  const auto publisher = catalog.PublisherByNamespace(ns);
  if (!publisher) return {"no publisher"};
  for (const auto& row : catalog.Listings(*publisher)) lists.push_back(row.list);
  return lists;
}

// The publisher at the end of the chain of declared bases.
std::string RootPublisher(const Catalog& catalog, ModelRow row) {
  for (int depth = 0; depth < 10 && !row.base_hub_id.empty(); ++depth) {
    const auto base = catalog.ModelByHubId(row.base_hub_id);
    if (!base) return row.base_hub_id;
    row = *base;
  }
  return row.publisher;
}

TEST_CASE("catalog: publishers are found by namespace in any case") {
  struct Row {
    const char* ns;
    const char* name;
    const char* country;
  };
  const Row rows[] = {
      {"Qwen", "Alibaba Qwen", "CN"},     {"qwen", "Alibaba Qwen", "CN"},
      {"THUDM", "Z.ai (Zhipu AI)", "CN"}, {"deepseek-ai", "DeepSeek", "CN"},
      {"meta-llama", "Meta", "US"},       {"LGAI-EXAONE", "LG AI Research", "KR"},
      {"CohereForAI", "Cohere", "CA"},
  };
  const auto catalog = Embedded();
  for (const auto& row : rows) {
    CAPTURE(row.ns);
    const auto found = catalog->PublisherByNamespace(row.ns);
    REQUIRE(found.has_value());
    CHECK(found->name == row.name);
    CHECK(found->country == row.country);
  }
  CHECK(catalog->PublisherByNamespace("qwe").has_value() == false);
  CHECK(catalog->PublisherByNamespace("").has_value() == false);
}

TEST_CASE("catalog: a name shared by two publishers finds neither") {
  const auto catalog = Embedded();
  REQUIRE(catalog->PublisherByName("alibaba qwen").has_value());
  CHECK(catalog->PublisherByName("Hangzhou DeepSeek AI")->namespaces.front() == "deepseek-ai");
  CHECK(catalog->PublisherByName("BAGEL").has_value() == false);
}

TEST_CASE("catalog: listings follow exact names and reviewed namespaces only") {
  struct Row {
    const char* ns;
    std::size_t entity_list;
    std::size_t all;
  };
  const Row rows[] = {
      {"zai-org", 7, 7},      // seven companies of the group
      {"deepseek-ai", 0, 3},  // FASCSA order, NDAA twice (company and parent); no Entity List
      {"Qwen", 0, 1},         // section 1260H through Alibaba
      {"meta-llama", 0, 0},  {"mistralai", 0, 0}, {"moonshotai", 0, 0},
  };
  const auto catalog = Embedded();
  for (const auto& row : rows) {
    CAPTURE(row.ns);
    const auto lists = ListsOf(*catalog, row.ns);
    std::size_t entity = 0;
    for (const auto& list : lists) entity += list.starts_with("BIS Entity List") ? 1U : 0U;
    CHECK(lists.size() == row.all);
    CHECK(entity == row.entity_list);
  }
}

TEST_CASE("catalog: Zhipu stands on the Entity List since 2025-01-16") {
  const auto catalog = Embedded();
  const auto rows = catalog->Listings(*catalog->PublisherByNamespace("zai-org"));
  REQUIRE(rows.size() == 7);
  for (const auto& row : rows) {
    CHECK(row.list == "BIS Entity List");
    CHECK(row.listed_on == "2025-01-16");
    CHECK(row.country == "CN");
  }
}

TEST_CASE("catalog: family words and similar names are no listing") {
  const char* names[] = {"GLM",   "ChatGLM", "Spark",        "Emu",     "Kandinsky", "Qwen",
                         "Pangu", "Zhip",    "Zhipu AI Lab", "Huawei2", "baid"};
  const auto catalog = Embedded();
  for (const char* name : names) {
    CAPTURE(name);
    PublisherRow stranger;
    stranger.name = name;
    stranger.aliases = {name};
    stranger.parent = name;
    CHECK(catalog->Listings(stranger).empty());
  }
  PublisherRow by_parent;
  by_parent.name = "A subsidiary";
  by_parent.parent = "sensetime";
  CHECK(catalog->Listings(by_parent).size() == 3);
}

TEST_CASE("catalog: a party that was looked for and not found never matches") {
  const auto catalog = Embedded();
  // not_listed.tsv: DeepSeek is not on the 1260H list.
  for (const auto& list : ListsOf(*catalog, "deepseek-ai")) {
    CHECK(list.find("1260H") == std::string::npos);
  }
}

TEST_CASE("catalog: models by hub id, by name and by shape") {
  const auto catalog = Embedded();
  const auto model = catalog->ModelByHubId("qwen/qwen2.5-7b-instruct");
  REQUIRE(model.has_value());
  CHECK(model->hub_id == "Qwen/Qwen2.5-7B-Instruct");
  CHECK(model->hidden_size == 3584);
  CHECK(model->num_layers == 28);
  CHECK(model->vocab_size == 152064);
  CHECK(catalog->ModelByHubId("LLM-Research/Meta-Llama-3-8B")->hub_id ==
        "meta-llama/Meta-Llama-3-8B");
  CHECK(catalog->ModelByHubId("").has_value() == false);
  CHECK(catalog->ModelByHubId("nobody/none").has_value() == false);

  const auto named = catalog->ModelsByName("someone/QWEN2_5 7b instruct");
  REQUIRE(named.size() == 1);
  CHECK(named[0].hub_id == "Qwen/Qwen2.5-7B-Instruct");
  CHECK(catalog->ModelsByName("").empty());

  const auto shaped = catalog->ModelsByShape(3584, 28);
  REQUIRE(shaped.size() >= 3);
  for (const auto& row : shaped) {
    CAPTURE(row.hub_id);
    CHECK(RootPublisher(*catalog, row) == "Qwen");
  }
  CHECK(catalog->ModelsByShape(0, 28).empty());
  CHECK(catalog->ModelsByShape(3585, 28).empty());
}

TEST_CASE("catalog: digests of every algorithm") {
  const auto catalog = Embedded();
  const auto rows =
      catalog->Hashes("7A0F853DBD8D38BAD71ADA1933FD067F45F928B2CD978ABA1DFD7D5DEC2953DB");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].algorithm == "sha256");
  CHECK(rows[0].digest == "7a0f853dbd8d38bad71ada1933fd067f45f928b2cd978aba1dfd7d5dec2953db");
  CHECK(rows[0].uploader == "MaziyarPanahi");
  CHECK(rows[0].origin_publisher == "01-ai");
  CHECK(rows[0].base_model == "01-ai/Yi-1.5-6B-Chat");
  CHECK(rows[0].lineage_publishers == std::vector<std::string>{"01-ai"});
  CHECK(rows[0].origin_basis == "catalogue");
  CHECK(rows[0].source == "mudler/LocalAI:gallery/index.yaml@82c191afad");
  CHECK(catalog->Hashes("70841751ccd95526d3dcfa829e11cd4c").at(0).algorithm == "md5");
  CHECK(catalog->Hashes("70841751ccd95526d3dcfa829e11cd4c").at(0).size_bytes == 8987411904);
  for (const char* wrong : {"", "7", "zz", "7a0f", "7a0f853dbd8d38bad71ada1933fd067f45f928b2"}) {
    CHECK(catalog->Hashes(wrong).empty());
  }
}

TEST_CASE("catalog: tokenizers, licences, architectures") {
  const auto catalog = Embedded();
  bool qwen = false;
  for (const auto& row : catalog->Tokenizers()) {
    CHECK(row.tokenizer_family.empty() == false);
    for (const auto& token : row.special_tokens) {
      qwen = qwen || (row.publisher == "Qwen" && token == "<|im_start|>");
    }
  }
  CHECK(qwen);

  struct Row {
    const char* id;
    const char* name;
    std::vector<std::string> territories;
  };
  const Row rows[] = {
      {"LLAMA4", "Llama 4 Community Licence", {"EU"}},
      {"licenseref-scancode-llama-4-cla-2025", "Llama 4 Community Licence", {"EU"}},
      {"apache-2.0", "Apache License 2.0", {}},
      {"other:deepseek", "DeepSeek License Agreement (DeepSeek LLM, V2, V3 of Dec 2024)", {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.id);
    const auto found = catalog->LicenceById(row.id);
    REQUIRE(found.has_value());
    CHECK(found->name == row.name);
    CHECK(found->territories_excluded == row.territories);
  }
  CHECK(catalog->LicenceById("tencent-hunyuan-community")->version == "2025-11-21");
  CHECK(catalog->LicenceById("").has_value() == false);

  CHECK(catalog->GgufArch("llama")->generic == true);
  CHECK(catalog->GgufArch("QWEN3MOE")->typical_publishers == "Qwen");
  CHECK(catalog->GgufArch("none").has_value() == false);
}

TEST_CASE("catalog: information of the embedded image and of the same file") {
  const auto embedded = Embedded();
  const DatabaseInfo info = embedded->Info();
  CHECK(info.version == "2026.11.24");
  CHECK(info.date == "2026-11-24");
  CHECK(info.digest.size() == 64);

  TempFile file(ImageBytes());
  const auto from_file = Catalog::Open(file.path());
  REQUIRE(from_file.ok());
  CHECK(from_file.value()->Info().digest == info.digest);
  CHECK(from_file.value()->Info().version == info.version);
  CHECK(from_file.value()->PublisherByNamespace("Qwen")->country == "CN");
}

TEST_CASE("catalog: what is no catalogue is refused") {
  std::string other_id = ImageBytes();
  other_id[68] = 'X';
  std::string other_version = ImageBytes();
  other_version[63] = 9;
  std::string cut = ImageBytes().substr(0, 8 * 4096);
  std::string damaged = ImageBytes();
  damaged.replace(damaged.size() / 2, 8 * 4096, std::string(8 * 4096, '\xff'));
  std::string columns = ImageBytes();
  columns.replace(columns.find("CREATE TABLE meta(key"), 21, "CREATE TABLE meta(yek");
  struct Row {
    const char* name;
    std::string bytes;
    const char* message;  // after "<path>: "
  };
  const Row rows[] = {
      {"empty", "", "not a weighbridge catalogue: its application id is another"},
      {"text", "hello", "not a weighbridge catalogue: it is damaged or no SQLite database"},
      {"other id", other_id, "not a weighbridge catalogue: its application id is another"},
      {"other version", other_version,
       "not a weighbridge catalogue: schema version 9, this program reads 2"},
      {"other columns", columns, "not a weighbridge catalogue: table \"meta\" has other columns"},
      {"cut", cut, "not a weighbridge catalogue: it is damaged or no SQLite database"},
      {"damaged", damaged, "damaged catalogue: SQLite's check fails"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    TempFile file(row.bytes);
    const auto opened = Catalog::Open(file.path());
    REQUIRE(opened.ok() == false);
    CHECK(opened.error().message == file.path() + ": " + row.message);
  }
  const auto missing = Catalog::Open("/nonexistent/x.db");
  REQUIRE(missing.ok() == false);
  CHECK(missing.error().message == "/nonexistent/x.db: cannot be opened");
}

TEST_CASE("catalog: damaged pages end in a refusal or in fewer rows") {
  const std::string good = ImageBytes();
  std::uint32_t seed = 12345;
  for (int round = 0; round < 12; ++round) {
    CAPTURE(round);
    std::string bad = good;
    for (int i = 0; i < 400; ++i) {
      seed = seed * 1664525 + 1013904223;
      bad[100 + seed % (bad.size() - 100)] = static_cast<char>(seed >> 24);
    }
    TempFile file(bad);
    const auto opened = Catalog::Open(file.path());
    if (!opened.ok()) continue;
    CHECK(opened.value()->AllModels().size() <= 2000);
    CHECK(opened.value()->Hashes(std::string(64, '0')).size() <= 1);
  }
}

constexpr const char* kOverlay = R"({
  "publishers": [{"name": "Example Corp", "namespaces": ["example", "example-labs"],
                  "aliases": ["Example Corporation"], "country": "DE", "kind": "company"},
                 {"name": "Ours", "namespaces": ["Qwen"], "country": "US"}],
  "models": [{"model_name": "house-7b", "hub_id": "example/house-7b", "publisher": "example",
              "family": "House", "base_hub_id": "Qwen/Qwen2.5-7B", "hidden_size": 3584,
              "num_layers": 28, "params_billion": 7.6},
             {"model_name": "Qwen2.5-7B", "hub_id": "qwen/qwen2.5-7b", "publisher": "example",
              "family": "Overlaid", "hidden_size": 3584, "num_layers": 28}],
  "hashes": [{"digest": "7A0F853DBD8D38BAD71ADA1933FD067F45F928B2CD978ABA1DFD7D5DEC2953DB",
              "origin_publisher": "example"}],
  "tokenizers": [{"tokenizer_family": "House BPE", "vocab_sizes": [32123],
                  "special_tokens": ["<|house|>"]}],
  "licences": [{"ids": ["LLAMA4", "house"], "name": "House rules", "territories_excluded": ["EU"]}]
})";

TEST_CASE("catalog: overlay rows win over the image") {
  const auto catalog = Embedded();
  REQUIRE(catalog->AddOverlay(kOverlay, "ours.json").ok());
  CHECK(catalog->PublisherByNamespace("EXAMPLE-LABS")->name == "Example Corp");
  CHECK(catalog->PublisherByName("example corporation")->country == "DE");
  CHECK(catalog->PublisherByNamespace("qwen")->country == "US");
  CHECK(catalog->ModelByHubId("example/House-7b")->params_billion == doctest::Approx(7.6));
  CHECK(catalog->ModelByHubId("Qwen/Qwen2.5-7B")->family == "Overlaid");
  CHECK(catalog->ModelsByName("HOUSE 7B").at(0).hub_id == "example/house-7b");
  CHECK(catalog->ModelsByName("qwen2.5-7b").size() == 1);
  CHECK(catalog->ModelsByShape(3584, 28).at(0).family == "House");
  CHECK(catalog->Hashes("7a0f853dbd8d38bad71ada1933fd067f45f928b2cd978aba1dfd7d5dec2953db")
            .at(0)
            .origin_publisher == "example");
  CHECK(catalog->Tokenizers().at(0).special_tokens.at(0) == "<|house|>");
  CHECK(catalog->LicenceById("llama4")->name == "House rules");
  CHECK(catalog->LicenceById("llama3.3")->name == "Llama 3.3 Community Licence");

  // A later overlay wins over an earlier one.
  REQUIRE(catalog
              ->AddOverlay(R"({"publishers": [{"name": "Third", "namespaces": ["example"]}]})",
                           "later.json")
              .ok());
  CHECK(catalog->PublisherByNamespace("example")->name == "Third");
  CHECK(catalog->AllPublishers().at(0).name == "Third");
}

TEST_CASE("catalog: a malformed overlay is refused whole, every fault named") {
  struct Row {
    const char* json;
    const char* message;
  };
  const Row rows[] = {
      {"[]", "o.json: document: found array, expected an object"},
      {R"({"publisher": []})",
       "o.json: document: unknown field \"publisher\" (did you mean \"publishers\"?)"},
      {R"({"models": {}})", "o.json: models: found object, expected a list"},
      {R"({"models": [7]})", "o.json: models[0]: found number, expected an object"},
      {R"({"publishers": [{"name": "A", "namespace": ["a"]}]})",
       "o.json: publishers[0]: unknown field \"namespace\" (did you mean \"namespaces\"?)\n"
       "o.json: publishers[0]: no \"namespaces\""},
      {R"({"publishers": [{"name": 1, "namespaces": ["a", 2], "country": "Germany", "kind": "x"}]})",
       "o.json: publishers[0].name: found number, expected a string\n"
       "o.json: publishers[0].namespaces[1]: found number, expected a string\n"
       "o.json: publishers[0]: no \"name\"\n"
       "o.json: publishers[0].namespaces[1]: namespace is empty\n"
       "o.json: publishers[0].country: \"Germany\" is not an ISO 3166 alpha-2 code\n"
       "o.json: publishers[0].kind: \"x\" is not one of company, lab, university, individual, "
       "community"},
      {R"({"models": [{"model_name": "m", "publisher": "nobody"}]})",
       "o.json: models[0].publisher: \"nobody\" is the namespace of no known publisher"},
      {R"({"models": [{"model_name": "m", "publisher": "Qwen", "hidden_size": -1,
                       "released": "2024-13"}]})",
       "o.json: models[0].hidden_size: found number, expected a whole number\n"
       "o.json: models[0].released: \"2024-13\" is not YYYY, YYYY-MM or YYYY-MM-DD"},
      {R"({"hashes": [{"digest": "abc"}, {"algorithm": "crc", "digest": ""}]})",
       "o.json: hashes[0].digest: \"abc\" is not 64 hexadecimal digits\n"
       "o.json: hashes[1].algorithm: \"crc\" is not one of sha256, sha384, sha1, md5"},
      {R"({"licences": [{"name": "L", "territories_excluded": ["Europe"]}]})",
       "o.json: licences[0]: no \"ids\"\n"
       "o.json: licences[0].territories_excluded[0]: \"Europe\" is not an ISO 3166 alpha-2 code"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.json);
    const auto catalog = Embedded();
    const Status added = catalog->AddOverlay(row.json, "o.json");
    REQUIRE(added.ok() == false);
    CHECK(added.error().message == row.message);
    CHECK(catalog->AllPublishers().size() == Embedded()->AllPublishers().size());
  }
}

TEST_CASE("catalog: the shipped example overlay is sound") {
  std::ifstream in(std::string(WEIGHBRIDGE_SOURCE_DIR) + "/examples/company-models.json");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto catalog = Embedded();
  const Status added = catalog->AddOverlay(text, "company-models.json");
  CHECK((added.ok() ? "" : added.error().message) == "");
  CHECK(catalog->ModelByHubId("example-corp/assistant-7b")->base_hub_id ==
        "Qwen/Qwen2.5-7B-Instruct");
}

}  // namespace
}  // namespace weighbridge
