// The walk's directories: opened beneath their target, checked for mounts, read in
// tasks of a few hundred entries.
#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include "scanner/source/walk_tasks.h"

namespace weighbridge {
namespace {

constexpr std::size_t kEntriesPerTask = 256;

}  // namespace

void Walk::OpenDirectory(const Task& task, const Visitor& visitor, Tally& tally,
                         std::stop_token stop) {
  const Target& target = targets_[task.target];
  const std::string location = task.path.empty() ? target.given : JoinPath(target.given, task.path);
  if (!target.file_name.empty()) {
    ++tally.coverage.files_seen;
    Deliver(File::OpenAt(target.descriptor, target.file_name), location,
            static_cast<int>(task.target), target.file_name, visitor, tally);
    return;
  }
  auto opened = OpenDirectoryBeneath(target.descriptor, task.path.empty() ? "." : task.path);
  if (!opened.ok()) {
    ++tally.coverage.files_seen;
    ++tally.coverage.failed;
    Report(tally, Severity::kError, opened.error().code, location, opened.error().message);
    return;
  }
  auto directory = std::make_shared<Directory>();
  directory->target = task.target;
  directory->path = task.path;
  directory->descriptor = opened.value();
  directory->depth = task.depth;
  struct stat info {};
  if (fstat(directory->descriptor, &info) != 0) {
    ++tally.coverage.files_seen;
    ++tally.coverage.failed;
    Report(tally, Severity::kError, ErrorCode::kIo, location, SystemError(errno, "stat").message);
    return;
  }
  directory->device = info.st_dev;
  if (directory->device != task.parent_device && SkipMount(directory->device, location, tally)) {
    return;
  }
  ++tally.coverage.directories;
  ReadDirectory(directory, visitor, tally, stop);
}

bool Walk::SkipMount(std::uint64_t device, const std::string& location, Tally& tally) {
  const Mount mount = mounts_.Of(device);
  std::string reason;
  if (mount.kind == MountKind::kPseudo) reason = "pseudo file system";
  if (mount.kind == MountKind::kRemote && !options_.remote_file_systems) {
    reason = "remote file system";
  }
  // A running container's view of layers that this walk meets in their own folders.
  const bool layers_walked =
      !mount.upper.empty() &&
      std::any_of(targets_.begin(), targets_.end(), [&](const Target& target) {
        const std::string root = target.real == "/" ? "/" : target.real + "/";
        return target.file_name.empty() && mount.upper.starts_with(root);
      });
  if (reason.empty() && layers_walked) reason = "mounted view of walked layers";
  if (reason.empty() && options_.one_file_system) reason = "other file system";
  if (reason.empty()) return false;
  ++tally.coverage.files_seen;
  ++tally.coverage.skipped[reason];
  Report(tally, Severity::kNote, ErrorCode::kUnsupported, location,
         "not walked: " + reason + (mount.type.empty() ? "" : " (" + mount.type + ")"));
  return true;
}

void Walk::ReadDirectory(const std::shared_ptr<Directory>& directory, const Visitor& visitor,
                         Tally& tally, std::stop_token stop) {
  const std::string location = JoinPath(targets_[directory->target].given, directory->path);
  const int copy = fcntl(directory->descriptor, F_DUPFD_CLOEXEC, 0);
  DIR* stream = copy < 0 ? nullptr : fdopendir(copy);
  if (stream == nullptr) {
    const Error error = SystemError(errno, "read directory");
    if (copy >= 0) close(copy);
    ++tally.coverage.files_seen;
    ++tally.coverage.failed;
    Report(tally, Severity::kError, error.code, location, error.message);
    return;
  }
  Task task;
  task.directory = directory;
  const auto flush = [&] {
    if (task.entries.empty()) return;
    if (!queue_->Push(task)) VisitEntries(task, visitor, tally, stop);
    task.directory = directory;
    task.entries.clear();
  };
  while (!stop.stop_requested()) {
    errno = 0;
    const dirent* entry = readdir(stream);
    if (entry == nullptr) {
      if (errno != 0) {
        ++tally.coverage.files_seen;
        ++tally.coverage.failed;
        Report(tally, Severity::kError, ErrorCode::kIo, location,
               SystemError(errno, "read directory").message);
      }
      break;
    }
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    task.entries.push_back({std::string(name), entry->d_type});
    if (task.entries.size() == kEntriesPerTask) flush();
  }
  closedir(stream);
  flush();
}

void Walk::VisitDirectory(const Directory& parent, std::string_view path,
                          const std::string& location, const Visitor& visitor, Tally& tally,
                          std::stop_token stop) {
  if (parent.depth + 1 > options_.limits.max_directory_depth) {
    ++tally.coverage.files_seen;
    ++tally.coverage.skipped["directory depth limit"];
    Report(tally, Severity::kWarning, ErrorCode::kLimitExceeded, location,
           "not walked: directory depth limit");
    return;
  }
  Task child;
  child.target = parent.target;
  child.path = path;
  child.parent_device = parent.device;
  child.depth = parent.depth + 1;
  if (!queue_->Push(child)) OpenDirectory(child, visitor, tally, stop);
}

}  // namespace weighbridge
