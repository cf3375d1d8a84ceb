#include "scanner/pipeline/recognise.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "scanner/formats/formats.h"
#include "scanner/pipeline/gpu_code.h"
#include "scanner/pipeline/service_stage.h"
#include "scanner/sidecars/sidecars.h"

namespace weighbridge {
namespace {

// What probes may read of a stream; more would pull all of it.
constexpr std::uint64_t kStreamProbeBytes = 1 << 20;

struct Buffers {
  std::array<std::uint8_t, kHeadBytes> head;
  std::array<std::uint8_t, kTailBytes> tail;
};

// Buffers of this thread, one pair per level of a nest of archives.
class BorrowedBuffers {
 public:
  BorrowedBuffers() {
    if (depth_ == pool_.size()) pool_.push_back(std::make_unique<Buffers>());
    buffers_ = pool_[depth_++].get();
  }
  ~BorrowedBuffers() { --depth_; }
  BorrowedBuffers(const BorrowedBuffers&) = delete;
  BorrowedBuffers& operator=(const BorrowedBuffers&) = delete;
  Buffers& operator*() const { return *buffers_; }

 private:
  static thread_local std::vector<std::unique_ptr<Buffers>> pool_;
  static thread_local std::size_t depth_;
  Buffers* buffers_;
};
thread_local std::vector<std::unique_ptr<Buffers>> BorrowedBuffers::pool_;
thread_local std::size_t BorrowedBuffers::depth_ = 0;

// The beginning of a stream, for probes; the rest reads as a failure.
class Beginning final : public ByteSource {
 public:
  explicit Beginning(const ByteSource& source) : source_(source) {}
  std::uint64_t size() const override { return source_.size(); }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override {
    if (offset >= kStreamProbeBytes || out.size() > kStreamProbeBytes - offset) {
      return Error{ErrorCode::kUnsupported, "too far into a stream to probe"};
    }
    return source_.ReadAt(offset, out);
  }

 private:
  const ByteSource& source_;
};

// Files whose parsers may hold tens of megabytes: GGUF and zip directories, long
// safetensors headers, long JSON.
bool MayNeedMuchMemory(ByteSpan head, std::uint64_t size) {
  constexpr std::uint64_t kLarge = 4ULL << 20;
  if (size < kLarge || head.size() < 8) return false;
  if (head[0] == '{' || head[0] == '[') return true;
  if (std::memcmp(head.data(), "GGUF", 4) == 0 || std::memcmp(head.data(), "PK", 2) == 0)
    return true;
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = (length << 8) | head[i];
  return (length > kLarge && length <= 100'000'000) || (head[0] == 0x80 && head[1] <= 5);
}

// "b" of "a/b/file"; "" when the path has no folder.
std::string_view FolderName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  path = path.substr(0, slash);
  return path.substr(path.rfind('/') + 1);
}

// As many bytes as there are, up to the buffer: a source may give them in pieces.
Result<std::size_t> Fill(const ByteSource& source, std::uint64_t offset, MutableByteSpan out) {
  std::size_t done = 0;
  while (done < out.size()) {
    auto got = source.ReadAt(offset + done, out.subspan(done));
    if (!got.ok()) return got;
    if (got.value() == 0) break;
    done += got.value();
  }
  return done;
}

}  // namespace

Result<std::size_t> CountingSource::ReadAt(std::uint64_t offset, MutableByteSpan out) const {
  auto got = source_.ReadAt(offset, out);
  if (got.ok()) {
    bytes_ += got.value();
  } else if (!failure_) {
    failure_ = got.error();
  }
  return got;
}

Recognition Recogniser::Recognise(const ByteSource& given, Access access, Artifact& artifact,
                                  Error* failure, ServiceCollector* services) {
  const std::uint64_t size = given.size();
  if (size == 0) return Recognition::kUnrecognised;
  const CountingSource source(given);
  const Beginning beginning(given);
  const BorrowedBuffers buffers;
  const auto fail = [&](Error error) {
    *failure = std::move(error);
    return Recognition::kFailed;
  };

  auto head = Fill(source, 0, (*buffers).head);
  if (!head.ok()) return fail(std::move(head).error());
  ProbeWindow window;
  window.head = ByteSpan((*buffers).head).first(head.value());
  window.source =
      access == Access::kAnywhere ? static_cast<const ByteSource*>(&source) : &beginning;
  window.size = size;
  if (size <= kHeadBytes) {
    window.tail = window.head;
  } else if (access == Access::kAnywhere || size <= kStreamProbeBytes) {
    auto tail = Fill(source, size - std::min<std::uint64_t>(size, kTailBytes), (*buffers).tail);
    if (!tail.ok()) return fail(std::move(tail).error());
    window.tail = ByteSpan((*buffers).tail).first(tail.value());
  }
  artifact.size_bytes = size;
  const Location& location = artifact.location;
  window.file_name = location.FileName();
  window.folder_name = FolderName(location.members.empty() ? std::string_view(location.path)
                                                           : location.members.back());

  const bool large = MayNeedMuchMemory(window.head, size);
  if (large) large_headers_.acquire();
  bool recognised = false;
  try {
    recognised = InspectEngineDatabase(source, window, limits_, artifact) ||
                 InspectWeights(source, window, limits_, artifact) ||
                 InspectSideCar(source, window, limits_, artifact) ||
                 InspectGpuCode(source, window.head, access, limits_, artifact);
    AddFormatTarget(artifact);
  } catch (const std::exception& error) {  // out of memory: the file fails, the scan goes on
    if (large) large_headers_.release();
    return fail({ErrorCode::kLimitExceeded, std::string("not inspected: ") + error.what()});
  }
  if (large) large_headers_.release();
  if (source.failure()) return fail(*source.failure());
  if (!recognised && services != nullptr) services->Read(given, window.head, location);
  return recognised ? Recognition::kRecognised : Recognition::kUnrecognised;
}

bool Recogniser::WorthMeasuring(const ByteSource& given) const {
  const Beginning source(given);
  const BorrowedBuffers buffers;
  auto head = Fill(source, 0, (*buffers).head);
  if (!head.ok() || head.value() == 0) return false;
  ProbeWindow window;
  window.head = ByteSpan((*buffers).head).first(head.value());
  window.source = &source;
  window.size = given.size();
  return window.head[0] == '{' || ProbeWeights(window);
}

}  // namespace weighbridge
