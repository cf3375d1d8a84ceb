// Stores that are told by their folders and book-keeping files, on disk and in a tar.
#include <doctest/doctest.h>

#include "scanner/stores/stores.h"
#include "tests/support/store_builder.h"

namespace weighbridge {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";

std::string Weights(int seed) { return SafetensorsFile({{"w", Pattern(64, seed)}}); }

void CheckBoth(const StoreBuilder& store, const Lines& lines) {
  CHECK(StoreLines(store.ScanFolder()) == lines);
  CHECK(StoreLines(store.ScanTar()) == lines);
}

TEST_CASE("Hugging Face hub cache") {
  const std::string weights = Weights(1);
  const std::string other = Weights(2);
  const std::string root = "hub/models--Qwen--Qwen2.5-7B/";
  const std::string tree =
      R"({"format_version": 1, "files": {"m.safetensors": {"size": )" +
      std::to_string(weights.size()) + R"(, "blob_id": "00", "lfs_sha256": ")" + Sha256Of(weights) +
      R"("}, "more.safetensors": {"size": 9, "blob_id": "11", "lfs_sha256": ")" +
      std::string(64, 'c') + R"("}, "README.md": {"size": 1, "blob_id": "22"}}})";
  const std::string claims =
      "kind=huggingface host=huggingface.co repository=Qwen/Qwen2.5-7B "
      "revision=" +
      kCommit + " tag=main path=";
  StoreBuilder linked;
  linked.File(root + "refs/main", kCommit)
      .File(root + "blobs/" + Sha256Of(weights), weights)
      .File(root + "blobs/" + GitSha1Of(other), other)
      .File(root + "trees/" + kCommit + ".json", tree)
      .Link(root + "snapshots/" + kCommit + "/m.safetensors", "../../blobs/" + Sha256Of(weights))
      .Link(root + "snapshots/" + kCommit + "/sub/o.safetensors",
            "../../../blobs/" + GitSha1Of(other));
  const Lines expected = {claims + "m.safetensors not-downloaded=more.safetensors verified=sha256",
                          claims + "sub/o.safetensors verified=git-sha1"};
  CheckBoth(linked, expected);
  CHECK(MessagesWith(linked.ScanFolder(), "store:") ==
        Lines{"store: 1 of 2 weight files of \"Qwen/Qwen2.5-7B\" at " + kCommit + " are not here"});

  // Without links (Windows), and blobs whose snapshot was lost.
  StoreBuilder copied;
  copied.File(root + "refs/main", kCommit)
      .File(root + "trees/" + kCommit + ".json", tree)
      .File(root + "snapshots/" + kCommit + "/m.safetensors", weights);
  CheckBoth(copied, {expected[0]});
  StoreBuilder blobs;
  blobs.File(root + "refs/main", kCommit)
      .File(root + "trees/" + kCommit + ".json", tree)
      .File(root + "blobs/" + Sha256Of(weights), weights);
  CheckBoth(blobs, {expected[0]});
}

TEST_CASE("hub blobs that differ from their names, and partial downloads") {
  const std::string root = "hub/models--a--b/";
  StoreBuilder store;
  store.File(root + "blobs/" + std::string(40, 'd'), Weights(1))
      .File(root + "blobs/" + std::string(64, 'e') + ".incomplete", Weights(2));
  for (const Report& report : {store.ScanFolder(), store.ScanTar()}) {
    CHECK(MessagesWith(report, "digest mismatch:") ==
          Lines{"digest mismatch: the store states git-sha1 " + std::string(40, 'd') +
                ", the content has " + GitSha1Of(Weights(1))});
    CHECK(MessagesWith(report, "store:") == Lines{"store: a download that was not finished"});
  }
}

TEST_CASE("stores without manifests") {
  struct Row {
    const char* name;
    std::string file;
    std::vector<std::pair<std::string, std::string>> beside;
    std::string line;
  };
  const std::string bytes = Weights(3);
  const std::string sha256 = Sha256Of(bytes);
  const std::string url_sha1(40, '5');
  const std::vector<Row> rows = {
      {"local dir",
       "m/a.safetensors",
       {{"m/.cache/huggingface/download/a.safetensors.metadata",
         kCommit + "\n" + sha256 + "\n1712345678.5\n"}},
       "kind=huggingface-local-dir host=huggingface.co revision=" + kCommit +
           " path=a.safetensors"},
      {"NIM",
       ".ngc/hub/models--nim--meta--llama/snapshots/v1/m.safetensors",
       {},
       "kind=nim host=nvcr.io repository=nim/meta/llama revision=v1 path=m.safetensors"},
      {"ModelScope new",
       "modelscope/models/Qwen--Qwen2.5-7B/snapshots/master/m.safetensors",
       {},
       "kind=modelscope host=modelscope.cn repository=Qwen/Qwen2.5-7B revision=master "
       "path=m.safetensors"},
      {"ModelScope old",
       "cache/Qwen/Qwen2___5-7B/m.safetensors",
       {{"cache/Qwen/Qwen2___5-7B/.mv", "Revision:v1.0,CreatedAt:1712345678"}},
       "kind=modelscope host=modelscope.cn repository=Qwen/Qwen2.5-7B revision=v1.0 "
       "path=m.safetensors"},
      {"ModelScope hub",
       "modelscope/hub/models/Qwen/Qwen3/sub/m.safetensors",
       {},
       "kind=modelscope host=modelscope.cn repository=Qwen/Qwen3 path=sub/m.safetensors"},
      {"LM Studio",
       ".lmstudio/models/unsloth/gemma-GGUF/m.safetensors",
       {},
       "kind=lmstudio repository=unsloth/gemma-GGUF path=m.safetensors"},
      {"GPT4All", "nomic.ai/GPT4All/m.gguf", {}, "kind=gpt4all path=m.gguf"},
      {"Jan",
       "llamacpp/models/org/name/model.gguf",
       {{"llamacpp/models/org/name/model.yml",
         "model_path: llamacpp/models/org/name/model.gguf\nname: Name\nmodel_sha256: " + sha256 +
             "\n"}},
       "kind=jan repository=org/name path=model.gguf verified=sha256"},
      {"torch hub",
       "hub/checkpoints/resnet-" + sha256.substr(0, 8) + ".pth",
       {},
       "kind=torch-hub path=resnet-" + sha256.substr(0, 8) + ".pth verified=sha256-prefix"},
      {"torch hub repository",
       "torch/hub/ultralytics_yolov5_v7.0/y.pt",
       {},
       "kind=torch-hub host=github.com repository=ultralytics/yolov5 tag=v7.0 path=y.pt"},
      {"Keras", ".keras/models/m.safetensors", {}, "kind=keras path=m.safetensors"},
      {"Kaggle",
       "kagglehub/models/google/gemma/transformers/2b/3/m.safetensors",
       {},
       "kind=kagglehub host=kaggle.com repository=google/gemma revision=3 tag=transformers/2b "
       "path=m.safetensors"},
      {"TF Hub",
       "tfhub_modules/" + url_sha1 + "/m.safetensors",
       {{"tfhub_modules/" + url_sha1 + ".descriptor.txt",
         "Module: https://tfhub.dev/google/bert/4\nDownload Time: 2026-01-01\n"}},
       "kind=tfhub host=tfhub.dev repository=google/bert/4 path=m.safetensors"},
      {"Whisper",
       "cache/whisper/tiny.en.pt",
       {},
       "kind=whisper host=openaipublic.azureedge.net repository=openai/whisper-tiny.en "
       "path=tiny.en.pt"},
      {"another folder of that name", "cache/whisper/mine.pt", {}, ""},
      {"sentence-transformers",
       "torch/sentence_transformers/BAAI_bge-m3/m.safetensors",
       {},
       "kind=sentence-transformers host=huggingface.co repository=BAAI/bge-m3 path=m.safetensors"},
      {"MLC",
       "mlc_llm/model_weights/hf/mlc-ai/Q4/m.safetensors",
       {},
       "kind=mlc host=huggingface.co repository=mlc-ai/Q4 path=m.safetensors"},
      {"text-generation-webui",
       "app/user_data/models/org_name_main/m.safetensors",
       {},
       "kind=text-generation-webui host=huggingface.co repository=org/name_main "
       "path=m.safetensors"},
      {"ComfyUI",
       "app/models/diffusion_models/m.safetensors",
       {},
       "kind=comfyui path=diffusion_models/m.safetensors"},
      {"AUTOMATIC1111",
       "app/models/Stable-diffusion/m.safetensors",
       {{"app/cache.json",
         R"({"hashes":{"checkpoint/m.safetensors":{"mtime":1.5,"sha256":")" + sha256 + R"("}}})"}},
       "kind=a1111 path=Stable-diffusion/m.safetensors verified=sha256"},
      {"LocalAI",
       "models/m.gguf",
       {{"models/gpt.yaml", "name: gpt-4\nbackend: llama-cpp\nparameters:\n  model: m.gguf\n"}},
       "kind=localai tag=gpt-4 path=m.gguf"},
      {"Triton",
       "repo/resnet/2/m.safetensors",
       {{"repo/resnet/config.pbtxt", "name: \"resnet50\"\nbackend: \"pytorch\"\n"}},
       "kind=triton repository=resnet50 revision=2 path=m.safetensors"},
      {"a folder of numbers", "repo/resnet/2/m.safetensors", {}, ""},
      {"llama.cpp",
       "llama.cpp/org_repo_m.gguf",
       {{"llama.cpp/org_repo_m.gguf.json",
         R"({"etag":"\")" + sha256 +
             R"(\"","lastModified":"","url":"https://huggingface.co/org/repo/resolve/main/m.gguf"})"}},
       "kind=llama.cpp host=huggingface.co repository=org/repo tag=main path=m.gguf "
       "verified=sha256"},
      {"llama.cpp manifest",
       "llama.cpp/org_repo_m.gguf",
       {{"llama.cpp/manifest=org=repo=Q4.json", R"({"ggufFile":{"rfilename":"m.gguf","size":)" +
                                                    std::to_string(bytes.size()) +
                                                    R"(,"lfs":{"sha256":")" + sha256 + R"("}}})"}},
       "kind=llama.cpp host=huggingface.co repository=org/repo tag=Q4 verified=sha256"},
      {"wheel",
       "site-packages/pkg/m.safetensors",
       {{"site-packages/pkg-1.2.dist-info/RECORD",
         "pkg/__init__.py,sha256=abc,3\npkg/m.safetensors,sha256=" +
             std::string("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") + "," +
             std::to_string(bytes.size()) + "\n"}},
       "kind=python-package repository=pkg revision=1.2 path=pkg/m.safetensors"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    StoreBuilder store;
    store.File(row.file, bytes);
    for (const auto& [name, text] : row.beside) store.File(name, text);
    CheckBoth(store, {row.line});
  }
}

TEST_CASE("a wheel's RECORD that states another digest is a finding") {
  StoreBuilder store;
  store.File("pkg/m.safetensors", Weights(1))
      .File("pkg-1.dist-info/RECORD",
            "pkg/m.safetensors,sha256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,7\n");
  CHECK(MessagesWith(store.ScanFolder(), "digest mismatch:") ==
        Lines{"digest mismatch: the store states 7 bytes, the file has " +
                  std::to_string(Weights(1).size()),
              "digest mismatch: the store states sha256 " + std::string(64, '0') +
                  ", the content has " + Sha256Of(Weights(1))});
}

TEST_CASE("digests that names state") {
  const std::string hex(64, 'a');
  struct Row {
    std::string path;
    std::string digest;
  };
  const Row rows[] = {
      {"m/blobs/sha256-" + hex, "sha256 " + hex},
      {"m/blobs/sha256:" + hex, "sha256 " + hex},
      {"m/blobs/sha256/" + hex, "sha256 " + hex},
      {"models--a--b/blobs/" + std::string(40, 'b'), "git-sha1 " + std::string(40, 'b')},
      {"x/blobs/" + std::string(40, 'b'), " "},
      {"lfs/objects/aa/aa/" + hex, "sha256 " + hex},
      {"hub/checkpoints/x-0123abcd.pth", "sha256-prefix 0123abcd"},
      {"hub/checkpoints/x-20200130.pth", " "},
      {"checkpoints/x-0123abcd.pth", " "},
      {"blobs/sha256-" + hex + "-partial", " "},
      {hex, " "},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const StatedDigest digest = DigestOfStorePlace(Location{row.path, {}});
    CHECK(digest.algorithm + " " + digest.hex == row.digest);
    const StatedDigest inside = DigestOfStorePlace(Location{"x.tar", {"./" + row.path}});
    CHECK(inside.algorithm + " " + inside.hex == row.digest);
  }
}

}  // namespace
}  // namespace weighbridge
