// The files in which ecosystems declare, lock or record packages, each read by the one or
// two constructs that name a package; no whole TOML, YAML or XML.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/services/packages.h"

namespace weighbridge {

inline constexpr std::size_t kMaxNameBytes = 214;  // npm's own limit

inline std::string_view Leading(std::string_view text, std::string_view more) {
  std::size_t size = 0;
  while (size < text.size() && size <= kMaxNameBytes) {
    const char c = text[size];
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!word && more.find(c) == std::string_view::npos) break;
    ++size;
  }
  return text.substr(0, size);
}

// The name of a requirement ("openai[extra]>=1.0; marker"), "" when it is none.
inline std::string_view RequirementName(std::string_view text) {
  const std::string_view name = Leading(text, "-_.");
  const char after = name.size() < text.size() ? text[name.size()] : ' ';
  return std::string_view(" \t[<>=!~;@#\r").find(after) == std::string_view::npos
             ? std::string_view()
             : name;
}

class PackageReader {
 public:
  PackageReader(const Packages& packages, std::string_view text, std::vector<PackageHit>& hits)
      : packages_(packages), text_(text), hits_(hits) {}

  void Add(std::string_view ecosystem, std::string_view name) {
    if (name.empty() || name.size() > kMaxNameBytes) return;
    const auto at = static_cast<std::size_t>(name.data() - text_.data());
    const PackageHit hit = packages_.Look(ecosystem, name, at);
    if (hit.items != nullptr) hits_.push_back(hit);
  }

  template <typename F>
  void EachLine(F take) {
    std::string_view rest = text_;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      const std::string_view trimmed = Trim(line);
      if (!trimmed.empty() && !trimmed.starts_with("#") && !trimmed.starts_with("//")) {
        if (!take(line, trimmed)) return;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  // Every string between double quotes (single ones too where `both`) on one line.
  template <typename F>
  static void EachQuoted(std::string_view text, bool both, F take) {
    std::size_t at = 0;
    while ((at = text.find_first_of(both ? "\"'" : "\"", at)) != std::string_view::npos) {
      const std::size_t end = text.find(text[at], at + 1);
      if (end == std::string_view::npos) return;
      take(text.substr(at + 1, end - at - 1), text.substr(end + 1));
      at = end + 1;
    }
  }

  // Keys of JSON whose value starts with one of `values`.
  void JsonKeys(std::string_view ecosystem, std::string_view values) {
    EachQuoted(text_, false, [&](std::string_view key, std::string_view after) {
      if (key.size() > kMaxNameBytes || !FollowedBy(after, values)) return;
      constexpr std::string_view kFolder = "node_modules/";
      const std::size_t folder = key.rfind(kFolder);
      if (folder != std::string_view::npos) key.remove_prefix(folder + kFolder.size());
      Add(ecosystem, key);
    });
  }

  void Requirements() {
    EachLine([&](std::string_view, std::string_view line) {
      Add("pypi", RequirementName(line));
      return true;
    });
  }

  void PythonToml() {
    bool dependencies = false;
    EachLine([&](std::string_view, std::string_view line) {
      if (line.starts_with("[")) {
        dependencies = line.find("dependencies") != std::string_view::npos ||
                       line.find("packages") != std::string_view::npos;
        return true;
      }
      for (const std::string_view prose : {"name", "description", "keywords", "classifiers"}) {
        if (line.starts_with(prose)) return true;
      }
      const std::size_t quote = line.starts_with("\"") ? 1 : 0;
      const std::string_view key = Leading(line.substr(quote), "-_.");
      std::string_view after = line.substr(quote + key.size());
      if (quote != 0 && after.starts_with("\"")) after.remove_prefix(1);
      after = Trim(after);
      const bool sets = after.starts_with("=") && !after.starts_with("==");
      if (sets && dependencies) Add("pypi", key);
      Quoted(line, sets ? key : std::string_view());
      return true;
    });
  }

  void SetupPy() {
    EachLine([&](std::string_view line, std::string_view trimmed) {
      if (line.front() == ' ' || line.front() == '\t') Add("pypi", RequirementName(trimmed));
      Quoted(trimmed, {});
      return true;
    });
  }

  void Quoted(std::string_view line, std::string_view but) {
    EachQuoted(line, true, [&](std::string_view inner, std::string_view) {
      const std::string_view name = RequirementName(inner);
      if (name.data() != but.data()) Add("pypi", name);
    });
  }

  // name = "X"
  void TomlLock() {
    EachLine([&](std::string_view, std::string_view line) {
      if (!line.starts_with("name")) return true;
      EachQuoted(line, false,
                 [&](std::string_view inner, std::string_view) { Add("pypi", inner); });
      return true;
    });
  }

  // The header's Name; the description that follows an empty line is prose.
  void DistInfo() {
    EachLine([&](std::string_view line, std::string_view) {
      if (!line.starts_with("Name:")) return true;
      Add("pypi", Trim(line.substr(5)));
      return false;
    });
  }

  void InstalledNpm(std::string_view path) {
    constexpr std::string_view kFolder = "node_modules/";
    const std::size_t folder = path.rfind(kFolder);
    const std::size_t end = path.rfind('/');
    if (folder == std::string_view::npos || folder + kFolder.size() >= end) return;
    const std::string_view wanted = path.substr(folder + kFolder.size(), end - folder - 13);
    bool found = false;
    EachQuoted(text_, false, [&](std::string_view inner, std::string_view) {
      if (!found && inner == wanted) Add("npm", inner);
      found |= inner == wanted;
    });
  }

  // yarn: `openai@^4:`, `"@scope/name@npm:^1":`; pnpm: `/openai@4.0.0:`, `'@scope/name':`
  void YarnLock() {
    EachLine([&](std::string_view, std::string_view line) {
      while (!line.empty() &&
             (line.front() == '"' || line.front() == '\'' || line.front() == '/')) {
        line.remove_prefix(1);
      }
      const std::size_t scope = line.starts_with("@") ? line.find('/') : 0;
      if (scope == std::string_view::npos) return true;
      const std::size_t end = line.find_first_of("@:'/", scope + 1);
      if (end != std::string_view::npos) Add("npm", line.substr(0, end));
      return true;
    });
  }

  // `require X v1.2.3`, `X/v2 v2.0.0`
  void GoMod() {
    EachLine([&](std::string_view, std::string_view line) {
      if (line.starts_with("require ")) line = Trim(line.substr(8));
      const std::size_t end = line.find(" v");
      if (end == std::string_view::npos) return true;
      std::string_view name = line.substr(0, end);
      const std::size_t slash = name.rfind("/v");
      if (slash != std::string_view::npos && ParseUint(name.substr(slash + 2))) {
        name = name.substr(0, slash);
      }
      Add("go", name);
      return true;
    });
  }

  void Maven() {
    constexpr std::string_view kOpen = "<artifactId>";
    EachLine([&](std::string_view, std::string_view line) {
      if (line.starts_with(kOpen)) {
        line.remove_prefix(kOpen.size());
        Add("maven-artifact", line.substr(0, line.find('<')));
        return true;
      }
      EachQuoted(line, true, [&](std::string_view inner, std::string_view) {
        const std::size_t group = inner.find(':');
        if (group == std::string_view::npos) return;
        Add("maven", inner.substr(0, inner.find(':', group + 1)));
      });
      return true;
    });
  }

  void Nuget() {
    EachQuoted(text_, false,
               [&](std::string_view inner, std::string_view) { Add("nuget", inner); });
  }

 private:
  static bool FollowedBy(std::string_view after, std::string_view values) {
    const std::size_t colon = after.find_first_not_of(" \t\r\n");
    if (colon == std::string_view::npos || after[colon] != ':') return false;
    const std::size_t value = after.find_first_not_of(" \t\r\n", colon + 1);
    return value != std::string_view::npos && values.find(after[value]) != std::string_view::npos;
  }

  const Packages& packages_;
  std::string_view text_;
  std::vector<PackageHit>& hits_;
};

}  // namespace weighbridge
