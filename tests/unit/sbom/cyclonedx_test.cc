// What the contract for tools (sbom/README.md) promises of the CycloneDX documents.
#include <doctest/doctest.h>

#include "sbom/document.h"
#include "tests/support/report_builder.h"

namespace weighbridge {
namespace {

OrderedJson Write(const Report& report, const char* writer = "cyclonedx-json") {
  WriterOptions options;
  options.rules = {testing::ExampleRule()};
  return OrderedJson::parse(FindWriter(writer)->write(report, options));
}

OrderedJson Component(const OrderedJson& document, const std::string& ref) {
  for (const auto& component : document["components"]) {
    if (component["bom-ref"] == ref) return component;
  }
  return OrderedJson::object();
}

// Values of that property, comma-joined with '|'; "-" when there is none.
std::string Property(const OrderedJson& component, const std::string& name) {
  std::string out;
  for (const auto& property : component["properties"]) {
    if (property["name"] != name) continue;
    out += (out.empty() ? "" : "|") + property["value"].get<std::string>();
  }
  return out.empty() ? "-" : out;
}

TEST_CASE("models carry the documented properties, and none that is empty") {
  const OrderedJson document = Write(testing::FullReport());
  struct Row {
    const char* model;
    const char* property;
    const char* value;
  };
  const std::string ones = testing::Repeat("1", 64);
  const Row rows[] = {
      {"model:farm/qwen", "weighbridge:origin-publisher", "Qwen"},
      {"model:farm/qwen", "weighbridge:origin-country", "CN"},
      {"model:farm/qwen", "weighbridge:lineage-publishers", "Qwen,deepseek-ai"},
      {"model:farm/qwen", "weighbridge:family", "qwen2"},
      {"model:farm/qwen", "weighbridge:identity-grade", "verified"},
      {"model:farm/qwen", "weighbridge:candidates", "-"},
      {"model:farm/qwen", "weighbridge:layout-digest", ones.c_str()},
      {"model:farm/qwen", "weighbridge:finding",
       "US-TX-PROHIBIT prohibited settled|US-1260H-EXAMPLE review settled waived|"
       "US-ENTITY-EXAMPLE review undecided|EU-GPAI-NOTICE notice settled"},
      {"model:farm/renamed.gguf", "weighbridge:candidates", "01-ai,meta-llama"},
      {"model:farm/renamed.gguf", "weighbridge:origin-publisher", "-"},
      {"model:farm/renamed.gguf", "weighbridge:origin-country", "-"},
      {"model:farm/renamed.gguf", "weighbridge:identity-grade", "unknown"},
      {"model:farm/renamed.gguf", "weighbridge:uploader", "TheBloke"},
      {"model:farm/renamed.gguf", "weighbridge:quantisation", "Q4_K"},
      {"model:farm/renamed.gguf", "weighbridge:tensor-digest", "-"},
      {"model:farm/pointer.safetensors", "weighbridge:format", "lfs_pointer"},
      {"model:farm/pointer.safetensors", "weighbridge:identity-grade", "unknown"},
      {"model:farm/pack.tar!/adapter", "weighbridge:missing-file",
       "adapter-00002-of-00002.safetensors"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.model);
    CAPTURE(row.property);
    const OrderedJson component = Component(document, row.model);
    REQUIRE(component["type"] == "machine-learning-model");
    CHECK(Property(component, row.property) == row.value);
  }
}

TEST_CASE("developer, uploader, purl and hash stand in their own fields") {
  Report report = testing::FullReport();
  const OrderedJson document = Write(report);
  const OrderedJson tuned = Component(document, "model:farm/qwen");
  CHECK(tuned["group"] == "deepseek-ai");
  CHECK(tuned["publisher"] == "DeepSeek");
  CHECK_FALSE(tuned.contains("supplier"));
  CHECK_FALSE(tuned.contains("hashes"));  // two files
  CHECK(tuned["purl"] ==
        "pkg:huggingface/deepseek-ai/DeepSeek-R1-Distill-Qwen-7B@" + testing::Repeat("d", 40));
  CHECK(tuned["modelCard"]["modelParameters"]["task"] == "text-generation");
  CHECK(tuned["pedigree"]["ancestors"][0]["group"] == "Qwen");
  CHECK(tuned["pedigree"]["ancestors"][0]["name"] == "Qwen2.5-Math-7B");
  const OrderedJson renamed = Component(document, "model:farm/renamed.gguf");
  CHECK(renamed["supplier"]["name"] == "TheBloke");
  CHECK_FALSE(renamed.contains("group"));
  CHECK_FALSE(renamed.contains("publisher"));
  CHECK_FALSE(renamed.contains("purl"));
  CHECK(renamed["hashes"][0]["content"] == testing::Repeat("f", 64));
  CHECK_FALSE(Component(document, "model:farm/pointer.safetensors").contains("hashes"));
}

TEST_CASE("a purl is written only for proven bytes") {
  struct Row {
    const char* name;
    Grade origin_grade;
    Grade evidence_grade;
    const char* evidence_value;
    const char* uploader;
    bool written;
  };
  const char* kId = "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B";
  const Row rows[] = {{"verified", Grade::kVerified, Grade::kVerified, kId, "", true},
                      {"claimed evidence", Grade::kVerified, Grade::kClaimed, kId, "", false},
                      {"claimed origin", Grade::kClaimed, Grade::kVerified, kId, "", false},
                      {"of another name", Grade::kVerified, Grade::kVerified, "x/y", "", false},
                      {"a copy", Grade::kVerified, Grade::kVerified, kId, "TheBloke", false}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Report report = testing::FullReport();
    Identity& identity = report.models[2].identity;
    identity.grade = row.origin_grade;
    identity.uploader = row.uploader;
    identity.evidence = {testing::MakeEvidence("hash-comparison", "name", row.evidence_value, 1.0,
                                               row.evidence_grade, "x")};
    CHECK(Component(Write(report), "model:farm/qwen").contains("purl") == row.written);
  }
}

TEST_CASE("a commit is written only beside the right digest of a weight file") {
  const std::string purl = "pkg:huggingface/deepseek-ai/DeepSeek-R1-Distill-Qwen-7B";
  struct Row {
    std::string etag;
    std::string commit;
    std::string shown;
  };
  const std::string commit = testing::Repeat("d", 40);
  const Row rows[] = {{testing::Repeat("d", 64), commit, purl + "@" + commit},
                      {testing::Repeat("8", 64), commit, purl},
                      {"", commit, purl},
                      {testing::Repeat("d", 64), "main", purl}};
  for (const Row& row : rows) {
    CAPTURE(row.etag);
    Report report = testing::FullReport();
    report.artifacts[1].claims = {{"hub:commit", row.commit}, {"hub:etag", row.etag}};
    CHECK(Component(Write(report), "model:farm/qwen")["purl"] == row.shown);
  }
}

TEST_CASE("licences: SPDX ids by id, others by name, each once with its sources") {
  const OrderedJson licences =
      Component(Write(testing::FullReport()), "model:farm/qwen")["licenses"];
  REQUIRE(licences.size() == 2);
  CHECK(licences[0]["license"]["id"] == "MIT");
  CHECK(licences[0]["license"]["acknowledgement"] == "declared");
  CHECK(licences[0]["license"]["properties"].size() == 2);
  CHECK(licences[1]["license"]["name"] == "qwen-research");
}

TEST_CASE("files: format, every location, hash of the bytes, stated digest apart") {
  const OrderedJson document = Write(testing::FullReport());
  const OrderedJson shard = Component(document, "model:farm/qwen")["components"][0];
  CHECK(shard["type"] == "file");
  CHECK(shard["name"] == "model-00001-of-00002.safetensors");
  CHECK(Property(shard, "weighbridge:format") == "safetensors");
  CHECK(shard["hashes"][0] ==
        OrderedJson{{"alg", "SHA-256"}, {"content", testing::Repeat("c", 64)}});
  REQUIRE(shard["evidence"]["occurrences"].size() == 2);
  CHECK(shard["evidence"]["occurrences"][1]["location"] == "store/blobs/0a1b2c");
  const OrderedJson pointer =
      Component(document, "model:farm/pointer.safetensors")["components"][0];
  CHECK(Property(pointer, "weighbridge:format") == "lfs_pointer");
  CHECK(Property(pointer, "weighbridge:stated-sha256") == testing::Repeat("9", 64));
  CHECK(pointer["hashes"][0]["content"] == testing::Repeat("e", 64));
  const OrderedJson array = Component(document, "file:farm/a.npy");
  CHECK(array["type"] == "file");
  CHECK(Property(array, "weighbridge:format") == "npy");
}

TEST_CASE("identity evidence names the fields and techniques of the schema") {
  const OrderedJson identity =
      Component(Write(testing::FullReport()), "model:farm/qwen")["evidence"]["identity"];
  REQUIRE(identity.size() == 3);  // the licence observation identifies nothing
  CHECK(identity[0]["field"] == "name");
  CHECK(identity[0]["concludedValue"] == "DeepSeek-R1-Distill-Qwen-7B");
  CHECK(identity[0]["methods"][0]["technique"] == "hash-comparison");
  CHECK(identity[1]["field"] == "group");
  CHECK(identity[1]["methods"][0]["value"] ==
        "origin: Qwen (farm/qwen/model-00001-of-00002.safetensors)");
  CHECK(identity[2]["field"] == "purl");
}

TEST_CASE("compositions and dependencies") {
  const OrderedJson document = Write(testing::FullReport());
  CHECK(document["compositions"].dump() ==
        R"([{"aggregate":"complete","assemblies":["model:farm/qwen","model:farm/renamed.gguf"]},)"
        R"({"aggregate":"incomplete","assemblies":["scan","model:farm/pack.tar!/adapter",)"
        R"("model:farm/pointer.safetensors"]}])");
  CHECK(document["dependencies"][0].dump() ==
        R"({"ref":"model:farm/pack.tar!/adapter","dependsOn":["model:farm/qwen"]})");
  CHECK(Write(testing::EmptyReport())["compositions"].dump() ==
        R"([{"aggregate":"complete","assemblies":["scan"]}])");
}

TEST_CASE("every finding is an annotation on its subject and its rule") {
  const Report report = testing::FullReport();
  const OrderedJson document = Write(report);
  REQUIRE(document["annotations"].size() == report.findings.size());
  struct Row {
    std::size_t index;
    const char* subjects;
  };
  const Row rows[] = {
      {0, R"(["model:farm/qwen","rule:US-TX-PROHIBIT"])"},
      {4, R"(["model:farm/pack.tar!/adapter","rule:WB-MISSING-SHARD"])"},
      {5, R"(["file:farm/odd\\x1b[31m\\xff/b c#1.zip","rule:WB-NOT-INSPECTED"])"},
      {6, R"(["scan","rule:WB-WAIVER-EXPIRED"])"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.index);
    CHECK(document["annotations"][row.index]["subjects"].dump() == row.subjects);
  }
  CHECK(document["annotations"][1]["text"] ==
        "LIC-EXAMPLE: restricted, depends on context.country, model.origin_publisher. What "
        "LIC-EXAMPLE found here and why it matters to the reader of this report. [Proclamation of "
        "31 January 2025]");
  CHECK(document["definitions"]["standards"][0]["name"] == "weighbridge checks");
  CHECK(document["definitions"]["standards"][1]["name"] == "weighbridge rules, US-TX");
}

TEST_CASE("serial numbers come from the options, else from the content") {
  Report report = testing::FullReport();
  const Writer* writer = FindWriter("cyclonedx-json");
  WriterOptions options;
  const std::string first = writer->write(report, options);
  CHECK(first == writer->write(report, options));
  const std::string serial = OrderedJson::parse(first)["serialNumber"];
  CHECK(serial.substr(0, 9) == "urn:uuid:");
  CHECK(serial.size() == 45);
  report.findings.pop_back();
  CHECK(OrderedJson::parse(writer->write(report, options))["serialNumber"] != serial);
  options.serial = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79";
  CHECK(OrderedJson::parse(writer->write(report, options))["serialNumber"] == options.serial);
}

TEST_CASE("1.6 and 1.7 differ in their version and serial number only") {
  OrderedJson newer = Write(testing::FullReport());
  OrderedJson older = Write(testing::FullReport(), "cyclonedx-json@1.6");
  CHECK(newer["specVersion"] == "1.7");
  CHECK(older["specVersion"] == "1.6");
  for (OrderedJson* each : {&newer, &older}) {
    for (const char* key : {"$schema", "specVersion", "serialNumber"}) each->erase(key);
  }
  CHECK(newer == older);
}

}  // namespace
}  // namespace weighbridge
