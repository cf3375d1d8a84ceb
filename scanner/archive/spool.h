// SpooledSource: random access to a member that is a stream. Bytes that have passed
// are kept, in memory first, then in a budgeted file without a name, so that a parser
// which reads only a header costs only that header.
//
//   head ────────────── pulled ───────────────────── size
//   kept: memory, file   │ still in the stream
//
// Not thread-safe, in spite of ByteSource's promise: one worker reads one archive.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scanner/archive/budget.h"
#include "scanner/archive/stream.h"

namespace weighbridge {

class SpooledSource final : public ByteSource {
 public:
  // `size` as the archive states it; the stream may end sooner. All must outlive it.
  SpooledSource(Stream& stream, std::uint64_t size, ArchiveBudget& budget)
      : stream_(stream), size_(size), budget_(budget) {}
  ~SpooledSource() override;
  SpooledSource(const SpooledSource&) = delete;
  SpooledSource& operator=(const SpooledSource&) = delete;

  std::uint64_t size() const override { return size_; }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override;

  // From here on bytes are given as they pass and kept no longer: reads must go
  // forward. What was kept stays readable.
  void StopKeeping() { keeping_ = false; }
  bool keeping() const { return keeping_; }
  // Reads and drops the rest. The failure of the stream, if any.
  Status Drain();
  // Learns the true size of a stream that states none, when it ends within `bytes`.
  bool EndsWithin(std::uint64_t bytes);
  void SetSize(std::uint64_t size) { size_ = size; }

  std::uint64_t pulled() const { return pulled_; }
  bool over() const { return over_; }
  // The last bytes that passed (at most kTail); valid at the end.
  ByteSpan Tail() const { return tail_; }
  const std::optional<Error>& failure() const { return failure_; }

  static constexpr std::size_t kInMemory = 1 << 20;

 private:
  Status PullTo(std::uint64_t end) const;
  Status Keep(ByteSpan bytes) const;
  Result<std::size_t> ReadKept(std::uint64_t offset, MutableByteSpan out) const;
  Result<std::size_t> ReadPassing(std::uint64_t offset, MutableByteSpan out) const;

  Stream& stream_;
  std::uint64_t size_;
  ArchiveBudget& budget_;
  bool keeping_ = true;
  mutable std::vector<std::uint8_t> memory_;
  mutable int file_ = -1;                 // unlinked; holds the bytes after memory_
  mutable std::uint64_t file_bytes_ = 0;  // counted against the scratch budget
  mutable std::uint64_t pulled_ = 0;
  mutable bool over_ = false;
  mutable std::vector<std::uint8_t> tail_;
  mutable std::optional<Error> failure_;
};

}  // namespace weighbridge
