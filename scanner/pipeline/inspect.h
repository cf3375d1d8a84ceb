// The inspect stage: one walked file in, one Artifact or nothing out.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <semaphore>
#include <vector>

#include "scanner/source/walk.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// A recognised file, with what is needed to read it again and to tell whether it
// is still the same.
struct InspectedFile {
  Artifact artifact;
  FileAddress address;
  FileStamp stamp;
  bool through_link = false;
};

// Thread-safe: Inspect() is the walk's visitor.
class Inspector {
 public:
  explicit Inspector(const Limits& limits) : limits_(limits) {}
  Visit Inspect(const WalkedFile& file);

  // Requires: the walk has ended.
  std::vector<InspectedFile> TakeFiles() { return std::move(files_); }
  std::uint64_t bytes_read() const;
  std::vector<Diagnostic> TakeDiagnostics() { return std::move(diagnostics_); }
  std::uint64_t recognised() const { return recognised_; }

 private:
  void Keep(InspectedFile file);

  const Limits& limits_;
  // Headers of tens of megabytes are parsed two at a time, which bounds memory.
  std::counting_semaphore<2> large_headers_{2};
  // One counter per worker and cache line: a shared one costs more than the probe.
  struct alignas(64) Counter {
    std::atomic<std::uint64_t> bytes{0};
  };
  std::array<Counter, 64> bytes_read_;
  std::atomic<std::uint64_t> tensors_kept_{0};
  std::atomic<std::uint64_t> recognised_{0};
  std::mutex mutex_;
  std::vector<InspectedFile> files_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace weighbridge
