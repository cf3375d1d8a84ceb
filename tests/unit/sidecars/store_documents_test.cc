// Book-keeping of stores: which file is which document, and what is taken from it.
#include <doctest/doctest.h>

#include "tests/support/side_car_builder.h"

namespace weighbridge {
namespace {

using Lines = std::vector<std::string>;

const std::string kCommit(40, 'a');
const std::string kHex(64, 'b');

struct Row {
  std::string path;
  std::string text;
  std::string format;  // "": not taken
  Lines claims;
};

TEST_CASE("store documents") {
  const std::vector<Row> rows = {
      {"models--a--b/refs/main",
       kCommit,
       "hub_ref",
       {"hubref:name=main", "hubref:commit=" + kCommit}},
      {"models--a--b/refs/refs/pr/1",
       kCommit + "\n",
       "hub_ref",
       {"hubref:name=refs/pr/1", "hubref:commit=" + kCommit}},
      {".git/refs/heads/main", kCommit + "\n", "", {}},
      {"models--a--b/refs/main", "main", "", {}},
      {"models--a--b/trees/" + kCommit + ".json",
       R"({"format_version": 1, "files": {"c": {"size": 5, "blob_id": "d"},
           "w": {"size": 7, "blob_id": "e", "lfs_sha256": "f", "lfs_size": 7}}})",
       "hub_tree",
       {"hubtree:commit=" + kCommit, "hubtree:file=c\t5\td\t", "hubtree:file=w\t7\te\tf"}},
      {"other/" + kCommit + ".json", R"({"format_version": 1, "files": {}})", "", {}},
      {"models.json",
       R"({"models":[{"id":"sha256:1","tags":["a:b","c:d"],"files":[]}]})",
       "model_runner_index",
       {"dmr:model=sha256:1\ta:b\tc:d"}},
      {"models.json", R"({"models":[{"id":"gpt-4"}]})", "", {}},
      {"refs/latest.json",
       R"({"hash":"h","path":"p","files":[{"hash":"s","name":"n","type":"t"}]})",
       "ramalama_ref",
       {"ramalama:hash=h", "ramalama:file=s\tn\tt"}},
      {"o_r_m.gguf.json",
       R"({"etag":"e","lastModified":"","url":"https://h/o/r"})",
       "llamacpp_origin",
       {"llamacpp:url=https://h/o/r", "llamacpp:etag=e"}},
      {"manifest=o=r=Q4.json",
       R"({"ggufFile":{"rfilename":"m.gguf","size":3,"lfs":{"sha256":"s"}}})",
       "llamacpp_manifest",
       {"llamacpp:repository=o/r", "llamacpp:tag=Q4", "llamacpp:file=m.gguf\t3\ts"}},
      {"cache.json",
       R"({"hashes":{"checkpoint/a":{"mtime":1,"sha256":")" + kHex + R"("}}})",
       "webui_hashes",
       {"webui:hash=checkpoint/a\t" + kHex}},
      {"cache.json", R"({"hashes":[]})", "", {}},
      {kCommit + ".descriptor.txt",
       "Module: https://tfhub.dev/x/1\nDownload Time: now\n",
       "tfhub_descriptor",
       {"tfhub:module=https://tfhub.dev/x/1"}},
      {"m/config.pbtxt",
       "# a model\nname: \"m\"\nbackend: \"onnxruntime\"\ninput [ { name: \"x\" } ]\n",
       "triton_config",
       {"triton:name=m", "triton:backend=onnxruntime"}},
      {"m/config.pbtxt", "input [ { name: \"x\" backend: \"y\" } ]\n", "", {}},
      {"model.yml",
       "model_path: a/b.gguf\nname: N\n",
       "jan_model",
       {"jan:name=N", "jan:model_path=a/b.gguf"}},
      {"gpt.yaml",
       "name: n\nparameters:\n  model: f.gguf\n",
       "localai_model",
       {"localai:name=n", "localai:model=f.gguf"}},
      {"values.yaml", "name: n\nparameters: [1]\n", "", {}},
      {"blobs/sha256-" + kHex,
       R"({"stop":["a","b"],"top_k":4})",
       "store_layer",
       {"layer:param=stop=a", "layer:param=stop=b", "layer:param=top_k=4"}},
      {"blobs/sha256-" + kHex, "You are kind.\n", "store_layer", {"layer:text=You are kind."}},
      {"blobs/" + kHex, "You are kind.\n", "", {}},
      {"blobs/sha256-" + kHex, std::string("\x01\x02\0\xff", 4), "", {}},
      {"config-" + kHex, R"({"model_format":"gguf"})", "", {}},
      {"blobs/sha256-" + kHex,
       R"({"model_format":"gguf","model_family":"llama","remote_host":"h","remote_model":"m",
           "rootfs":{"type":"layers","diff_ids":null}})",
       "oci_config",
       {"ollama:model_format=gguf", "ollama:model_family=llama", "ollama:remote_host=h",
        "ollama:remote_model=m", "oci:document=config"}},
      // Names of variables, and of hosts that URLs name; no value, user or path.
      {"blobs/sha256/" + kHex,
       R"({"os":"linux","config":{"Env":["PATH=/usr/bin","OPENAI_API_KEY=sk-1","BARE",
           "OPENAI_BASE_URL=https://me:pw@api.deepseek.com:443/v1?k=s","=x",7,
           "U=http://a b/","E=https://"]},
           "rootfs":{"type":"layers","diff_ids":["sha256:1"]}})",
       "oci_config",
       {"oci:document=config", "oci:platform=linux/", "oci:env=PATH", "oci:env=OPENAI_API_KEY",
        "oci:env=BARE", "oci:env=OPENAI_BASE_URL", "oci:env.host=OPENAI_BASE_URL\tapi.deepseek.com",
        "oci:env=U", "oci:env=E", "oci:diff_id=sha256:1"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CAPTURE(row.text);
    InspectedSideCar found = InspectText(row.path, row.text);
    CHECK(found.artifact.format == row.format);
    CHECK(ClaimLines(found.artifact) == row.claims);
  }
}

TEST_CASE("RECORD of a wheel states digests of model files only") {
  const InspectedSideCar found =
      InspectText("site-packages/p_q-1.0.dist-info/RECORD",
                  "p/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
                  "\"p/a,b.onnx\",sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,12\r\n"
                  "p/short.bin,sha256=47DE,1\np/none.bin,,\n");
  CHECK(found.artifact.stated_digests ==
        std::vector<StatedDigest>{
            {"sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
             "p/a,b.onnx", 12}});
  CHECK(ClaimLines(found.artifact) == Lines{"wheel:name=p_q", "wheel:version=1.0"});
  CHECK_FALSE(InspectText("elsewhere/RECORD", "a.bin,sha256=47DE,1\n").taken);
}

}  // namespace
}  // namespace weighbridge
