// The walk's entries: each file is opened once and given to the visitor, links are
// followed inside a hub store only, the rest is counted.
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <sys/stat.h>

#include "scanner/source/store_link.h"
#include "scanner/source/walk_tasks.h"

namespace weighbridge {
namespace {

// The root of a file that a store's link led to: its path is absolute.
constexpr int kThroughLink = -1;

}  // namespace

// One location is built per entry, in place: its tail is the path below the target.
void Walk::VisitEntries(const Task& task, const Visitor& visitor, Tally& tally,
                        std::stop_token stop) {
  const Directory& directory = *task.directory;
  const int root = static_cast<int>(directory.target);
  std::string location = JoinPath(targets_[directory.target].given, "");
  const std::size_t below_target = location.size();
  if (!directory.path.empty()) location = JoinPath(location + directory.path, "");
  const std::size_t in_directory = location.size();
  for (const Entry& entry : task.entries) {
    if (stop.stop_requested()) return;
    location.resize(in_directory);
    location += entry.name;
    const std::string_view path = std::string_view(location).substr(below_target);
    const unsigned char type = TypeOf(directory, entry);
    if (Excluded(path, type == DT_DIR)) {
      ++tally.coverage.files_seen;
      ++tally.coverage.skipped["excluded"];
      continue;
    }
    if (type == DT_DIR) {
      VisitDirectory(directory, path, location, visitor, tally, stop);
      continue;
    }
    ++tally.coverage.files_seen;
    if (type == DT_REG) {
      Deliver(File::OpenAt(directory.descriptor, entry.name), location, root, path, visitor, tally);
    } else if (type == DT_LNK) {
      VisitLink(directory, entry.name, path, location, visitor, tally);
    } else if (type == DT_UNKNOWN) {
      ++tally.coverage.failed;
      Report(tally, Severity::kError, ErrorCode::kIo, location,
             "type of the directory entry cannot be read");
    } else {
      ++tally.coverage.skipped["device, FIFO or socket"];
    }
  }
}

// Some file systems leave the type out of the directory.
unsigned char Walk::TypeOf(const Directory& directory, const Entry& entry) {
  struct stat info {};
  if (entry.type != DT_UNKNOWN ||
      fstatat(directory.descriptor, entry.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return entry.type;
  }
  return static_cast<unsigned char>(IFTODT(info.st_mode));
}

void Walk::VisitLink(const Directory& directory, const std::string& name, std::string_view path,
                     const std::string& location, const Visitor& visitor, Tally& tally) {
  char text[PATH_MAX];
  const ssize_t length = readlinkat(directory.descriptor, name.c_str(), text, sizeof text);
  const std::string resolved =
      length <= 0 || static_cast<std::size_t>(length) >= sizeof text
          ? std::string()
          : ResolveInStore(JoinPath(targets_[directory.target].real, path),
                           std::string_view(text, static_cast<std::size_t>(length)));
  if (resolved.empty()) {
    ++tally.coverage.skipped["symbolic link"];
    return;
  }
  auto file = File::OpenBeneath(AT_FDCWD, resolved);
  if (!file.ok() && file.error().code == ErrorCode::kNotFound) {
    ++tally.coverage.skipped["symbolic link"];
    Report(tally, Severity::kWarning, ErrorCode::kNotFound, location,
           "store link points to a file that is not there");
    return;
  }
  Deliver(std::move(file), location, kThroughLink, resolved, visitor, tally);
}

void Walk::Deliver(Result<std::unique_ptr<File>> file, const std::string& location, int root,
                   std::string_view path, const Visitor& visitor, Tally& tally) {
  if (!file.ok()) {
    ++tally.coverage.failed;
    Report(tally, Severity::kError, file.error().code, location, file.error().message);
    return;
  }
  switch (visitor({location, root, path, *file.value(), root == kThroughLink})) {
    case Visit::kRecognised: ++tally.coverage.recognised; break;
    case Visit::kUnrecognised: ++tally.coverage.unrecognised; break;
    case Visit::kFailed: ++tally.coverage.failed; break;
  }
}

}  // namespace weighbridge
