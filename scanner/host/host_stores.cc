#include "scanner/host/host_stores.h"

#include <algorithm>
#include <set>

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/host/environment.h"
#include "scanner/host/host_places.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxConfigurationBytes = 1U << 20;
constexpr std::size_t kMaxHomes = 10'000;
constexpr const char* kDocumented = "documented place";

class Finder {
 public:
  explicit Finder(const Sysroot& root) : root_(root) {}

  void Add(const std::string& path, std::string_view kind, const std::string& basis) {
    auto place = root_.Folder(path);
    if (!place || *place == "/" || *place == root_.root()) return;
    stores_.push_back({std::move(*place), std::string(kind), basis});
  }

  void AddDocumented() {
    for (const DocumentedPlace& place : kSystemPlaces) {
      Add(std::string(place.path), place.kind, kDocumented);
    }
    for (const std::string& home : Homes()) {
      for (const DocumentedPlace& place : kHomePlaces) {
        Add(home + "/" + std::string(place.path), place.kind, kDocumented);
      }
    }
  }

  // Docker daemon.json "data-root"; containerd config.toml "root"; containers
  // storage.conf "graphroot", "imagestore" and "additionalimagestores".
  void AddConfigured() {
    constexpr const char* kDocker = "/etc/docker/daemon.json";
    if (auto text = root_.ReadBeginning(kDocker, kMaxConfigurationBytes); text.ok()) {
      if (auto json = ParseJson(text.value(), Limits{}); json.ok() && json.value().is_object()) {
        Add(StringOr(json.value(), "data-root"), "Docker", kDocker);
      }
    }
    AddAssigned("/etc/containerd/config.toml", {"root"}, "containerd");
    for (const char* file :
         {"/etc/containers/storage.conf", "/usr/share/containers/storage.conf"}) {
      AddAssigned(file, {"graphroot", "imagestore", "additionalimagestores"},
                  "containers/storage (podman, CRI-O)");
    }
  }

  void AddVariables(const std::vector<Process>& processes) {
    if (root_.IsThisHost()) AddVariables(OwnStoreVariables(), "this process");
    if (auto text = root_.ReadBeginning("/etc/environment", kMaxConfigurationBytes); text.ok()) {
      AddVariables(StoreVariablesOf(text.value(), '\n'), "/etc/environment");
    }
    for (const char* units : {"/etc/systemd/system", "/usr/lib/systemd/system"}) AddUnits(units);
    for (const Process& process : processes) {
      if (!process.in_host_root) continue;  // its paths are not the host's
      AddVariables(process.variables,
                   Printable(process.name) + " (pid " + std::to_string(process.pid) + ")");
    }
  }

  // Sorted; of two that lie in each other the outer one; of equal ones the first basis.
  std::vector<HostStore> Take() {
    std::stable_sort(stores_.begin(), stores_.end(),
                     [](const HostStore& a, const HostStore& b) { return a.path < b.path; });
    std::vector<HostStore> kept;
    for (HostStore& store : stores_) {
      const bool inside = std::any_of(kept.begin(), kept.end(), [&](const HostStore& outer) {
        return store.path == outer.path || store.path.starts_with(outer.path + "/");
      });
      if (!inside) kept.push_back(std::move(store));
    }
    return kept;
  }

 private:
  // Home folders: passwd(5), field 6, and what lies in /home.
  std::vector<std::string> Homes() const {
    std::set<std::string> homes{"/root"};
    if (auto text = root_.ReadBeginning("/etc/passwd", kMaxConfigurationBytes); text.ok()) {
      for (const std::string& line : Split(text.value(), '\n')) {
        const std::vector<std::string> fields = Split(line, ':');
        if (fields.size() >= 6 && fields[5].size() > 1 && fields[5][0] == '/') {
          homes.insert(fields[5]);
        }
        if (homes.size() >= kMaxHomes) break;
      }
    }
    if (auto names = Names("/home", kMaxHomes); names.ok()) {
      for (const std::string& name : names.value()) homes.insert("/home/" + name);
    }
    return {homes.begin(), homes.end()};
  }

  // Top-level `key = "value"` or `key = ["a", "b"]` of TOML. A table's keys end the top
  // level of config.toml; storage.conf has all of them in [storage] and its sub-tables.
  void AddAssigned(const char* file, const std::vector<std::string>& keys, const char* kind) {
    auto text = root_.ReadBeginning(file, kMaxConfigurationBytes);
    if (!text.ok()) return;
    for (const std::string& line : Split(text.value(), '\n')) {
      const std::size_t equals = line.find('=');
      if (equals == line.npos) continue;
      const std::string key(Trim(std::string_view(line).substr(0, equals)));
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
      // Every quoted text is a path.
      std::size_t begin = equals;
      while ((begin = line.find_first_of("\"'", begin + 1)) != line.npos) {
        const std::size_t end = line.find(line[begin], begin + 1);
        if (end == line.npos) break;
        const std::string path = line.substr(begin + 1, end - begin - 1);
        if (path.starts_with('/')) Add(path, kind, file);
        begin = end;
      }
    }
  }

  void AddUnits(const std::string& folder) {
    constexpr std::size_t kMaxUnits = 5'000;
    auto names = Names(folder, kMaxUnits);
    if (!names.ok()) return;
    for (const std::string& name : names.value()) {
      if (name.ends_with(".service")) AddUnit(folder + "/" + name);
      if (!name.ends_with(".service.d")) continue;
      auto parts = Names(folder + "/" + name, 100);
      if (!parts.ok()) continue;
      for (const std::string& part : parts.value()) AddUnit(folder + "/" + name + "/" + part);
    }
  }

  void AddUnit(const std::string& file) {
    auto text = root_.ReadBeginning(file, 64U << 10);
    if (text.ok()) AddVariables(StoreVariablesOfUnit(text.value()), Printable(file));
  }

  void AddVariables(const std::vector<StoreVariable>& variables, const std::string& whose) {
    for (const StoreVariable& variable : variables) {
      Add(variable.value, "model store", variable.name + " of " + whose);
    }
  }

  Result<std::vector<std::string>> Names(const std::string& folder, std::size_t max) const {
    bool more = false;
    return root_.Entries(folder, &more, max);
  }

  const Sysroot& root_;
  std::vector<HostStore> stores_;
};

}  // namespace

std::vector<HostStore> FindHostStores(const Sysroot& root, const std::vector<Process>& processes) {
  Finder finder(root);
  finder.AddDocumented();
  finder.AddConfigured();
  finder.AddVariables(processes);
  return finder.Take();
}

}  // namespace weighbridge
