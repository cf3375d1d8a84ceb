// Which format a zip is, from its member names, and what its small members claim.
#include "scanner/formats/zip_family.h"

#include <doctest/doctest.h>

#include "tests/support/pickle_builder.h"
#include "tests/support/zip_builder.h"

namespace weighbridge {
namespace {

using test::BuildZip;
using test::Bytes;
using test::ToBytes;
using test::ZipMember;
using test::ZipOptions;

std::vector<ZipMember> Members(const std::vector<std::pair<std::string, std::string>>& texts) {
  std::vector<ZipMember> members;
  for (const auto& [name, text] : texts) {
    ZipMember member;
    member.name = name;
    member.data = ToBytes(text);
    members.push_back(member);
  }
  return members;
}

struct Probed {
  bool yes = false;
  Artifact artifact;
};

Probed Run(const Bytes& bytes) {
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = bytes;
  window.source = &source;
  window.size = bytes.size();
  Probed out;
  out.yes = ProbeZip(window);
  if (out.yes) ParseZip(source, window, Limits{}, out.artifact);
  return out;
}

TEST_CASE("zip family: format and kind by member names") {
  struct Row {
    std::vector<std::pair<std::string, std::string>> members;
    std::string format;
    ArtifactKind kind;
  };
  const std::vector<Row> rows = {
      {{{"metadata.json", "{}"}, {"config.json", "{}"}, {"model.weights.h5", "x"}},
       "keras_zip",
       ArtifactKind::kWeights},
      {{{"MAR-INF/MANIFEST.json", "{}"}}, "torchserve_mar", ArtifactKind::kContainer},
      {{{"x-1.dist-info/WHEEL", ""}, {"x/__init__.py", ""}}, "wheel", ArtifactKind::kContainer},
      {{{"a.npy", "x"}, {"b.npy", "y"}}, "npz", ArtifactKind::kArray},
      {{{"a.npy", "x"}, {"special:model.yml.npy", "y"}}, "marian", ArtifactKind::kWeights},
      {{{"model_index.json", "{}"}, {"unet/config.json", "{}"}, {"unet/x.safetensors", "x"}},
       "dduf",
       ArtifactKind::kContainer},
      {{{"dlc.metadata", ""}, {"model", "NETD"}}, "dlc", ArtifactKind::kWeights},
      {{{"configuration.json", "{}"}, {"coefficients.bin", "x"}}, "dl4j", ArtifactKind::kWeights},
      {{{"TransformerChain/Model.key", "x"}}, "mlnet", ArtifactKind::kWeights},
      {{{"network.nntxt", "x"}}, "nnabla", ArtifactKind::kWeights},
      {{{"TF_LITE_PREFILL_DECODE", "x"}, {"METADATA", ""}},
       "mediapipe_task",
       ArtifactKind::kContainer},
      {{{"p/archive_format", "pt2"}, {"p/models/model.json", "{}"}}, "pt2", ArtifactKind::kWeights},
      {{{"p/.data/version", "6"}, {"p/m.py", ""}}, "torch_package", ArtifactKind::kWeights},
      {{{"readme.txt", "hello"}}, "zip", ArtifactKind::kContainer},
      {{}, "zip", ArtifactKind::kContainer},
  };
  for (const Row& row : rows) {
    CAPTURE(row.format);
    const Probed probed = Run(BuildZip(Members(row.members)));
    REQUIRE(probed.yes);
    CHECK(probed.artifact.format == row.format);
    CHECK(ArtifactKindName(probed.artifact.kind) == std::string(ArtifactKindName(row.kind)));
    // "x" is no array: an npz that cannot be read is partly inspected.
    const bool arrays = row.format == "npz" || row.format == "marian";
    CHECK(probed.artifact.inspection ==
          (arrays ? Inspection::kPartial : Inspection::kNotInspected));
    CHECK(!probed.artifact.not_inspected_reason.empty());
  }
}

TEST_CASE("zip family: keras claims and its Lambda layers") {
  const Probed probed = Run(BuildZip(
      Members({{"metadata.json", R"({"keras_version": "3.4.1", "date_saved": "2024-07-01"})"},
               {"config.json", R"({"class_name": "Functional", "module": "keras",
                          "config": {"name": "net", "layers": [{"class_name": "Lambda"}]}})"}})));
  const std::vector<Claim> want = {{"keras:keras_version", "3.4.1"},
                                   {"keras:date_saved", "2024-07-01"},
                                   {"keras:class_name", "Functional"},
                                   {"keras:module", "keras"},
                                   {"keras:name", "net"},
                                   {"keras:lambda", "true"}};
  CHECK(probed.artifact.claims == want);
  CHECK(probed.artifact.format_version == "3.4.1");
}

TEST_CASE("zip family: mar, wheel and dduf claims") {
  CHECK(Run(BuildZip(Members({{"MAR-INF/MANIFEST.json",
                               R"({"model": {"modelName": "m", "modelVersion": "2"}})"}})))
            .artifact.claims ==
        std::vector<Claim>{{"mar:modelName", "m"}, {"mar:modelVersion", "2"}});
  CHECK(Run(BuildZip(Members({{"x.dist-info/METADATA", "Name: x\nVersion: 1\n\nName: y\n"},
                              {"x.dist-info/WHEEL", ""}})))
            .artifact.claims == std::vector<Claim>{{"wheel:Name", "x"}, {"wheel:Version", "1"}});
  CHECK(Run(BuildZip(Members({{"model_index.json", R"({"_class_name": "FluxPipeline"})"}})))
            .artifact.claims == std::vector<Claim>{{"dduf:_class_name", "FluxPipeline"}});
}

TEST_CASE("llamafile: a program with weights inside") {
  ZipOptions options;
  options.prefix = ToBytes("MZqFpD='\n" + std::string(100, 'x'));
  const Bytes bytes =
      BuildZip(Members({{"tiny.gguf", "GGUF...."}, {".args", "-m\ntiny.gguf\n"}}), options);
  const Probed probed = Run(bytes);
  REQUIRE(probed.yes);
  CHECK(probed.artifact.format == "llamafile");
  CHECK(probed.artifact.claims == std::vector<Claim>{{"llamafile:member", "tiny.gguf"},
                                                     {"llamafile:args", "-m"},
                                                     {"llamafile:args", "tiny.gguf"}});
  CHECK(probed.artifact.diagnostics.empty());
  options.prefix = ToBytes(
      "\x7f"
      "ELF" +
      std::string(100, 'x'));
  CHECK(Run(BuildZip(Members({{"readme", "x"}}), options)).artifact.format == "zip");
}

TEST_CASE("zip family: what is not a zip") {
  CHECK(!Run(ToBytes("PK")).yes);
  CHECK(!Run(ToBytes("MZqFpD='" + std::string(200, 'x'))).yes);
  CHECK(!Run(ToBytes("GGUF" + std::string(200, 'x'))).yes);
}

TEST_CASE("zip family: bytes before the first member are a difference") {
  ZipOptions options;
  options.prefix = ToBytes("PK\x03\x04 junk");
  const Probed probed = Run(BuildZip(Members({{"a", "b"}}), options));
  REQUIRE(probed.artifact.diagnostics.size() == 1);
  CHECK(probed.artifact.diagnostics[0].message ==
        "zip-differential: 9 bytes before the first member");
}

TEST_CASE("npz: an array of objects is a pickle") {
  std::string header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
  std::string npy("\x93NUMPY\x01\x00", 8);
  npy += static_cast<char>(header.size());
  npy += '\0';
  npy += header;
  const Bytes pickle = test::PickleBuilder().Global("os", "system").Stop();
  npy.append(pickle.begin(), pickle.end());
  const Probed probed = Run(BuildZip(Members({{"a.npy", npy}})));
  CHECK(probed.artifact.format == "npz");
  REQUIRE(probed.artifact.pickle_imports.size() == 1);
  CHECK(probed.artifact.pickle_imports[0].module == "os");
  CHECK(probed.artifact.pickle_imports[0].member == "a.npy");
}

}  // namespace
}  // namespace weighbridge
