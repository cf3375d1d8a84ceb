// File: one regular file opened for positional reads, never through a symbolic
// link and never blocking. Owns its descriptor. Thread-safe after opening.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "scanner/source/byte_source.h"
#include "weighbridge/result.h"

namespace weighbridge {

// What tells one file from another and one state of it from the next.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;  // bytes
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t links = 1;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

class File final : public ByteSource {
 public:
  // Opens `name` below directory descriptor `directory` (AT_FDCWD allowed). Fails
  // with kPermission, kNotFound, kIo, or kUnsupported when it is not a regular file.
  static Result<std::unique_ptr<File>> OpenAt(int directory, const std::string& name);
  // The same for a path of several components, none of which may be a symbolic link.
  static Result<std::unique_ptr<File>> OpenBeneath(int directory, const std::string& path);
  // The same for a file that a process has mapped, by its name below /proc, which is a
  // link. Also refuses files of kernel interfaces: reading those may do things.
  static Result<std::unique_ptr<File>> OpenMapped(const std::string& path);
  ~File() override;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::uint64_t size() const override { return stamp_.size; }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override;

  const FileStamp& stamp() const { return stamp_; }  // as of opening
  bool ChangedSinceOpening() const;
  // Tells the system that the whole file will be read once, front to back.
  void ExpectSequentialRead() const;

 private:
  File(int descriptor, FileStamp stamp) : descriptor_(descriptor), stamp_(stamp) {}
  static Result<std::unique_ptr<File>> Adopt(int descriptor, const std::string& name);

  int descriptor_;
  FileStamp stamp_;
};

// The Error for an errno value, with the operation it came from.
Error SystemError(int error_number, const std::string& operation);

// Opens a directory path below `directory` without following symbolic links.
// Returns the descriptor, which the caller closes.
Result<int> OpenDirectoryBeneath(int directory, const std::string& path);

}  // namespace weighbridge
