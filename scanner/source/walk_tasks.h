// What the workers of a walk hand to each other: open directories, tasks, their queue.
// Only for the walk's own sources.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <dirent.h>
#include <unistd.h>

#include "scanner/source/walk.h"

namespace weighbridge {

// Beyond this many waiting tasks a worker walks on by itself instead of queueing,
// so that a folder of ten million entries costs no more memory than a small one.
inline constexpr std::size_t kMaxWaitingTasks = 4096;

inline std::string JoinPath(std::string_view folder, std::string_view name) {
  std::string path;
  path.reserve(folder.size() + 1 + name.size());
  path += folder;
  if (!path.empty() && path.back() != '/') path += '/';
  return path += name;
}

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

}  // namespace weighbridge
