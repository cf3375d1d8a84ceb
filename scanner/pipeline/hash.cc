#include "scanner/pipeline/hash.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include <openssl/evp.h>
#include <xxhash.h>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Fits a core's level-2 cache, so that the second digest reads from there.
constexpr std::size_t kChunkBytes = 256 << 10;
// A file may describe overlapping tensors; beyond this multiple of its size it is
// an attack on our time, not a checkpoint.
constexpr std::uint64_t kMaxOverlap = 4;
// Ranges that overlap one place at once; each open one holds 576 bytes of state.
constexpr std::size_t kMaxOpenRanges = 4096;

class EvpDigest {
 public:
  explicit EvpDigest(const EVP_MD* kind) : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), kind, nullptr);
  }
  void Update(ByteSpan bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string FinishHex() {
    std::uint8_t value[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_DigestFinal_ex(context_.get(), value, &length);
    return Hex(value, length);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// Digests tensor ranges as the file's chunks pass by in order.
class RangeDigester {
 public:
  RangeDigester(std::vector<TensorRange> ranges, std::uint64_t file_size)
      : ranges_(std::move(ranges)) {
    const auto by_place = [](const TensorRange& a, const TensorRange& b) {
      return std::tie(a.offset, a.bytes) < std::tie(b.offset, b.bytes);
    };
    const auto same = [](const TensorRange& a, const TensorRange& b) {
      return a.offset == b.offset && a.bytes == b.bytes;
    };
    std::sort(ranges_.begin(), ranges_.end(), by_place);
    ranges_.erase(std::unique(ranges_.begin(), ranges_.end(), same), ranges_.end());
    std::erase_if(ranges_, [](const TensorRange& range) { return range.bytes == 0; });
    skipped_ = std::erase_if(ranges_, [&](const TensorRange& range) {
      return range.offset > file_size || range.bytes > file_size - range.offset;
    });
    KeepReasonable(file_size);
  }

  void Update(std::uint64_t chunk_offset, ByteSpan chunk) {
    const std::uint64_t chunk_end = chunk_offset + chunk.size();
    while (next_ < ranges_.size() && ranges_[next_].offset < chunk_end) {
      if (open_.size() < kMaxOpenRanges) {
        open_.push_back({ranges_[next_], NewState()});
        XXH3_128bits_reset(open_.back().state.get());
      } else {
        ++skipped_;
      }
      ++next_;
    }
    for (Open& open : open_) {
      const std::uint64_t from = std::max(open.range.offset, chunk_offset);
      const std::uint64_t to = std::min(open.range.offset + open.range.bytes, chunk_end);
      if (from < to) {
        XXH3_128bits_update(open.state.get(), chunk.data() + (from - chunk_offset),
                            static_cast<std::size_t>(to - from));
      }
      if (open.range.offset + open.range.bytes <= chunk_end) Finish(open);
    }
    std::erase_if(open_, [](const Open& open) { return open.state == nullptr; });
  }

  std::vector<TensorDigest> Take() {
    std::sort(done_.begin(), done_.end());
    done_.erase(std::unique(done_.begin(), done_.end()), done_.end());
    return std::move(done_);
  }
  std::uint64_t skipped() const { return skipped_; }

 private:
  struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  using State = std::unique_ptr<XXH3_state_t, FreeState>;
  struct Open {
    TensorRange range;
    State state;
  };

  State NewState() {
    if (free_.empty()) return State(XXH3_createState());
    State state = std::move(free_.back());
    free_.pop_back();
    return state;
  }

  void Finish(Open& open) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(open.state.get()));
    TensorDigest digest;
    std::copy(std::begin(canonical.digest), std::end(canonical.digest), digest.value.begin());
    digest.bytes = open.range.bytes;
    done_.push_back(digest);
    free_.push_back(std::move(open.state));
  }

  void KeepReasonable(std::uint64_t file_size) {
    std::uint64_t total = 0;
    std::size_t keep = 0;
    while (keep < ranges_.size() && total / kMaxOverlap <= file_size) {
      total += ranges_[keep].bytes;
      ++keep;
    }
    skipped_ += ranges_.size() - keep;
    ranges_.resize(keep);
  }

  std::vector<TensorRange> ranges_;
  std::size_t next_ = 0;
  std::vector<Open> open_;
  std::vector<State> free_;
  std::vector<TensorDigest> done_;
  std::uint64_t skipped_ = 0;
};

}  // namespace

struct Sha256Stream::State {
  EvpDigest digest{EVP_sha256()};
};
Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {}
Sha256Stream::~Sha256Stream() = default;
void Sha256Stream::Update(ByteSpan bytes) { state_->digest.Update(bytes); }
std::string Sha256Stream::FinishHex() { return state_->digest.FinishHex(); }

Result<FileDigests> HashBytes(const ByteSource& source, HashRequest request, std::stop_token stop,
                              std::atomic<std::uint64_t>* bytes_done) {
  EvpDigest sha256(EVP_sha256());
  EvpDigest sha1(EVP_sha1());
  if (request.git_sha1) {
    // gitobjects(7): a blob's id is the SHA-1 of "blob <size>\0" and the content.
    const std::string header = "blob " + std::to_string(source.size());
    sha1.Update(AsBytes(std::string_view(header.c_str(), header.size() + 1)));
  }
  RangeDigester tensors(std::move(request.ranges), source.size());
  std::vector<std::uint8_t> chunk(kChunkBytes);
  std::uint64_t offset = 0;
  while (offset < source.size()) {
    if (stop.stop_requested()) return Error{ErrorCode::kIo, "interrupted"};
    auto got = source.ReadAt(offset, chunk);
    if (!got.ok()) return std::move(got).error();
    if (got.value() == 0) break;
    const ByteSpan bytes = ByteSpan(chunk).first(got.value());
    sha256.Update(bytes);
    if (request.git_sha1) sha1.Update(bytes);
    tensors.Update(offset, bytes);
    offset += got.value();
    if (bytes_done != nullptr) bytes_done->fetch_add(got.value(), std::memory_order_relaxed);
  }
  if (offset < source.size())
    return Error{ErrorCode::kChanged, "file became shorter while it was read"};
  FileDigests digests;
  digests.sha256 = sha256.FinishHex();
  if (request.git_sha1) digests.git_sha1 = sha1.FinishHex();
  digests.tensors_skipped = tensors.skipped();
  digests.tensors = tensors.Take();
  return digests;
}

void TakeDigests(FileDigests digests, Artifact& artifact) {
  artifact.sha256 = std::move(digests.sha256);
  artifact.git_sha1 = std::move(digests.git_sha1);
  artifact.tensor_digests = std::move(digests.tensors);
  artifact.tensors_without_digest += digests.tensors_skipped;
}

}  // namespace weighbridge
