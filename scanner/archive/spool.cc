#include "scanner/archive/spool.h"

#include <array>

#include "scanner/archive/scratch_file.h"

namespace weighbridge {
namespace {

constexpr std::size_t kStep = 64 << 10;
constexpr std::size_t kTail = (64 << 10) + 22;  // a zip's end record lies within it

}  // namespace

SpooledSource::~SpooledSource() {
  if (file_ >= 0) CloseScratch(file_);
  budget_.ReturnScratch(file_bytes_);
}

Status SpooledSource::Keep(ByteSpan bytes) const {
  if (file_ < 0 && memory_.size() + bytes.size() <= kInMemory) {
    memory_.insert(memory_.end(), bytes.begin(), bytes.end());
    return {};
  }
  if (!budget_.CountScratch(bytes.size())) {
    if (budget_.spent()) return budget_.error();
    return Error{ErrorCode::kLimitExceeded, "needs more than the " +
                                                std::to_string(budget_.limits().max_scratch_bytes) +
                                                " bytes allowed for temporary files"};
  }
  file_bytes_ += bytes.size();
  if (file_ < 0) {
    auto opened = OpenScratchFile();
    if (!opened.ok()) return std::move(opened).error();
    file_ = opened.value();
  }
  return AppendToScratch(file_, bytes);
}

// Reads the stream up to `end`, keeping everything.
Status SpooledSource::PullTo(std::uint64_t end) const {
  std::vector<std::uint8_t> step(kStep);
  while (pulled_ < end && !over_) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kStep, end - pulled_));
    auto got = stream_.Read(MutableByteSpan(step).first(wanted));
    if (!got.ok()) {
      failure_ = got.error();
      over_ = true;
      return std::move(got).error();
    }
    over_ = got.value() == 0;
    Status kept = Keep(ByteSpan(step).first(got.value()));
    if (!kept.ok()) {
      failure_ = kept.error();
      over_ = true;
      return kept;
    }
    pulled_ += got.value();
  }
  return {};
}

Result<std::size_t> SpooledSource::ReadKept(std::uint64_t offset, MutableByteSpan out) const {
  std::size_t done = 0;
  if (offset < memory_.size()) {
    done = std::min<std::size_t>(out.size(), memory_.size() - static_cast<std::size_t>(offset));
    std::copy_n(memory_.begin() + static_cast<std::ptrdiff_t>(offset), done, out.begin());
  }
  while (done < out.size() && file_ >= 0) {
    auto got = ReadScratch(file_, offset + done - memory_.size(), out.subspan(done));
    if (!got.ok()) return got;
    if (got.value() == 0) break;
    done += got.value();
  }
  return done;
}

Result<std::size_t> SpooledSource::ReadPassing(std::uint64_t offset, MutableByteSpan out) const {
  if (offset != pulled_)
    return Error{ErrorCode::kUnsupported, "stream cannot be read out of order"};
  auto got = stream_.Read(out);
  if (!got.ok()) {
    failure_ = got.error();
    over_ = true;
    return got;
  }
  over_ = got.value() == 0;
  pulled_ += got.value();
  const ByteSpan bytes = ByteSpan(out).first(got.value());
  tail_.insert(tail_.end(), bytes.begin(), bytes.end());
  if (tail_.size() > 4 * kTail) {
    tail_.erase(tail_.begin(), tail_.end() - static_cast<std::ptrdiff_t>(kTail));
  }
  return got;
}

Result<std::size_t> SpooledSource::ReadAt(std::uint64_t offset, MutableByteSpan out) const {
  if (offset >= size_ || out.empty()) return std::size_t{0};
  out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - offset)));
  const std::uint64_t kept = memory_.size() + file_bytes_;
  if (!keeping_ && offset >= kept) {
    if (over_) return failure_ ? Result<std::size_t>(*failure_) : std::size_t{0};
    return ReadPassing(offset, out);
  }
  if (keeping_ && offset + out.size() > pulled_) {
    if (failure_) return *failure_;
    Status pulled = PullTo(offset + out.size());
    if (!pulled.ok()) return std::move(pulled).error();
  }
  return ReadKept(offset, out);
}

Status SpooledSource::Drain() {
  StopKeeping();
  std::vector<std::uint8_t> step(kStep);
  while (!over_) {
    auto got = ReadPassing(pulled_, step);
    if (!got.ok()) return std::move(got).error();
  }
  if (failure_) return *failure_;
  return {};
}

bool SpooledSource::EndsWithin(std::uint64_t bytes) {
  const Status pulled = PullTo(bytes);
  if (!pulled.ok() || !over_) return false;
  size_ = pulled_;
  return true;
}

}  // namespace weighbridge
