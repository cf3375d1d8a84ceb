// Files of stores and tools: hub metadata, ModelScope versions, Modelfiles; and that
// files that are none of these cost nothing beyond their window.
#include <doctest/doctest.h>

#include "tests/support/side_car_builder.h"

namespace weighbridge {
namespace {

using Lines = std::vector<std::string>;

const std::string kCommit(40, 'a');
const std::string kSha256(64, 'b');
const std::string kGitSha1(40, 'C');

struct HubRow {
  const char* name;
  const char* path;
  std::string text;
  std::vector<StatedDigest> stated;  // empty: not taken
};

TEST_CASE("hub metadata") {
  const std::vector<HubRow> rows = {
      {"lfs file in a folder",
       "m/.cache/huggingface/download/sub/a.gguf.metadata",
       kCommit + "\n" + kSha256 + "\n1712345678.5\n",
       {{"sha256", kSha256, "sub/a.gguf", 0}}},
      {"git file, crlf",
       ".cache/huggingface/download/config.json.metadata",
       kCommit + "\r\n" + kGitSha1 + "\r\n1\r\n",
       {{"git-sha1", std::string(40, 'c'), "config.json", 0}}},
      {"elsewhere",
       "x/a.bin.metadata",
       kCommit + "\n" + kSha256 + "\n1\n",
       {{"sha256", kSha256, "a.bin", 0}}},
      {"bad commit", "a.metadata", "main\n" + kSha256 + "\n1\n", {}},
      {"bad etag", "a.metadata", kCommit + "\n" + kSha256 + "0\n1\n", {}},
      {"one line", "a.metadata", kCommit, {}},
  };
  for (const HubRow& row : rows) {
    CAPTURE(row.name);
    const InspectedSideCar found = InspectText(row.path, row.text);
    CHECK(found.taken == !row.stated.empty());
    CHECK(found.artifact.stated_digests == row.stated);
    if (!found.taken) continue;
    CHECK(found.artifact.kind == ArtifactKind::kHubMetadata);
    CHECK(ClaimLines(found.artifact) == Lines{"hub:commit=" + kCommit,
                                              "hub:etag=" + row.stated[0].hex,
                                              "hub:file=" + row.stated[0].file_name});
  }
  const InspectedSideCar cut = InspectText("a.metadata", kCommit + "\n" + kSha256 + "\n");
  CHECK(DiagnosticLines(cut.artifact) == Lines{"hub_metadata: no time stamp in line 3"});
}

TEST_CASE("ModelScope version file") {
  CHECK(ClaimLines(InspectText("m/.mv", "Revision:master,CreatedAt:1712345678").artifact) ==
        Lines{"modelscope:revision=master", "modelscope:created_at=1712345678"});
}

struct ModelfileRow {
  const char* name;
  const char* path;
  const char* text;
  bool taken;
  Lines claims;
};

TEST_CASE("Modelfile") {
  const std::vector<ModelfileRow> rows = {
      {"usual",
       "Modelfile",
       "# mine\nFROM qwen2.5:7b\nADAPTER ./lora.gguf\nPARAMETER temperature 0.7\n"
       "SYSTEM \"\"\"You are\nFROM nowhere\n\"\"\"\nLICENSE \"\"\"MIT\"\"\"\n",
       true,
       {"modelfile:from=qwen2.5:7b", "modelfile:adapter=./lora.gguf",
        "modelfile:parameter=temperature 0.7", "modelfile:license=MIT"}},
      {"lower case, own name", "x.Modelfile", "from ./m.gguf\n", true, {"modelfile:from=./m.gguf"}},
      {"no FROM", "Modelfile", "PARAMETER a b\n", false, {}},
      {"a Dockerfile", "Modelfile", "FROM debian:12\nRUN apt-get update\n", false, {}},
      {"another name", "Containerfile", "FROM qwen2.5:7b\n", false, {}},
  };
  for (const ModelfileRow& row : rows) {
    CAPTURE(row.name);
    const InspectedSideCar found = InspectText(row.path, row.text);
    CHECK(found.taken == row.taken);
    CHECK(ClaimLines(found.artifact) == row.claims);
  }
  const InspectedSideCar open = InspectText("Modelfile", "FROM a\nSYSTEM \"\"\"never\n");
  CHECK(DiagnosticLines(open.artifact) == Lines{"modelfile: a \"\"\" text is not closed"});
}

// Counts the bytes that are asked of it.
class CountingSource final : public ByteSource {
 public:
  explicit CountingSource(std::string text) : text_(std::move(text)), memory_(text_) {}
  std::uint64_t size() const override { return memory_.size(); }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override {
    ++reads;
    return memory_.ReadAt(offset, out);
  }
  mutable int reads = 0;

 private:
  std::string text_;
  MemorySource memory_;
};

TEST_CASE("files that are no side-car are not read beyond their window") {
  const std::string json = R"({"name": "left-pad", "license": "MIT"})";
  const std::string code = "// Licensed under the MIT License\nint main() {}\n";
  const std::vector<std::pair<const char*, std::string>> rows = {
      {"package.json", json},
      {"main.cc", code},
      {"notes.txt", "nothing here"},
      {"license.txt.gz", std::string("\x1f\x8b\x08\0\0", 5)},
      {"README.md", "# Title\n"},
      {"libfoo.so", std::string("\x7f"
                                "ELF\0\0",
                                6)},
  };
  for (const auto& [name, text] : rows) {
    CAPTURE(name);
    const CountingSource source(text);
    ProbeWindow window;
    window.head = AsBytes(text);
    window.size = text.size();
    window.file_name = name;
    Artifact artifact;
    CHECK_FALSE(InspectSideCar(source, window, Limits{}, artifact));
    CHECK(source.reads == 0);
    CHECK(artifact.claims.empty());
  }
}

// Every read fails.
class BrokenSource final : public ByteSource {
 public:
  std::uint64_t size() const override { return 100; }
  Result<std::size_t> ReadAt(std::uint64_t, MutableByteSpan) const override {
    return Error{ErrorCode::kIo, "read failed"};
  }
};

TEST_CASE("a read that fails leaves a partly read side-car") {
  const std::string json = R"({"model_type": "qwen2", "added_tokens": 1)";
  const std::vector<std::pair<const char*, std::string>> rows = {
      {"config.json", json},
      {"tokenizer.json", json},
      {"LICENSE", "Some text"},
      {"README.md", "---\nlicense: mit\n---\n"},
  };
  for (const auto& [name, head] : rows) {
    CAPTURE(name);
    const BrokenSource source;
    ProbeWindow window;
    window.head = AsBytes(head);
    window.size = 100;
    window.file_name = name;
    Artifact artifact;
    REQUIRE(InspectSideCar(source, window, Limits{}, artifact));
    REQUIRE(artifact.diagnostics.size() == 1);
    CHECK(artifact.diagnostics[0].code == ErrorCode::kIo);
    CHECK(artifact.inspection == Inspection::kPartial);
  }
}

}  // namespace
}  // namespace weighbridge
