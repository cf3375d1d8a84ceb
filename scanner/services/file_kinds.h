// Which files are worth reading for services, from their names alone, and what a hit in
// them is worth. Files of libraries (site-packages, node_modules and the like) say what
// a library can do, not what the project does: of those only the package's own name is read.
#pragma once

#include <cstdint>
#include <string_view>

namespace weighbridge {

enum class ServiceFileKind {
  kNone,           // not read
  kSource,         // program text: names in quotes, imports
  kConfig,         // settings, .env, compose, Helm, Kubernetes, Dockerfile
  kDocumentation,  // prose: mentions only
  kRequirements,   // requirements*.txt, constraints*.txt
  kPythonToml,     // pyproject.toml, Pipfile
  kSetupPy,        // setup.py, setup.cfg
  kTomlLock,       // poetry.lock, uv.lock, pdm.lock
  kPipfileLock,
  kDistInfo,      // *.dist-info/METADATA, *.egg-info/PKG-INFO
  kPackageJson,   // of a project
  kInstalledNpm,  // node_modules/X/package.json
  kNpmLock,       // package-lock.json, npm-shrinkwrap.json
  kYarnLock,      // yarn.lock, pnpm-lock.yaml
  kGoMod,
  kMaven,  // pom.xml, build.gradle
  kNuget,  // *.csproj, packages.config
};

ServiceFileKind ClassifyServiceFile(std::string_view path);
// False for kinds that are not read, empty files, and files of libraries.
bool WorthReading(std::string_view path, std::uint64_t size);
// True for files whose folder is the root of a project: manifests; a VCS folder's HEAD.
bool IsProjectMark(std::string_view path);

// Declares packages, and nothing else in it is read.
bool IsPackageList(ServiceFileKind kind);
// Declares packages, and is searched as text as well.
bool HasPackagesAndText(ServiceFileKind kind);

}  // namespace weighbridge
