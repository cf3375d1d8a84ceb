// The system calls of the folder of databases: reading with care, writing durably, locking.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "weighbridge/result.h"

namespace weighbridge {

// A file descriptor, closed at the end.
class FolderLock {
 public:
  // Waits up to ten seconds for another process; then an error.
  static Result<FolderLock> Take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// kNotFound when it is not there. `trusted`: of root or this user, not writable by all.
Result<std::string> ReadRegularFile(const std::string& path, std::size_t limit, bool trusted);
// Temporary file beside it, sync, rename, sync of the folder.
Status ReplaceFile(const std::string& folder, const std::string& name, const std::string& bytes);
// Temporary files that an interrupted ReplaceFile left. Under the lock only.
void RemoveLeftovers(const std::string& folder, const std::vector<std::string>& kept_bundles);
// The folder and those above it.
Status MakeFolder(const std::string& folder);
// Names in a folder, sorted, 1000 at most; empty when there is no folder.
std::vector<std::string> NamesIn(const std::string& folder, const std::string& ending);

std::string HomeDataFolder();  // "" when the environment names none
bool IsRoot();

}  // namespace weighbridge
