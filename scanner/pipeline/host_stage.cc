#include "scanner/pipeline/host_stage.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>

#include <dirent.h>
#include <fcntl.h>

#include "scanner/base/text.h"
#include "scanner/source/target.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxBeside = 4096;  // files looked at beside a mapped one
constexpr std::size_t kMaxRefusals = 16;  // reported one by one

// A file that processes have mapped.
struct Mapped {
  const MapLine* line = nullptr;  // of the first of them
  std::uint64_t pid = 0;
  bool in_host_root = false;
  std::vector<ProcessUse> uses;
};

ProcessUse UseBy(const Process& process, bool mapped) {
  return {process.pid, process.name, process.container, mapped};
}

void AddUses(const std::vector<ProcessUse>& uses, Artifact& artifact) {
  constexpr std::size_t kMaxUses = 256;
  for (const ProcessUse& use : uses) {
    const auto same = [&](const ProcessUse& known) { return known.pid == use.pid; };
    const auto known = std::find_if(artifact.processes.begin(), artifact.processes.end(), same);
    if (known != artifact.processes.end()) {
      known->mapped |= use.mapped;
    } else if (artifact.processes.size() < kMaxUses) {
      artifact.processes.push_back(use);
    }
  }
}

// By the pair of numbers that /proc/<pid>/maps gives; the same file of two processes in
// two containers has the same pair.
std::vector<Mapped> MappedFiles(const ProcessList& list) {
  std::map<std::pair<std::string, std::uint64_t>, Mapped> files;
  for (const Process& process : list.processes) {
    for (const MapLine& line : process.maps) {
      Mapped& file = files[{line.device, line.inode}];
      if (file.line == nullptr || (!file.in_host_root && process.in_host_root)) {
        file.line = &line;
        file.pid = process.pid;
        file.in_host_root = process.in_host_root;
      }
      file.uses.push_back(UseBy(process, true));
    }
  }
  std::vector<Mapped> sorted;
  for (auto& [key, file] : files) sorted.push_back(std::move(file));
  std::sort(sorted.begin(), sorted.end(), [](const Mapped& a, const Mapped& b) {
    return std::tie(a.line->path, a.pid) < std::tie(b.line->path, b.pid);
  });
  return sorted;
}

// ".../overlay2/<id>/diff/models/m.gguf", ".../snapshots/7/fs/models/m.gguf" ->
// "/models/m.gguf"; "" when the place is in no layer's folder.
std::string PathInLayer(const std::string& place) {
  for (const std::string_view folder : {"/diff/", "/fs/"}) {
    const std::size_t at = place.find(folder);
    if (at != place.npos) return place.substr(at + folder.size() - 1);
  }
  return {};
}

class MappedInspector {
 public:
  MappedInspector(const Host& host, Inspector& inspector, Coverage& coverage)
      : host_(host), inspector_(inspector), coverage_(coverage) {
    for (std::size_t i = 0; i < inspector_.files().size(); ++i) Remember(i);
  }

  void Inspect(const Mapped& mapped) {
    Opened opened = Open(mapped);
    if (opened.file == nullptr) return Refuse(mapped, opened.error);
    const FileStamp& stamp = opened.file->stamp();
    if (const auto known = by_number_.find({stamp.device, stamp.inode});
        known != by_number_.end()) {
      return AddUses(mapped.uses, inspector_.files()[known->second].artifact);
    }
    if (InspectedFile* layered = InLayer(stamp, mapped.line->path)) {
      return AddUses(mapped.uses, layered->artifact);
    }
    if (!seen_.emplace(stamp.device, stamp.inode).second) return;
    if (!Deliver(*opened.file, opened.location, opened.address)) return;
    InspectedFile& found = inspector_.files().back();
    AddUses(mapped.uses, found.artifact);
    if (mapped.line->deleted) return SayDeleted(mapped, found.artifact);
    const ArtifactKind kind = found.artifact.kind;
    if (kind == ArtifactKind::kWeights || kind == ArtifactKind::kAdapter) LookBeside(opened);
  }

  std::uint64_t refused() const { return refused_; }

 private:
  struct Opened {
    std::unique_ptr<File> file;
    std::string location;
    FileAddress address;
    Error error;
  };

  void Remember(std::size_t index) {
    const InspectedFile& file = inspector_.files()[index];
    if (file.window || file.passed) return;
    by_number_.emplace(std::pair(file.stamp.device, file.stamp.inode), index);
    by_state_.emplace(std::tuple(file.stamp.inode, file.stamp.size, file.stamp.mtime_ns), index);
  }

  // By its path where that still leads to it; else as the process has it.
  Opened Open(const Mapped& mapped) const {
    Opened opened;
    const MapLine& line = *mapped.line;
    const std::string process = host_.root->Place("/proc/" + std::to_string(mapped.pid));
    const auto take = [&](Result<std::unique_ptr<File>> file, std::string place, int root) {
      if (!file.ok()) {
        opened.error = file.error();
        return false;
      }
      if (file.value()->stamp().inode != line.inode && root != kMappedRoot) return false;
      opened.file = std::move(file).value();
      opened.address = {root, place};
      opened.location = std::move(place);
      return true;
    };
    if (!line.deleted && mapped.in_host_root) {
      const std::string path = host_.root->Place(line.path);
      if (take(File::OpenBeneath(AT_FDCWD, path), path, -1)) return opened;
    }
    if (!line.deleted) {
      const std::string path = process + "/root" + line.path;
      auto file = File::OpenMapped(path);
      const bool same = file.ok() && file.value()->stamp().inode == line.inode;
      if (same && take(std::move(file), path, kMappedRoot)) return opened;
    }
    const std::string path = process + "/map_files/" + line.range;
    take(File::OpenMapped(path), path, kMappedRoot);
    return opened;
  }

  // An overlay shows a file with the number that it has in its layer.
  InspectedFile* InLayer(const FileStamp& stamp, const std::string& path) {
    const auto [begin, end] =
        by_state_.equal_range(std::tuple(stamp.inode, stamp.size, stamp.mtime_ns));
    for (auto it = begin; it != end; ++it) {
      InspectedFile& file = inspector_.files()[it->second];
      const std::string inner = PathInLayer(file.artifact.location.path);
      if (!inner.empty() && path.ends_with(inner)) return &file;
    }
    return nullptr;
  }

  // True when it was recognised: then it is the inspector's last file.
  bool Deliver(const File& file, const std::string& location, const FileAddress& address) {
    const Visit visit = inspector_.Inspect({location, address.root, address.path, file, false});
    if (visit == Visit::kUnrecognised) return false;
    ++coverage_.files_seen;
    ++(visit == Visit::kFailed ? coverage_.failed : coverage_.recognised);
    if (visit == Visit::kFailed) return false;
    Remember(inspector_.files().size() - 1);
    return true;
  }

  static void SayDeleted(const Mapped& mapped, Artifact& artifact) {
    artifact.claims.push_back({"process:path", mapped.line->path});
    artifact.diagnostics.push_back({Severity::kWarning, ErrorCode::kNotFound, artifact.location,
                                    Printable(mapped.line->path) +
                                        " was removed from the file system; " +
                                        Printable(mapped.uses[0].name) + " (pid " +
                                        std::to_string(mapped.pid) + ") still has it mapped",
                                    DiagnosticKind::kDeletedInUse});
  }

  // A mapped weight file's configuration and card lie beside it.
  void LookBeside(const Opened& opened) {
    const std::string folder = opened.location.substr(0, opened.location.rfind('/'));
    DIR* stream = folder.empty() ? nullptr : opendir(folder.c_str());
    if (stream == nullptr) return;
    std::vector<std::string> names;
    while (const dirent* entry = readdir(stream)) {
      if (names.size() < kMaxBeside && entry->d_type == DT_REG) names.emplace_back(entry->d_name);
    }
    closedir(stream);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      const std::string path = folder + "/" + name;
      auto file = opened.address.root == kMappedRoot ? File::OpenMapped(path)
                                                     : File::OpenBeneath(AT_FDCWD, path);
      if (!file.ok()) continue;
      const FileStamp& stamp = file.value()->stamp();
      if (by_number_.count({stamp.device, stamp.inode}) != 0) continue;
      if (!seen_.emplace(stamp.device, stamp.inode).second) continue;
      Deliver(*file.value(), path, {opened.address.root, path});
    }
  }

  void Refuse(const Mapped& mapped, const Error& error) {
    // A device, a file of /sys, or a process that has ended meanwhile.
    if (error.code == ErrorCode::kUnsupported || error.code == ErrorCode::kNotFound) return;
    ++coverage_.files_seen;
    ++coverage_.failed;
    if (++refused_ > kMaxRefusals) return;
    inspector_.Report({Severity::kError, error.code, Location{mapped.line->path, {}},
                       "mapped by " + Printable(mapped.uses[0].name) + " (pid " +
                           std::to_string(mapped.pid) + "), not inspected: " + error.message});
  }

  const Host& host_;
  Inspector& inspector_;
  Coverage& coverage_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> by_number_;
  std::multimap<std::tuple<std::uint64_t, std::uint64_t, std::int64_t>, std::size_t> by_state_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
  std::uint64_t refused_ = 0;
};

std::string WithoutSlashes(std::string name) {
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  return name;
}

// What a command line may call a weight file.
std::vector<std::string> NamesOf(const Artifact& artifact) {
  if (artifact.kind != ArtifactKind::kWeights && artifact.kind != ArtifactKind::kAdapter) return {};
  std::vector<std::string> names;
  std::vector<const Location*> places{&artifact.location};
  for (const Location& other : artifact.other_locations) places.push_back(&other);
  for (const Location* place : places) {
    if (!place->members.empty() || !place->path.starts_with('/')) continue;
    names.push_back(place->path);
    const std::string folder = place->Folder();
    // A folder as deep as "/srv/models" at least: not "/tmp".
    if (std::count(folder.begin(), folder.end(), '/') > 1) names.push_back(folder);
  }
  const std::string& repository = artifact.ClaimOr("store:repository");
  if (!repository.empty()) names.push_back(repository);
  for (const std::string& tag : artifact.ClaimList("store:tag")) {
    constexpr std::string_view kLibrary = "library/";  // Ollama leaves it out
    const bool library = repository.starts_with(kLibrary);
    names.push_back((library ? repository.substr(kLibrary.size()) : repository) + ":" + tag);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void SayStores(const Host& host, Inspector& inspector) {
  for (const HostStore& store : host.stores) {
    inspector.Report({Severity::kNote, ErrorCode::kUnsupported, Location{store.path, {}},
                      "walked: " + store.kind + " (" + Printable(store.basis) + ")"});
  }
}

void SayProcesses(const Host& host, Inspector& inspector, Coverage& coverage) {
  const ProcessList& list = host.processes;
  const Location place{host.root->Place("/proc"), {}};
  if (!list.available) {
    inspector.Report({Severity::kWarning, ErrorCode::kNotFound, place,
                      "no processes here: what runs is not known"});
    return;
  }
  if (list.refused == 0) return;
  coverage.files_seen += list.refused;
  coverage.failed += list.refused;
  inspector.Report({Severity::kError, ErrorCode::kPermission, place,
                    std::to_string(list.refused) + " of " + std::to_string(list.seen) +
                        " processes: which files they have mapped cannot be read"});
}

std::string RealPath(const std::string& path) {
  std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  return real == nullptr ? path : std::string(real.get());
}

}  // namespace

Result<std::vector<Host>> OpenHosts(const ScanOptions& options) {
  std::vector<Host> hosts;
  std::set<std::string> known;
  for (const std::string& given : options.targets) {
    const TargetName target = ParseTarget(given);
    if (target.kind != TargetKind::kHost) continue;
    auto root = Sysroot::Open(target.name);
    if (!root.ok()) {
      return Error{root.error().code, Printable(given) + ": " + root.error().message};
    }
    if (!known.insert(root.value().root()).second) continue;
    Host host;
    host.root = std::make_unique<Sysroot>(std::move(root).value());
    host.processes = ReadProcesses(*host.root);
    host.stores = FindHostStores(*host.root, host.processes.processes);
    hosts.push_back(std::move(host));
  }
  return hosts;
}

std::vector<SeenInventory> AcceleratorsOf(const std::vector<Host>& hosts) {
  std::vector<SeenInventory> seen;
  for (const Host& host : hosts) seen.push_back({ReadHostAccelerators(host.root->root()), true});
  return seen;
}

std::vector<std::string> StoreTargets(const std::vector<Host>& hosts, const ScanOptions& options) {
  std::vector<std::string> given;
  for (const std::string& text : options.targets) {
    const TargetName target = ParseTarget(text);
    if (target.kind == TargetKind::kHost || target.kind == TargetKind::kRegistry) continue;
    const std::string real = RealPath(target.name);
    given.push_back(real == "/" ? real : real + "/");
  }
  std::vector<std::string> targets;
  for (const Host& host : hosts) {
    for (const HostStore& store : host.stores) {
      const bool walked = std::any_of(given.begin(), given.end(), [&](const std::string& outer) {
        return (store.path + "/").starts_with(outer);
      });
      if (!walked) targets.push_back(store.path);
    }
  }
  return targets;
}

void InspectHosts(const std::vector<Host>& hosts, Inspector& inspector, Coverage& coverage) {
  for (const Host& host : hosts) {
    SayStores(host, inspector);
    SayProcesses(host, inspector, coverage);
    MappedInspector mapped(host, inspector, coverage);
    for (const Mapped& file : MappedFiles(host.processes)) {
      if (inspector.options().stop.stop_requested()) return;
      mapped.Inspect(file);
    }
  }
}

void AddNamedUses(const std::vector<Host>& hosts, std::vector<Artifact>& artifacts) {
  if (hosts.empty()) return;
  std::map<std::string, std::vector<std::size_t>> called;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    for (const std::string& name : NamesOf(artifacts[i])) called[name].push_back(i);
  }
  for (const Host& host : hosts) {
    for (const Process& process : host.processes.processes) {
      for (const std::string& name : process.named) {
        // A path in a container or under another root is not this host's path.
        if (name.starts_with('/') && !process.in_host_root) continue;
        const auto found =
            called.find(name.starts_with('/') ? host.root->Place(WithoutSlashes(name)) : name);
        if (found == called.end()) continue;
        for (const std::size_t i : found->second) AddUses({UseBy(process, false)}, artifacts[i]);
      }
    }
  }
  for (Artifact& artifact : artifacts) {
    std::sort(artifact.processes.begin(), artifact.processes.end());
  }
}

}  // namespace weighbridge
