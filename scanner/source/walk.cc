#include "scanner/source/walk.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <cstdlib>
#include <thread>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/text.h"
#include "scanner/source/store_link.h"

namespace weighbridge {
namespace {

constexpr std::size_t kEntriesPerTask = 256;
// Beyond this many waiting tasks a worker walks on by itself instead of queueing,
// so that a folder of ten million entries costs no more memory than a small one.
constexpr std::size_t kMaxWaitingTasks = 4096;
// The root of a file that a store's link led to: its path is absolute.
constexpr int kThroughLink = -1;

std::string JoinPath(std::string_view folder, std::string_view name) {
  std::string path;
  path.reserve(folder.size() + 1 + name.size());
  path += folder;
  if (!path.empty() && path.back() != '/') path += '/';
  return path += name;
}

}  // namespace

// An open directory, shared by the tasks that hold its entries.
struct Walk::Directory {
  std::size_t target = 0;
  std::string path;  // relative to the target, "" for the target itself
  int descriptor = -1;
  std::uint64_t device = 0;
  std::uint32_t depth = 0;

  ~Directory() {
    if (descriptor >= 0) close(descriptor);
  }
};

struct Walk::Entry {
  std::string name;
  unsigned char type = DT_UNKNOWN;
};

// Either entries of an open directory, or a directory to open.
struct Walk::Task {
  std::shared_ptr<Directory> directory;
  std::vector<Entry> entries;
  std::size_t target = 0;
  std::string path;
  std::uint64_t parent_device = 0;
  std::uint32_t depth = 0;
};

// Last in, first out: keeps the number of open directories near depth times jobs.
class Walk::Queue {
 public:
  // False, and the task untouched, when enough are waiting.
  bool Push(Task& task) {
    const std::lock_guard lock(mutex_);
    if (tasks_.size() >= kMaxWaitingTasks) return false;
    Add(std::move(task));
    return true;
  }
  void PushAlways(Task task) {
    const std::lock_guard lock(mutex_);
    Add(std::move(task));
  }
  // Waits for a task; false when all work is done.
  bool Pop(Task* task) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return !tasks_.empty() || active_ == 0; });
    if (tasks_.empty()) return false;
    *task = std::move(tasks_.back());
    tasks_.pop_back();
    ++active_;
    return true;
  }
  void Done() {
    const std::lock_guard lock(mutex_);
    if (--active_ == 0 && tasks_.empty()) ready_.notify_all();
  }

 private:
  void Add(Task task) {
    tasks_.push_back(std::move(task));
    ready_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<Task> tasks_;
  std::size_t active_ = 0;
};

// What one worker saw; merged once, so that counting takes no lock.
struct Walk::Tally {
  Coverage coverage;
  std::vector<Diagnostic> diagnostics;
};

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
    Status added = walk->AddTarget(target);
    if (!added.ok()) {
      return Error{added.error().code, Printable(target) + ": " + added.error().message};
    }
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

Result<std::unique_ptr<File>> Walk::Reopen(const FileAddress& address) const {
  if (address.root < 0) return File::OpenBeneath(AT_FDCWD, address.path);
  return File::OpenBeneath(targets_[static_cast<std::size_t>(address.root)].descriptor,
                           address.path);
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
