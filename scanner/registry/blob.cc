#include "scanner/registry/blob.h"

#include <algorithm>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr int kMaxReopened = 3;
constexpr std::size_t kKeptBlocks = 8;  // 2 MiB at most
constexpr std::size_t kStep = 64 << 10;

// "bytes 0-65535/4000000" (RFC 9110, 14.4); the total may be "*".
bool AnswersRange(const std::string& header, ByteRange range, std::uint64_t size) {
  const std::string wanted = "bytes " + std::to_string(range.offset) + "-" +
                             std::to_string(range.offset + range.bytes - 1) + "/";
  return header == wanted + std::to_string(size) || header == wanted + "*";
}

Error WrongRange(const std::string& digest, const std::string& header, ByteRange range,
                 std::uint64_t size) {
  return {ErrorCode::kMalformed, "blob " + digest + ": the answer covers " + Quote(header, 100) +
                                     ", asked were bytes " + std::to_string(range.offset) + "-" +
                                     std::to_string(range.offset + range.bytes - 1) + " of " +
                                     std::to_string(size)};
}

}  // namespace

Status BlobStream::Open() {
  std::optional<ByteRange> range;
  if (passed_ > 0) range = ByteRange{passed_, size_ - passed_};
  auto response = client_.OpenBlob(digest_, range);
  if (!response.ok()) return std::move(response).error();
  response_ = std::move(response).value();
  if (range && (response_->status() != 206 ||
                !AnswersRange(response_->Header("Content-Range"), *range, size_))) {
    return Error{ErrorCode::kTruncated, "the connection ended early at byte " +
                                            std::to_string(passed_) + " of " +
                                            std::to_string(size_) + " and cannot be taken up"};
  }
  const auto length = response_->content_length();
  if (!range && length && *length != size_) {
    return Error{ErrorCode::kMalformed, "blob " + digest_ + ": the registry has " +
                                            std::to_string(*length) + " bytes, the manifest says " +
                                            std::to_string(size_)};
  }
  return {};
}

Result<std::size_t> BlobStream::Read(MutableByteSpan out) {
  if (failed_) return *failed_;
  while (!over_ && !out.empty()) {
    if (response_ == nullptr) {
      Status opened = Open();
      if (!opened.ok()) return *(failed_ = std::move(opened).error());
    }
    auto got = response_->Read(out);
    if (got.ok() && got.value() > 0) {
      if (got.value() > size_ - passed_) {
        return *(failed_ = Error{ErrorCode::kMalformed, "blob " + digest_ + ": more than the " +
                                                            std::to_string(size_) +
                                                            " bytes that the manifest states"});
      }
      passed_ += got.value();
      digester_.Update(ByteSpan(out).first(got.value()));
      return got;
    }
    response_.reset();
    over_ = passed_ == size_;
    if (over_) break;
    if (got.ok() || passed_ == 0 || ++reopened_ > kMaxReopened) {
      Error error =
          got.ok() ? Error{ErrorCode::kTruncated, "the blob ends early"} : std::move(got).error();
      error.message += " at byte " + std::to_string(passed_) + " of " + std::to_string(size_);
      return *(failed_ = std::move(error));
    }
  }
  return std::size_t{0};
}

Result<std::string> BlobStream::Finish() {
  std::vector<std::uint8_t> step(kStep);
  while (!over_) {
    auto got = Read(step);
    if (!got.ok()) return std::move(got).error();
  }
  return digester_.Finish();
}

Result<RangeSource::Block> RangeSource::Fetch(ByteRange range) const {
  ++requests_;
  auto opened = client_.OpenBlob(digest_, range);
  if (!opened.ok()) return std::move(opened).error();
  HttpResponse& response = *opened.value();
  if (response.status() == 200) {
    ranges_ignored_ = true;
    if (range.offset != 0) {
      return Error{ErrorCode::kUnsupported,
                   "blob " + digest_ + ": the registry does not answer range requests"};
    }
  } else if (!AnswersRange(response.Header("Content-Range"), range, size_)) {
    return WrongRange(digest_, response.Header("Content-Range"), range, size_);
  }
  Block block;
  block.offset = range.offset;
  std::vector<std::uint8_t> step(kStep);
  while (block.bytes.size() < range.bytes) {
    auto got = response.Read(step);
    if (!got.ok()) return std::move(got).error();
    if (got.value() == 0) {
      return Error{ErrorCode::kTruncated,
                   "blob " + digest_ + ": " + std::to_string(block.bytes.size()) + " of " +
                       std::to_string(range.bytes) + " bytes at " + std::to_string(range.offset)};
    }
    bytes_fetched_ += got.value();
    const std::size_t room = static_cast<std::size_t>(range.bytes) - block.bytes.size();
    const std::size_t count = std::min(got.value(), room);
    block.bytes.insert(block.bytes.end(), step.begin(),
                       step.begin() + static_cast<std::ptrdiff_t>(count));
  }
  // The end of the message, so that the connection can serve the next request.
  if (!ranges_ignored_) static_cast<void>(response.Read(step));
  return block;
}

Result<const RangeSource::Block*> RangeSource::BlockWith(std::uint64_t offset) const {
  for (auto it = blocks_.begin(); it != blocks_.end(); ++it) {
    if (offset < it->offset || offset - it->offset >= it->bytes.size()) continue;
    blocks_.splice(blocks_.begin(), blocks_, it);
    return &blocks_.front();
  }
  const bool forward = offset == last_end_ && offset != 0;
  next_block_bytes_ = forward ? std::min(next_block_bytes_ * 2, kLargestBlock) : kSmallestBlock;
  auto block = Fetch({offset, std::min(next_block_bytes_, size_ - offset)});
  if (!block.ok()) return std::move(block).error();
  last_end_ = offset + block.value().bytes.size();
  blocks_.push_front(std::move(block).value());
  if (blocks_.size() > kKeptBlocks) blocks_.pop_back();
  return &blocks_.front();
}

Result<std::size_t> RangeSource::ReadAt(std::uint64_t offset, MutableByteSpan out) const {
  const std::lock_guard lock(mutex_);
  std::size_t done = 0;
  while (done < out.size() && offset < size_) {
    auto block = BlockWith(offset);
    if (!block.ok()) return std::move(block).error();
    const std::size_t at = static_cast<std::size_t>(offset - block.value()->offset);
    const std::size_t count = std::min(out.size() - done, block.value()->bytes.size() - at);
    std::copy_n(block.value()->bytes.begin() + static_cast<std::ptrdiff_t>(at), count,
                out.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
    offset += count;
  }
  return done;
}

}  // namespace weighbridge
