#include "scanner/services/file_kinds.h"

#include <string>

#include <doctest/doctest.h>

using namespace weighbridge;
using Kind = ServiceFileKind;

TEST_CASE("the path alone says what a file is read as") {
  struct Row {
    std::string path;
    Kind kind;
  };
  const Row rows[] = {
      {"app/main.py", Kind::kSource},
      {"app/Main.PY", Kind::kSource},
      {"work.ipynb", Kind::kSource},
      {".env", Kind::kConfig},
      {"deploy/.env.production", Kind::kConfig},
      {"prod.env.example", Kind::kConfig},
      {"Dockerfile", Kind::kConfig},
      {"docker/Dockerfile.gpu", Kind::kConfig},
      {"docker-compose.yml", Kind::kConfig},
      {"chart/templates/deployment.yaml", Kind::kConfig},
      {"chart/templates/_helpers.tpl", Kind::kConfig},
      {"README.md", Kind::kDocumentation},
      {"README", Kind::kDocumentation},
      {"requirements-dev.txt", Kind::kRequirements},
      {"requirements/base.txt", Kind::kRequirements},
      {"notes.txt", Kind::kNone},
      {"model.safetensors", Kind::kNone},
      {"pyproject.toml", Kind::kPythonToml},
      {"uv.lock", Kind::kTomlLock},
      {"package.json", Kind::kPackageJson},
      {"web/node_modules/openai/package.json", Kind::kInstalledNpm},
      {"web/node_modules/openai/index.js", Kind::kNone},
      {"v/lib/python3.11/site-packages/openai/_client.py", Kind::kNone},
      {"v/lib/python3.11/site-packages/openai-1.2.dist-info/METADATA", Kind::kDistInfo},
      {"/usr/lib/python3/x.py", Kind::kNone},
      {".git/config", Kind::kNone},
      {"vendor/github.com/x/y.go", Kind::kNone},
      {"lib/third_party/botocore/data/endpoints.json", Kind::kNone},
      {"go.mod", Kind::kGoMod},
      {"Api.csproj", Kind::kNuget},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(ClassifyServiceFile(row.path) == row.kind);
    CHECK(WorthReading(row.path, 1) == (row.kind != Kind::kNone));
  }
  CHECK_FALSE(WorthReading("main.py", 0));
  CHECK_FALSE(WorthReading("data.json", 65ULL << 20));
}

TEST_CASE("a project is where a manifest or a repository is") {
  for (const char* path : {"a/requirements.txt", "a/pyproject.toml", "package.json", "a/go.mod",
                           "a/.git/HEAD", "Cargo.toml", "a/pom.xml"}) {
    CAPTURE(path);
    CHECK(IsProjectMark(path));
  }
  for (const char* path : {"a/main.py", "n/node_modules/x/package.json", "requirements/dev.txt",
                           "x/site-packages/a-1.dist-info/METADATA", "README.md"}) {
    CAPTURE(path);
    CHECK_FALSE(IsProjectMark(path));
  }
}
