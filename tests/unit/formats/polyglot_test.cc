// Files with two valid signatures: the first reader's format stands, the second is named.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "scanner/formats/formats.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/zip_builder.h"

namespace weighbridge::testing {
namespace {

std::string ZipText() {
  test::ZipMember member;
  member.name = "readme.txt";
  const std::string text = "hello";
  member.data.assign(text.begin(), text.end());
  const auto zip = test::BuildZip({member});
  return std::string(zip.begin(), zip.end());
}

Artifact Inspected(const std::string& bytes) {
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = AsBytes(bytes);
  window.tail = window.head;
  window.source = &source;
  window.size = bytes.size();
  window.file_name = "file";
  Artifact artifact;
  artifact.size_bytes = bytes.size();
  InspectWeights(source, window, Limits{}, artifact);
  return artifact;
}

std::string Gguf() {
  const auto bytes = GgufBuilder().String("general.architecture", "llama").Build();
  return std::string(bytes.begin(), bytes.end());
}
std::string Safetensors() {
  const std::string json = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  return std::string(1, static_cast<char>(json.size())) + std::string(7, '\0') + json +
         std::string(4, '\0');
}

TEST_CASE("a zip behind another format is a polyglot, except where the format carries one") {
  struct Row {
    std::string head;
    const char* format;
    bool legal;
  };
  const std::string tflite = std::string(4, '\x1c') + "TFL3" + std::string(64, '\x01');
  for (const Row& row :
       {Row{Gguf(), "gguf", false}, Row{Safetensors(), "safetensors", false},
        Row{BuildOnnx({OnnxTensor("w", {1}, 1).Raw(4).Build()}), "onnx", false},
        Row{"RKNN" + std::string(64, '\0'), "rknn", false}, Row{tflite, "tflite", true}}) {
    CAPTURE(std::string(row.format));
    CHECK(Inspected(row.head).also_formats.empty());
    const Artifact both = Inspected(row.head + ZipText());
    CHECK(both.also_formats ==
          (row.legal ? std::vector<std::string>{} : std::vector<std::string>{"zip"}));
  }
}

TEST_CASE("a zip is seen behind any head") {
  struct Row {
    std::string head;
    std::string message;
  };
  const std::string before = "zip-differential: 17 bytes before the first member";
  for (const Row& row :
       {Row{"\x89PNG\r\n\x1a\n123456789", before}, Row{"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n12", before},
        Row{std::string(17, '\0'), before},
        Row{"#!/bin/sh\nexit 0\n", "17 bytes before the first member, as its format has them"},
        Row{"JM\1" + std::string(14, '\0'),
            "17 bytes before the first member, as its format has them"},
        Row{"plain text here.\n", before}}) {
    CAPTURE(row.head);
    REQUIRE(row.head.size() == 17);
    const Artifact found = Inspected(row.head + ZipText());
    CHECK(found.format == "zip");
    CHECK(found.kind == ArtifactKind::kContainer);
    CHECK(found.also_formats.empty());
    REQUIRE(!found.diagnostics.empty());
    CHECK(found.diagnostics[0].message == row.message);
  }
  // An end record alone, or one that points nowhere, is no archive.
  const std::string end = "PK\5\6" + std::string(18, '\0');
  CHECK(Inspected("some text " + end).format.empty());
  CHECK(Inspected("some text PK\5\6" + std::string(18, '\x01')).format.empty());
  CHECK(Inspected("\x7f"
                  "ELF PK\5\6" +
                  std::string(16, '\x7f') + std::string(2, '\0'))
            .format.empty());
}

}  // namespace
}  // namespace weighbridge::testing
