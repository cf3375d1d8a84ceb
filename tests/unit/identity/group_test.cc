// Grouping: which files are one model.
#include <doctest/doctest.h>

#include "scanner/identity/file_names.h"
#include "tests/unit/identity/identity_fixture.h"

namespace weighbridge::test {
namespace {

const std::vector<Tensor> kSome = {T("w", {4, 8})};

// "id: weight+weight [side-car,...] missing(...)" of every model.
std::string Describe(std::vector<Artifact> files) {
  std::sort(files.begin(), files.end(),
            [](const Artifact& a, const Artifact& b) { return a.location < b.location; });
  std::string text;
  for (const Model& model : GroupModels(files)) {
    std::vector<std::string> weights;
    std::vector<std::string> side_cars;
    for (const std::size_t i : model.weights) weights.emplace_back(files[i].location.FileName());
    for (const std::size_t i : model.side_cars)
      side_cars.emplace_back(files[i].location.FileName());
    text += model.id + ": " + Join(weights, "+") + " [" + Join(side_cars, ",") + "]";
    if (!model.missing_files.empty()) text += " missing " + Join(model.missing_files, ",");
    if (!model.complete) text += " incomplete";
    if (model.pointer_only) text += " pointer";
    text += "\n";
  }
  return text;
}

Artifact SideCar(const char* path, ArtifactKind kind, Claims claims = {}) {
  return File(path, kind, "json", {}, std::move(claims));
}

TEST_CASE("shards and side-cars become one model named by their folder") {
  CHECK(Describe({Safetensors("m/model-00001-of-00002.safetensors", kSome),
                  Safetensors("m/model-00002-of-00002.safetensors", kSome),
                  SideCar("m/config.json", ArtifactKind::kConfig),
                  SideCar("m/README.md", ArtifactKind::kModelCard),
                  SideCar("m/LICENSE", ArtifactKind::kLicenceText)}) ==
        "m: model-00001-of-00002.safetensors+model-00002-of-00002.safetensors "
        "[LICENSE,README.md,config.json]\n");
}

TEST_CASE("a lone shard says which others are missing") {
  CHECK(Describe({Safetensors("m/model-00002-of-00003.safetensors", kSome)}) ==
        "m/model-00002-of-00003.safetensors: model-00002-of-00003.safetensors [] missing "
        "model-00001-of-00003.safetensors,model-00003-of-00003.safetensors incomplete\n");
}

TEST_CASE("a name that demands a hundred thousand parts costs no memory") {
  std::vector<Artifact> files;
  for (int i = 0; i < 200; ++i)
    files.push_back(Safetensors("m/x" + std::to_string(i) + "-00001-of-100000.safetensors", kSome));
  std::size_t named = 0;
  for (const Model& model : GroupModels(files)) named += model.missing_files.size();
  CHECK(named <= 20'200);
}

TEST_CASE("an index names the shards of odd names") {
  Artifact index = SideCar("m/model.safetensors.index.json", ArtifactKind::kWeightIndex);
  index.shard_files = {"a.safetensors", "b.safetensors"};
  CHECK(Describe({Safetensors("m/a.safetensors", kSome), index}) ==
        "m/a.safetensors: a.safetensors [model.safetensors.index.json] missing b.safetensors "
        "incomplete\n");
}

TEST_CASE("two models in one folder stay two and share the card") {
  CHECK(Describe({Gguf("m/x-Q4_K_M.gguf", kSome), Gguf("m/x-Q8_0.gguf", kSome),
                  SideCar("m/README.md", ArtifactKind::kModelCard)}) ==
        "m/x-Q4_K_M.gguf: x-Q4_K_M.gguf [README.md]\nm/x-Q8_0.gguf: x-Q8_0.gguf [README.md]\n");
  CHECK(Describe({Safetensors("m/model.safetensors", kSome),
                  File("m/pytorch_model.bin", ArtifactKind::kWeights, "pytorch_zip", kSome)}) ==
        "m/model.safetensors: model.safetensors []\nm/pytorch_model.bin: pytorch_model.bin []\n");
}

TEST_CASE("a configuration goes to the model that it fits") {
  CHECK(
      Describe({Safetensors("m/a.safetensors", {T("w", {64, 64})}),
                Safetensors("m/b.safetensors", {T("w", {32, 32})}),
                SideCar("m/config.json", ArtifactKind::kConfig, {{"config:hidden_size", "32"}})}) ==
      "m/a.safetensors: a.safetensors []\nm/b.safetensors: b.safetensors [config.json]\n");
}

TEST_CASE("GGUF splits join by metadata") {
  const auto part = [](const char* path, const char* number) {
    return Gguf(
        path, kSome,
        {{"gguf:split.no", number}, {"gguf:split.count", "3"}, {"gguf:split.tensors.count", "9"}});
  };
  CHECK(Describe({part("m/one.gguf", "0"), part("m/two.gguf", "2")}) ==
        "m: one.gguf+two.gguf [] missing split 2 of 3 incomplete\n");
}

TEST_CASE("ONNX takes its external data") {
  Artifact onnx = File("m/model.onnx", ArtifactKind::kWeights, "onnx", kSome);
  onnx.external_files = {"model.onnx_data", "gone.data"};
  CHECK(Describe({onnx, File("m/model.onnx_data", ArtifactKind::kExternalData, "external")}) ==
        "m: model.onnx+model.onnx_data [] missing gone.data incomplete\n");
}

TEST_CASE("pointers to weights are models, pointers to other files are not") {
  CHECK(Describe({File("m/model-00001-of-00002.safetensors", ArtifactKind::kPointer, "lfs_pointer"),
                  File("m/model-00002-of-00002.safetensors", ArtifactKind::kPointer, "lfs_pointer"),
                  File("m/logo.png", ArtifactKind::kPointer, "lfs_pointer")}) ==
        "m: model-00001-of-00002.safetensors+model-00002-of-00002.safetensors [] incomplete "
        "pointer\n");
}

TEST_CASE("the parts of a pipeline share its card") {
  CHECK(Describe({SideCar("p/model_index.json", ArtifactKind::kModelIndex),
                  SideCar("p/README.md", ArtifactKind::kModelCard),
                  SideCar("p/config.json", ArtifactKind::kConfig),
                  Safetensors("p/unet/model.safetensors", kSome),
                  Safetensors("p/vae/model.safetensors", kSome)}) ==
        "p/unet/model.safetensors: model.safetensors [README.md,model_index.json]\n"
        "p/vae/model.safetensors: model.safetensors [README.md,model_index.json]\n");
}

TEST_CASE("arrays, pickles, containers and tokenizers alone are no models") {
  CHECK(Describe({File("m/a.npy", ArtifactKind::kArray, "npy"),
                  File("m/b.pkl", ArtifactKind::kPickle, "pickle"),
                  File("m/c.tar", ArtifactKind::kContainer, "tar"),
                  SideCar("m/tokenizer.json", ArtifactKind::kTokenizer),
                  File("m/d.h5", ArtifactKind::kOther, "hdf5")}) == "");
}

TEST_CASE("names without shard numbers, extensions and quantisation") {
  struct Row {
    const char* file;
    const char* stem;
    const char* plain;
  };
  const Row rows[] = {
      {"Qwen2.5-7B-Instruct-Q4_K_M.gguf", "Qwen2.5-7B-Instruct-Q4_K_M", "Qwen2.5-7B-Instruct"},
      {"llama-2-7b.Q8_0.gguf", "llama-2-7b.Q8_0", "llama-2-7b"},
      {"model-00001-of-00002.safetensors", "model", "model"},
      {"Qwen3-8B-UD-Q4_K_XL-00001-of-00002.gguf", "Qwen3-8B-UD-Q4_K_XL", "Qwen3-8B"},
      {"consolidated.00.pth", "consolidated", "consolidated"},
      {"Yi-34B-AWQ.safetensors", "Yi-34B-AWQ", "Yi-34B"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.file);
    CHECK(StemForDisplay(row.file) == row.stem);
    CHECK(WithoutQuantisation(StemForDisplay(row.file)) == row.plain);
  }
}

}  // namespace
}  // namespace weighbridge::test
