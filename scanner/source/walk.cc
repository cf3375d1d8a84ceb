// The walk: its targets, its workers and what they found together.
#include "scanner/source/walk.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <thread>
#include <tuple>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/text.h"
#include "scanner/source/walk_tasks.h"

namespace weighbridge {
Walk::Walk(WalkOptions options)
    : options_(std::move(options)), mounts_(Mounts::Read()), queue_(std::make_unique<Queue>()) {}

Walk::~Walk() {
  for (const Target& target : targets_) {
    if (target.descriptor >= 0) close(target.descriptor);
  }
}

Result<std::unique_ptr<Walk>> Walk::Start(WalkOptions options) {
  std::unique_ptr<Walk> walk(new Walk(std::move(options)));
  for (const std::string& target : walk->options_.targets) {
    if (target.empty()) return Error{ErrorCode::kInvalidArgument, "a target has an empty name"};
    Status added = walk->AddTarget(target);
    if (!added.ok()) {
      return Error{added.error().code, Printable(target) + ": " + added.error().message};
    }
  }
  for (const std::string& folder : walk->options_.found) {
    Status added = walk->AddTarget(folder);
    if (added.ok()) continue;
    ++walk->coverage_.files_seen;
    ++walk->coverage_.failed;
    walk->diagnostics_.push_back(
        {Severity::kError, added.error().code, Location{folder, {}}, added.error().message});
  }
  return walk;
}

// The user named the target, so links in it are followed, once, here.
Status Walk::AddTarget(const std::string& given) {
  std::unique_ptr<char, decltype(&std::free)> real(realpath(given.c_str(), nullptr), &std::free);
  if (real == nullptr) return SystemError(errno, "open");
  Target target;
  target.given = given;
  while (target.given.size() > 1 && target.given.back() == '/') target.given.pop_back();
  target.real = real.get();
  for (const Target& other : targets_) {
    if (other.given == target.given) return {};
  }
  struct stat info {};
  if (stat(target.real.c_str(), &info) != 0) return SystemError(errno, "stat");
  if (mounts_.Of(info.st_dev).kind == MountKind::kPseudo) {
    return Error{ErrorCode::kInvalidArgument, "on a " + mounts_.Of(info.st_dev).type +
                                                  " file system, which holds no stored files"};
  }
  std::string folder = target.real;
  if (S_ISREG(info.st_mode)) {
    const std::size_t slash = folder.rfind('/');
    target.file_name = folder.substr(slash + 1);
    folder = slash == 0 ? "/" : folder.substr(0, slash);
  } else if (!S_ISDIR(info.st_mode)) {
    return Error{ErrorCode::kInvalidArgument, "neither a file nor a directory"};
  }
  target.descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (target.descriptor < 0) return SystemError(errno, "open directory");
  target.device = info.st_dev;
  targets_.push_back(std::move(target));
  return {};
}

void Walk::Run(const Visitor& visitor, std::stop_token stop) {
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    Task task;
    task.target = i;
    task.parent_device = targets_[i].device;
    queue_->PushAlways(std::move(task));
  }
  std::vector<std::jthread> workers;
  for (unsigned i = 1; i < options_.jobs; ++i) {
    workers.emplace_back([this, &visitor, stop] { Work(visitor, stop); });
  }
  Work(visitor, stop);
  workers.clear();
  std::sort(diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.location, a.message) < std::tie(b.location, b.message);
  });
}

void Walk::Work(const Visitor& visitor, std::stop_token stop) {
  Tally tally;
  for (Task task; queue_->Pop(&task); queue_->Done()) {
    if (stop.stop_requested()) continue;
    if (task.directory != nullptr) {
      VisitEntries(task, visitor, tally, stop);
    } else {
      OpenDirectory(task, visitor, tally, stop);
    }
    task = {};
  }
  Merge(tally);
}

Result<std::unique_ptr<File>> Walk::Reopen(const FileAddress& address) const {
  if (address.root == kMappedRoot) return File::OpenMapped(address.path);
  if (address.root < 0) return File::OpenBeneath(AT_FDCWD, address.path);
  return File::OpenBeneath(targets_[static_cast<std::size_t>(address.root)].descriptor,
                           address.path);
}

Result<int> Walk::OpenFolder(const std::string& location) const {
  for (const Target& target : targets_) {
    const std::string root = JoinPath(target.given, "");
    if (!target.file_name.empty() || location.rfind(root, 0) != 0) continue;
    return OpenDirectoryBeneath(target.descriptor, location.substr(root.size()));
  }
  return Error{ErrorCode::kNotFound, "below no target"};
}

bool Walk::Excluded(std::string_view relative_path, bool is_directory) const {
  return std::any_of(options_.excludes.begin(), options_.excludes.end(),
                     [&](const Glob& glob) { return glob.Matches(relative_path, is_directory); });
}

void Walk::Report(Tally& tally, Severity severity, ErrorCode code, const std::string& location,
                  std::string message) {
  tally.diagnostics.push_back({severity, code, Location{location, {}}, std::move(message)});
}

void Walk::Merge(Tally& tally) {
  const std::lock_guard lock(merge_);
  coverage_.files_seen += tally.coverage.files_seen;
  coverage_.recognised += tally.coverage.recognised;
  coverage_.unrecognised += tally.coverage.unrecognised;
  coverage_.failed += tally.coverage.failed;
  coverage_.directories += tally.coverage.directories;
  for (const auto& [reason, count] : tally.coverage.skipped) coverage_.skipped[reason] += count;
  std::move(tally.diagnostics.begin(), tally.diagnostics.end(), std::back_inserter(diagnostics_));
}

}  // namespace weighbridge
