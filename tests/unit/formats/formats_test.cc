// The front door: which bytes are claimed, polyglots, and extensions that contradict.
#include "scanner/formats/formats.h"

#include <string>

#include <doctest/doctest.h>

#include "scanner/formats/extensions.h"

namespace weighbridge {
namespace {

bool Inspect(const std::string& bytes, const char* name, Artifact* artifact) {
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = AsBytes(bytes);
  window.tail = window.head;
  window.source = &source;
  window.size = bytes.size();
  window.file_name = name;
  artifact->size_bytes = bytes.size();
  return InspectWeights(source, window, Limits{}, *artifact);
}

TEST_CASE("ordinary files are not claimed, whatever they are called") {
  for (const std::string& bytes : {std::string(), std::string("hello\n"), std::string("{}"),
                                   std::string("\x89PNG\r\n\x1a\n", 8), std::string(64, '\0')}) {
    Artifact artifact;
    CHECK_FALSE(Inspect(bytes, "model.safetensors", &artifact));
    CHECK(artifact.format.empty());
  }
}

TEST_CASE("safetensors are found under any name, and the name is compared") {
  const std::string json = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(json.size());
  bytes += json + std::string(4, '\0');
  Artifact hidden;
  REQUIRE(Inspect(bytes, "notes.txt", &hidden));
  CHECK(hidden.format == "safetensors");
  CHECK(hidden.extension_conflict == "plain text");
  CHECK(hidden.also_formats.empty());
}

TEST_CASE("extension conflicts") {
  struct Row {
    const char* format;
    const char* name;
    const char* conflict;
  };
  for (const Row& row :
       {Row{"gguf", "m.gguf", ""}, Row{"gguf_lora", "m.gguf", ""}, Row{"gguf", "m.bin", ""},
        Row{"gguf", "m", ""}, Row{"gguf", "m.xyz", ""}, Row{"gguf", "m.pt", "PyTorch"},
        Row{"gguf", "m.safetensors", "safetensors"}, Row{"pickle2", "m.SafeTensors", "safetensors"},
        Row{"pytorch_zip", "m.ckpt", ""}, Row{"pytorch_legacy", "m.pkl", ""},
        Row{"lfs_pointer", "m.safetensors", ""}, Row{"pickle2", "m.png", "a PNG image"}}) {
    CAPTURE(row.format);
    CAPTURE(row.name);
    CHECK(ExtensionConflict(row.name, row.format) == row.conflict);
  }
}

}  // namespace
}  // namespace weighbridge
