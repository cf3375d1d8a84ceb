// Looks an import up in the risk table, dotted part by dotted part.
#include "scanner/formats/pickle_imports.h"

#include <algorithm>

#include "scanner/formats/pickle_import_table.h"

namespace weighbridge {
namespace {

using namespace pickle_names;
using Risk = PickleImport::Risk;

bool IsOrIsUnder(std::string_view module, std::string_view root) {
  if (!module.starts_with(root)) return false;
  return module.size() == root.size() || module[root.size()] == '.';
}

template <typename Table>
bool AnyRoot(const Table& table, std::string_view module) {
  return std::any_of(table.begin(), table.end(),
                     [module](std::string_view root) { return IsOrIsUnder(module, root); });
}

template <typename Table>
bool HasPair(const Table& table, std::string_view module, std::string_view name) {
  return std::any_of(table.begin(), table.end(), [&](const CodeName& row) {
    return row.module == module && IsOrIsUnder(name, row.name);
  });
}

bool IsBuiltins(std::string_view module) {
  return module == "builtins" || module == "__builtin__" || module == "__builtins__";
}

bool HasCodePart(std::string_view dotted) {
  for (std::size_t at = 0; at <= dotted.size();) {
    const std::size_t end = std::min(dotted.find('.', at), dotted.size());
    const std::string_view part = dotted.substr(at, end - at);
    if (std::find(kCodeParts.begin(), kCodeParts.end(), part) != kCodeParts.end()) return true;
    at = end + 1;
  }
  return false;
}

bool RunsCode(std::string_view module, std::string_view name) {
  if (IsBuiltins(module)) {
    return std::find(kPlainBuiltins.begin(), kPlainBuiltins.end(), name) == kPlainBuiltins.end();
  }
  // UUID and Path values are data; the rest of their modules is not.
  if ((module == "uuid" && name == "UUID") || module == "pathlib._local") return false;
  if (module == "pathlib" && name.find('.') == std::string_view::npos) return false;
  if (module == "torch.jit._pickle" && name.starts_with("build_")) return false;
  if (module == "io" && (name == "BytesIO" || name == "StringIO")) return false;
  if (module == "_io" && (name == "BytesIO" || name == "StringIO")) return false;
  if (AnyRoot(kCodeModules, module) || HasPair(kCodeNames, module, name)) return true;
  // A module path or a dotted name that runs through os, sys and the like.
  return HasCodePart(name) || HasCodePart(module.substr(std::min(module.find('.'), module.size())));
}

bool IsPlumbing(std::string_view module, std::string_view name) {
  if (HasPair(kPlumbing, module, name)) return true;
  if (module == "torch._utils" && name.starts_with("_rebuild_")) return true;
  if (module != "torch" && module != "torch.cuda") return false;
  if (name.ends_with("Storage") || name.ends_with("Tensor")) return true;
  constexpr auto kDtypes = std::to_array<std::string_view>(
      {"float", "bfloat", "int", "uint", "half", "double", "long", "short", "bool", "complex",
       "qint", "quint", "per_", "strided", "sparse_"});
  return std::any_of(kDtypes.begin(), kDtypes.end(),
                     [name](std::string_view start) { return name.starts_with(start); });
}

}  // namespace

Risk ClassifyPickleImport(std::string_view module, std::string_view name) {
  if (RunsCode(module, name)) return Risk::kCodeExecution;
  if (IsPlumbing(module, name)) return Risk::kTensorPlumbing;
  if (IsBuiltins(module) || AnyRoot(kLibraries, module)) return Risk::kKnownLibrary;
  if (module == "argparse" && name == "Namespace") return Risk::kKnownLibrary;
  if (module == "uuid" || module == "pathlib" || module == "io" || module == "_io") {
    return Risk::kKnownLibrary;
  }
  // TorchScript class names inside an archive; the code lies under code/.
  if (IsOrIsUnder(module, "__torch__")) return Risk::kKnownLibrary;
  return Risk::kUnknown;
}

}  // namespace weighbridge
