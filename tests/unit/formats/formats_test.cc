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

TEST_CASE("text, programs, images and documents are not claimed") {
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 4096; ++i) {
    state = state * 1664525U + 1013904223U;
    noise += static_cast<char>(state >> 24);
  }
  std::string elf(
      "\x7f"
      "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0",
      20);
  elf += std::string(200, '\0') + noise;
  for (const std::string& bytes :
       {noise, elf, "\x89PNG\r\n\x1a\n" + noise,
        std::string("#include <stdio.h>\nint main(void) { return 0; }\n"),
        std::string("import torch\nmodel = torch.nn.Linear(2, 3)\n"),
        std::string(R"({"name":"left-pad","version":"1.3.0","dependencies":{}})"),
        std::string("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"),
        std::string("[Unit]\nDescription=net\n[Service]\nExecStart=/bin/true\n"),
        std::string("\x7f\x45\x4c\x46"), std::string(4096, 'a')}) {
    Artifact artifact;
    CHECK_FALSE(Inspect(bytes, "file", &artifact));
    CHECK(artifact.format.empty());
  }
}

TEST_CASE("formats are listed once, and what the front door emits is listed") {
  const auto known = KnownFormats();
  for (std::size_t i = 0; i < known.size(); ++i) {
    for (std::size_t j = i + 1; j < known.size(); ++j) CHECK(known[i].id != known[j].id);
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
  for (const Row& row : {Row{"gguf", "m.gguf", ""},
                         Row{"gguf_lora", "m.gguf", ""},
                         Row{"gguf", "m.bin", ""},
                         Row{"gguf", "m", ""},
                         Row{"gguf", "m.xyz", ""},
                         Row{"gguf", "m.pt", "PyTorch"},
                         Row{"gguf", "m.safetensors", "safetensors"},
                         Row{"pickle2", "m.SafeTensors", "safetensors"},
                         Row{"pytorch_zip", "m.ckpt", ""},
                         Row{"pytorch_legacy", "m.pkl", ""},
                         Row{"lfs_pointer", "m.safetensors", ""},
                         Row{"pickle2", "m.png", "a PNG image"},
                         Row{"safetensors", "m.sft", ""},
                         Row{"gguf", "m.sft", "safetensors"},
                         Row{"npy", "m.json", "JSON"},
                         Row{"safetensors_index", "m.index.json", ""},
                         Row{"zarr", "zarr.json", ""},
                         Row{"gguf", "m.yaml", "YAML text"},
                         Row{"gguf", "m.yml", "YAML text"},
                         Row{"openvino", "m.xml", ""},
                         Row{"gguf", "m.xml", "XML text"},
                         Row{"npy", "m.tiff", "a TIFF image"},
                         Row{"npy", "m.ico", "an icon"},
                         Row{"gguf", "m.zip", "a zip archive"},
                         Row{"npz", "m.zip", ""},
                         Row{"pytorch_zip", "m.zip", ""},
                         Row{"gguf", "m.whl", "a Python wheel"},
                         Row{"wheel", "m.whl", ""},
                         Row{"gguf", "m.tar", "a tar archive"},
                         Row{"nemo", "m.tar", ""},
                         Row{"gzip", "layer.tar", ""},
                         Row{"gguf", "m.gz", "gzip"},
                         Row{"gzip", "m.tar.gz", ""},
                         Row{"xz", "m.xz", ""},
                         Row{"pickle2", "m.xz", "xz"},
                         Row{"gguf", "m.tgz", "gzip"},
                         Row{"gzip", "m.tgz", ""},
                         Row{"nemo", "m.nemo", ""},
                         Row{"gzip", "m.nemo", ""},
                         Row{"gguf", "m.nemo", "a NeMo archive"},
                         Row{"mnn", "m.mnn", ""},
                         Row{"gguf", "m.mnn", "MNN"},
                         Row{"pytorch_zip", "m.ptl", ""},
                         Row{"gguf", "m.ptl", "PyTorch Mobile"},
                         Row{"torch_distcp", "m.distcp", ""},
                         Row{"gguf", "m.distcp", "a PyTorch distributed checkpoint"},
                         Row{"gguf", "m.onnx_data", "ONNX external data"},
                         Row{"tensorrt", "m.engine", ""},
                         Row{"gguf", "m.engine", "a TensorRT engine"},
                         Row{"llamafile", "m.llamafile", ""},
                         Row{"gguf", "m.llamafile", "a llamafile"},
                         Row{"bzip2", "m.joblib", ""},
                         Row{"lz4", "m.joblib", ""},
                         Row{"xz", "m.pkl", ""},
                         Row{"bzip2", "m.pickle", ""},
                         Row{"lz4", "m.pkl", ""},
                         Row{"gzip", "m.pt", "PyTorch"},
                         Row{"gguf", "m.data", ""}}) {
    CAPTURE(row.format);
    CAPTURE(row.name);
    CHECK(ExtensionConflict(row.name, row.format) == row.conflict);
  }
}

}  // namespace
}  // namespace weighbridge
