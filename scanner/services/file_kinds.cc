#include "scanner/services/file_kinds.h"

#include <algorithm>
#include <array>
#include <string>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using Kind = ServiceFileKind;

constexpr std::uint64_t kMaxFileBytes = 64ULL << 20;  // larger is data, whatever its name says

struct NameKind {
  std::string_view name;
  Kind kind;
};

constexpr auto kNames = std::to_array<NameKind>({
    {"build.gradle", Kind::kMaven},
    {"build.gradle.kts", Kind::kMaven},
    {"chart.yaml", Kind::kConfig},
    {"containerfile", Kind::kConfig},
    {"dockerfile", Kind::kConfig},
    {"go.mod", Kind::kGoMod},
    {"makefile", Kind::kConfig},
    {"npm-shrinkwrap.json", Kind::kNpmLock},
    {"package-lock.json", Kind::kNpmLock},
    {"package.json", Kind::kPackageJson},
    {"packages.config", Kind::kNuget},
    {"pdm.lock", Kind::kTomlLock},
    {"pipfile", Kind::kPythonToml},
    {"pipfile.lock", Kind::kPipfileLock},
    {"pnpm-lock.yaml", Kind::kYarnLock},
    {"poetry.lock", Kind::kTomlLock},
    {"pom.xml", Kind::kMaven},
    {"procfile", Kind::kConfig},
    {"pyproject.toml", Kind::kPythonToml},
    {"readme", Kind::kDocumentation},
    {"setup.cfg", Kind::kSetupPy},
    {"setup.py", Kind::kSetupPy},
    {"uv.lock", Kind::kTomlLock},
    {"yarn.lock", Kind::kYarnLock},
});

constexpr auto kSourceExtensions = std::to_array<std::string_view>(
    {"bash", "c",     "cc",  "cjs",    "clj",   "cpp",  "cs",  "cts", "dart", "ex",   "exs", "fish",
     "go",   "h",     "hpp", "groovy", "hs",    "java", "jl",  "js",  "jsx",  "kt",   "kts", "lua",
     "m",    "mjs",   "ml",  "mts",    "php",   "pl",   "ps1", "py",  "pyi",  "pyw",  "r",   "rb",
     "rs",   "scala", "sh",  "svelte", "swift", "ts",   "tsx", "vue", "zsh",  "ipynb"});
constexpr auto kConfigExtensions = std::to_array<std::string_view>(
    {"cfg",     "cnf", "conf",   "config", "dockerfile", "env",   "envrc", "gotmpl",
     "hcl",     "ini", "json",   "json5",  "jsonc",      "nomad", "plist", "properties",
     "service", "tf",  "tfvars", "toml",   "tpl",        "yaml",  "yml"});
constexpr auto kDocumentationExtensions =
    std::to_array<std::string_view>({"adoc", "markdown", "md", "mdx", "rst"});

constexpr auto kLibraryFolders = std::to_array<std::string_view>(
    {"/node_modules/", "/site-packages/", "/dist-packages/", "/bower_components/", "/pkg/mod/",
     "/.cargo/registry/", "/third_party/", "/vendor/", "/usr/lib/", "/usr/share/", "/usr/include/",
     "/.git/", "/proc/", "/sys/"});

template <std::size_t N>
bool Among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view BaseName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view ParentName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : BaseName(path.substr(0, slash));
}

bool InLibrary(std::string_view path) {
  for (const std::string_view folder : kLibraryFolders) {
    if (path.find(folder) != std::string_view::npos || path.starts_with(folder.substr(1))) {
      return true;
    }
  }
  return false;
}

Kind KindOfExtension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return Kind::kNone;
  const std::string_view extension = name.substr(dot + 1);
  if (Among(kSourceExtensions, extension)) return Kind::kSource;
  if (Among(kConfigExtensions, extension)) return Kind::kConfig;
  if (Among(kDocumentationExtensions, extension)) return Kind::kDocumentation;
  return Kind::kNone;
}

// requirements.txt, requirements-dev.txt, dev-requirements.txt, requirements/base.txt
bool IsRequirements(std::string_view name, std::string_view parent) {
  return name.ends_with(".txt") && (name.find("requirements") != std::string_view::npos ||
                                    name.starts_with("constraints") || parent == "requirements");
}

Kind KindOfName(std::string_view path) {
  constexpr std::size_t kLongestName = 255;
  if (BaseName(path).size() > kLongestName) return Kind::kNone;
  const std::string name = ToLower(BaseName(path));
  const auto listed =
      std::find_if(kNames.begin(), kNames.end(), [&](const NameKind& k) { return k.name == name; });
  if (listed != kNames.end()) return listed->kind;
  const std::string parent = ToLower(ParentName(path));
  if (name == "metadata" && parent.ends_with(".dist-info")) return Kind::kDistInfo;
  if (name == "pkg-info") return Kind::kDistInfo;
  if (IsRequirements(name, parent)) return Kind::kRequirements;
  if (name.ends_with(".csproj") || name.ends_with(".fsproj")) return Kind::kNuget;
  // .env, .env.production, prod.env.example; Dockerfile.gpu
  if (name.starts_with(".env") || name.find(".env.") != std::string::npos ||
      name == "env.example" || name.starts_with("dockerfile.")) {
    return Kind::kConfig;
  }
  if (name.starts_with("readme.")) return Kind::kDocumentation;
  return KindOfExtension(name);
}

}  // namespace

ServiceFileKind ClassifyServiceFile(std::string_view path) {
  const Kind kind = KindOfName(path);
  if (kind == Kind::kNone || !InLibrary(path)) return kind;
  if (kind == Kind::kDistInfo) return kind;
  const bool installed =
      kind == Kind::kPackageJson && path.find("node_modules/") != std::string_view::npos;
  return installed ? Kind::kInstalledNpm : Kind::kNone;
}

bool WorthReading(std::string_view path, std::uint64_t size) {
  return size != 0 && size <= kMaxFileBytes && ClassifyServiceFile(path) != Kind::kNone;
}

bool IsPackageList(ServiceFileKind kind) {
  switch (kind) {
    case Kind::kRequirements:
    case Kind::kTomlLock:
    case Kind::kPipfileLock:
    case Kind::kDistInfo:
    case Kind::kInstalledNpm:
    case Kind::kNpmLock:
    case Kind::kYarnLock:
    case Kind::kGoMod:
    case Kind::kMaven:
    case Kind::kNuget: return true;
    default: return false;
  }
}

bool HasPackagesAndText(ServiceFileKind kind) {
  return kind == Kind::kPythonToml || kind == Kind::kSetupPy || kind == Kind::kPackageJson;
}

bool IsProjectMark(std::string_view path) {
  if (path.ends_with("/.git/HEAD") || path == ".git/HEAD" || path.ends_with("/.hg/requires")) {
    return true;
  }
  const Kind kind = ClassifyServiceFile(path);
  if (kind == Kind::kDistInfo || kind == Kind::kInstalledNpm) return false;
  if (kind == Kind::kNone) return !InLibrary(path) && ToLower(BaseName(path)) == "cargo.lock";
  if (IsPackageList(kind) || HasPackagesAndText(kind)) {
    return kind != Kind::kRequirements || ParentName(path) != "requirements";
  }
  const std::string name = ToLower(BaseName(path));
  return name == "cargo.toml" || name == "gemfile" || name == "composer.json" ||
         name == "chart.yaml";
}

}  // namespace weighbridge
