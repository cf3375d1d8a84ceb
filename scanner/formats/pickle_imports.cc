// Looks an import up in the risk table, dotted part by dotted part, at every dot.
#include "scanner/formats/pickle_imports.h"

#include <algorithm>
#include <string>

#include "scanner/formats/pickle_import_table.h"
#include "scanner/formats/pickle_known_table.h"

namespace weighbridge {
namespace {

using namespace pickle_names;
using Risk = PickleImport::Risk;

// A joined name is far shorter; the walk keeps less of a text than of a name like this.
constexpr std::size_t kLongestName = 500;

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
bool Holds(const Table& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
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

// Calls test(part) for every dotted part; true as soon as one says so.
template <typename Test>
bool AnyPart(std::string_view dotted, Test test) {
  for (std::size_t at = 0; at <= dotted.size();) {
    const std::size_t end = std::min(dotted.find('.', at), dotted.size());
    if (test(dotted.substr(at, end - at))) return true;
    at = end + 1;
  }
  return false;
}

std::string_view LastPart(std::string_view dotted) {
  return dotted.substr(dotted.rfind('.') + 1);  // npos + 1 is 0
}

bool IsVerb(std::string_view part) {
  return Holds(kCodeVerbs, part) ||
         std::any_of(kCodeVerbStarts.begin(), kCodeVerbStarts.end(),
                     [part](std::string_view start) { return part.starts_with(start); });
}

// UUID, paths and buffers in memory are data; the rest of their modules is not.
bool IsPlainData(std::string_view module, std::string_view name) {
  constexpr auto kPaths = std::to_array<std::string_view>(
      {"Path", "PosixPath", "PurePath", "PurePosixPath", "PureWindowsPath", "WindowsPath"});
  if (module == "uuid") return name == "UUID" || name == "SafeUUID";
  if (module == "pathlib" || module == "pathlib._local") return Holds(kPaths, name);
  if (module == "io" || module == "_io") return name == "BytesIO" || name == "StringIO";
  return module == "types" && name == "SimpleNamespace";
}

bool IsTorchScriptHelper(std::string_view module, std::string_view name) {
  return module == "torch.jit._pickle" && name.find('.') == name.npos &&
         (name.starts_with("build_") || name == "restore_type_tag");
}

// "?" for what the pickle computes, or longer than any true name.
bool IsHidden(std::string_view module, std::string_view name) {
  return module == "?" || name == "?" || module.size() + name.size() >= kLongestName;
}

// The rest of the joined name at a dot, when what lies before it is builtins.
bool RunsBuiltin(std::string_view module, std::string_view name) {
  if (IsBuiltins(module)) return !Holds(kPlainBuiltins, name);
  return AnyPart(name, IsBuiltins) || AnyPart(module, IsBuiltins);
}

// ("torch", "hub.load") is ("torch.hub", "load"), so the pairs are tried at every dot.
bool HasPairAnywhere(std::string_view joined) {
  for (std::size_t dot = joined.find('.'); dot != joined.npos; dot = joined.find('.', dot + 1)) {
    if (HasPair(kCodeNames, joined.substr(0, dot), joined.substr(dot + 1))) return true;
  }
  return false;
}

bool RunsCode(std::string_view module, std::string_view name, std::string_view joined) {
  if (IsHidden(module, name)) return true;
  if (IsPlainData(module, name) || IsTorchScriptHelper(module, name)) return false;
  if (RunsBuiltin(module, name)) return true;
  if (IsBuiltins(module)) return false;
  if (AnyRoot(kCodeModules, joined) || HasPairAnywhere(joined)) return true;
  const auto code_part = [](std::string_view part) { return Holds(kCodeParts, part); };
  const auto name_part = [](std::string_view part) { return Holds(kCodeNameParts, part); };
  // The first part of a module is its root, which the table has judged.
  const std::string_view below = module.substr(std::min(module.find('.'), module.size()));
  if (AnyPart(name, code_part) || AnyPart(below, code_part) || AnyPart(name, name_part)) {
    return true;
  }
  // A library's function that reads, fetches or runs something.
  return AnyRoot(kLibraries, joined) && IsVerb(LastPart(name));
}

bool IsPlumbing(std::string_view module, std::string_view name) {
  if (name.find('.') != name.npos) return false;
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

// '*' at the end of a pattern stands for anything.
bool Matches(std::string_view pattern, std::string_view text, bool module) {
  if (!pattern.ends_with('*')) return text == pattern;
  pattern.remove_suffix(1);
  return module ? IsOrIsUnder(text, pattern) : text.starts_with(pattern);
}

bool IsKnownName(std::string_view module, std::string_view name) {
  return std::any_of(kKnownNames.begin(), kKnownNames.end(), [&](const CodeName& row) {
    const bool dotted = name.find('.') != name.npos && row.name.find('.') == row.name.npos;
    return !dotted && Matches(row.module, module, true) && Matches(row.name, name, false);
  });
}

// Classes: every part of the name begins with a capital, behind underscores. What is
// lower-case is a function or a module.
bool IsClassName(std::string_view name) {
  return !AnyPart(name, [](std::string_view part) {
    const std::size_t first = part.find_first_not_of('_');
    return first == part.npos || part[first] < 'A' || part[first] > 'Z';
  });
}

}  // namespace

Risk ClassifyPickleImport(std::string_view module, std::string_view name) {
  const std::string joined = std::string(module) + "." + std::string(name);
  if (RunsCode(module, name, joined)) return Risk::kCodeExecution;
  if (IsPlumbing(module, name)) return Risk::kTensorPlumbing;
  if (IsBuiltins(module) || IsPlainData(module, name) || IsKnownName(module, name)) {
    return Risk::kKnownLibrary;
  }
  if (AnyRoot(kLibraries, module) && IsClassName(name)) return Risk::kKnownLibrary;
  // TorchScript class names inside an archive; the code lies under code/.
  if (IsOrIsUnder(module, "__torch__")) return Risk::kKnownLibrary;
  return Risk::kUnknown;
}

}  // namespace weighbridge
