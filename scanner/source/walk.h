// The walk: every file below the targets, in parallel, each opened once and given
// to a visitor. It follows no symbolic link except inside a Hugging Face hub store,
// opens no device, FIFO or socket, and skips remote and pseudo file systems unless
// told otherwise. Everything it passes by is counted with a reason.
//
//   WalkOptions options{.targets = {"/srv/models"}};
//   auto walk = Walk::Start(options);                  // opens the targets
//   walk.value()->Run([](const WalkedFile& f) { ... return Visit::kUnrecognised; });
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/glob.h"
#include "scanner/platform/mounts.h"
#include "scanner/source/file.h"
#include "weighbridge/diagnostic.h"
#include "weighbridge/limits.h"
#include "weighbridge/report.h"

namespace weighbridge {

struct WalkOptions {
  std::vector<std::string> targets;     // as given on the command line
  std::vector<std::string> found = {};  // folders found on a host: one that fails is reported
  std::vector<Glob> excludes;
  bool remote_file_systems = false;
  bool one_file_system = false;
  unsigned jobs = 1;
  Limits limits;
};

// How to open a file again: below a target's root; absolute (root -1); as a process has
// it mapped (kMappedRoot).
inline constexpr int kMappedRoot = -2;
struct FileAddress {
  int root = -1;
  std::string path;
};

// Valid during the visit; a visitor that keeps the file copies what it needs.
struct WalkedFile {
  const std::string& location;  // target as given + '/' + path below it
  int root = -1;
  std::string_view path;  // with `root`, the file's address
  const File& file;
  bool through_link = false;  // reached by a store's symbolic link

  FileAddress Address() const { return {root, std::string(path)}; }
};

enum class Visit { kRecognised, kUnrecognised, kFailed };

class Walk {
 public:
  // kNotFound or kPermission when a target cannot be opened at all.
  static Result<std::unique_ptr<Walk>> Start(WalkOptions options);
  ~Walk();

  using Visitor = std::function<Visit(const WalkedFile&)>;
  // Calls the visitor from options.jobs threads; returns when all is visited or
  // `stop` is requested. The visitor must be thread-safe.
  void Run(const Visitor& visitor, std::stop_token stop = {});

  Result<std::unique_ptr<File>> Reopen(const FileAddress& address) const;
  // A folder below a target, by its location as WalkedFile gives them; through no link.
  // Returns the descriptor, which the caller closes. kNotFound: below no target.
  Result<int> OpenFolder(const std::string& location) const;
  // True when --exclude names this path (relative to its target).
  bool Excluded(std::string_view relative_path, bool is_directory = false) const;
  // Valid after Run. Diagnostics are unsorted.
  const Coverage& coverage() const { return coverage_; }
  Coverage& coverage() { return coverage_; }
  std::vector<Diagnostic>& diagnostics() { return diagnostics_; }

 private:
  struct Directory;
  struct Entry;
  struct Task;
  class Queue;
  struct Tally;

  explicit Walk(WalkOptions options);
  Status AddTarget(const std::string& target);
  void Work(const Visitor& visitor, std::stop_token stop);
  void OpenDirectory(const Task& task, const Visitor& visitor, Tally& tally, std::stop_token stop);
  void ReadDirectory(const std::shared_ptr<Directory>& directory, const Visitor& visitor,
                     Tally& tally, std::stop_token stop);
  void VisitEntries(const Task& task, const Visitor& visitor, Tally& tally, std::stop_token stop);
  static unsigned char TypeOf(const Directory& directory, const Entry& entry);
  void VisitDirectory(const Directory& parent, std::string_view path, const std::string& location,
                      const Visitor& visitor, Tally& tally, std::stop_token stop);
  void VisitLink(const Directory& directory, const std::string& name, std::string_view path,
                 const std::string& location, const Visitor& visitor, Tally& tally);
  void Deliver(Result<std::unique_ptr<File>> file, const std::string& location, int root,
               std::string_view path, const Visitor& visitor, Tally& tally);
  bool SkipMount(std::uint64_t device, const std::string& location, Tally& tally);
  void Merge(Tally& tally);
  void Report(Tally& tally, Severity severity, ErrorCode code, const std::string& location,
              std::string message);

  struct Target {
    std::string given;      // without trailing slashes
    std::string real;       // absolute, links resolved
    std::string file_name;  // set when the target is one file
    int descriptor = -1;    // the directory, or the file's folder
    std::uint64_t device = 0;
  };

  WalkOptions options_;
  Mounts mounts_;
  std::vector<Target> targets_;
  std::unique_ptr<Queue> queue_;
  std::mutex merge_;
  Coverage coverage_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace weighbridge
