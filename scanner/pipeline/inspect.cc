#include "scanner/pipeline/inspect.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "scanner/formats/formats.h"
#include "scanner/sidecars/sidecars.h"

namespace weighbridge {
namespace {

// Counts what a parser reads.
class CountingSource final : public ByteSource {
 public:
  explicit CountingSource(const File& file) : file_(file) {}
  std::uint64_t size() const override { return file_.size(); }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override {
    auto got = file_.ReadAt(offset, out);
    if (got.ok()) {
      bytes_ += got.value();
    } else if (!error_) {
      error_ = got.error();
    }
    return got;
  }
  std::uint64_t bytes() const { return bytes_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  const File& file_;
  mutable std::uint64_t bytes_ = 0;
  mutable std::optional<Error> error_;
};

struct Buffers {
  std::array<std::uint8_t, kHeadBytes> head;
  std::array<std::uint8_t, kTailBytes> tail;
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

Diagnostic ReadFailure(const Error& error, const std::string& location) {
  return {Severity::kError, error.code, Location{location, {}}, error.message};
}

}  // namespace

Visit Inspector::Inspect(const WalkedFile& walked) {
  const std::uint64_t size = walked.file.size();
  if (size == 0) return Visit::kUnrecognised;
  thread_local const std::unique_ptr<Buffers> buffers = std::make_unique<Buffers>();
  const CountingSource source(walked.file);
  const auto fail = [&](const Error& error) {
    const std::lock_guard lock(mutex_);
    diagnostics_.push_back(ReadFailure(error, walked.location));
    return Visit::kFailed;
  };

  auto head = source.ReadAt(0, buffers->head);
  if (!head.ok()) return fail(head.error());
  ProbeWindow window;
  window.head = ByteSpan(buffers->head).first(head.value());
  window.source = &source;
  window.size = size;
  if (size <= kHeadBytes) {
    window.tail = window.head;
  } else {
    auto tail = source.ReadAt(size - std::min<std::uint64_t>(size, kTailBytes), buffers->tail);
    if (!tail.ok()) return fail(tail.error());
    window.tail = ByteSpan(buffers->tail).first(tail.value());
  }

  InspectedFile found;
  Artifact& artifact = found.artifact;
  artifact.location.path = walked.location;
  artifact.size_bytes = size;
  window.file_name = artifact.location.FileName();
  window.folder_name = FolderName(walked.location);

  const bool large = MayNeedMuchMemory(window.head, size);
  if (large) large_headers_.acquire();
  bool recognised = false;
  try {
    recognised = InspectWeights(source, window, limits_, artifact) ||
                 InspectSideCar(source, window, limits_, artifact);
  } catch (const std::exception& error) {  // out of memory: the file fails, the scan goes on
    if (large) large_headers_.release();
    return fail({ErrorCode::kLimitExceeded, std::string("not inspected: ") + error.what()});
  }
  if (large) large_headers_.release();
  static std::atomic<std::size_t> workers{0};
  thread_local const std::size_t worker = workers.fetch_add(1);
  bytes_read_[worker % bytes_read_.size()].bytes.fetch_add(source.bytes(),
                                                           std::memory_order_relaxed);

  if (source.error()) return fail(*source.error());
  if (!recognised) return Visit::kUnrecognised;
  found.address = walked.Address();
  found.stamp = walked.file.stamp();
  found.through_link = walked.through_link;
  artifact.changed_while_read = walked.file.ChangedSinceOpening();
  recognised_.fetch_add(1, std::memory_order_relaxed);
  Keep(std::move(found));
  return Visit::kRecognised;
}

std::uint64_t Inspector::bytes_read() const {
  std::uint64_t bytes = 0;
  for (const Counter& counter : bytes_read_) bytes += counter.bytes;
  return bytes;
}

void Inspector::Keep(InspectedFile file) {
  Artifact& artifact = file.artifact;
  const std::uint64_t kept =
      tensors_kept_.fetch_add(artifact.tensors.size()) + artifact.tensors.size();
  if (kept > limits_.max_tensors_per_scan) {
    tensors_kept_.fetch_sub(artifact.tensors.size());
    artifact.diagnostics.push_back(
        {Severity::kWarning, ErrorCode::kLimitExceeded, artifact.location,
         "tensor list of " + std::to_string(artifact.tensors.size()) +
             " not kept: this scan already holds " + std::to_string(limits_.max_tensors_per_scan)});
    artifact.tensors.clear();
    artifact.tensors.shrink_to_fit();
    artifact.inspection = Inspection::kPartial;
    artifact.not_inspected_reason = "tensor limit of the scan";
  }
  artifact.tensors.shrink_to_fit();
  const std::lock_guard lock(mutex_);
  files_.push_back(std::move(file));
}

}  // namespace weighbridge
