#include "scanner/pipeline/inspect.h"

#include <iterator>

#include "scanner/pipeline/nest.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxLayerLinks = 10'000;
constexpr std::uint64_t kMaxStoreLinks = 200'000;

}  // namespace
namespace {

// In tensors: a line of an index's map takes about half of a tensor's memory.
std::uint64_t ClaimBytes(const Artifact& artifact) {
  std::uint64_t bytes = 0;
  for (const Claim& claim : artifact.claims) bytes += claim.key.size() + claim.value.size();
  return bytes;
}

// In tensors: one takes about as much as 64 bytes of claims, which a report repeats.
std::uint64_t ListCost(const Artifact& artifact) {
  return artifact.tensors.size() + (artifact.weight_map.size() + 1) / 2 + ClaimBytes(artifact) / 64;
}

// The first claims of a file say what it is; the rest of a long list goes.
// True when there was something to cut.
bool TrimClaims(Artifact& artifact) {
  constexpr std::uint64_t kKept = 4096;
  std::uint64_t bytes = 0;
  std::size_t keep = 0;
  while (keep < artifact.claims.size()) {
    bytes += artifact.claims[keep].key.size() + artifact.claims[keep].value.size();
    if (bytes > kKept) break;
    ++keep;
  }
  if (keep == artifact.claims.size()) return false;
  artifact.diagnostics.push_back(
      {Severity::kWarning, ErrorCode::kLimitExceeded, artifact.location,
       std::to_string(artifact.claims.size() - keep) + " claims not kept: limit of the scan"});
  artifact.claims = {artifact.claims.begin(),
                     artifact.claims.begin() + static_cast<std::ptrdiff_t>(keep)};
  return true;
}

void DropLists(Artifact& artifact, std::uint64_t limit) {
  constexpr std::size_t kSmall = 64;
  const std::size_t listed = artifact.tensors.size() + artifact.weight_map.size();
  if (TrimClaims(artifact) && listed <= kSmall) return;  // the claims were what was long
  artifact.diagnostics.push_back(
      {Severity::kWarning, ErrorCode::kLimitExceeded, artifact.location,
       "list of " + std::to_string(artifact.tensors.size() + artifact.weight_map.size()) +
           " tensors not kept: files with shorter lists take up the limit of " +
           std::to_string(limit) + " for one scan"});
  std::vector<Tensor>().swap(artifact.tensors);
  decltype(artifact.weight_map)().swap(artifact.weight_map);
  artifact.inspection = Inspection::kPartial;
  artifact.not_inspected_reason = "tensor limit of the scan";
}

}  // namespace

Visit Inspector::Inspect(const WalkedFile& walked) {
  const CountingSource source(walked.file);
  InspectedFile found;
  found.artifact.location.path = walked.location;
  Error failure;
  const Recognition recognition =
      recogniser_.Recognise(source, Access::kAnywhere, found.artifact, &failure, services());
  if (recognition == Recognition::kRecognised) {
    found.address = walked.Address();
    found.stamp = walked.file.stamp();
    found.through_link = walked.through_link;
    OpenArchive(*this, source, found);
  }

  static std::atomic<std::size_t> workers{0};
  thread_local const std::size_t worker = workers.fetch_add(1);
  bytes_read_[worker % bytes_read_.size()].bytes.fetch_add(source.bytes(),
                                                           std::memory_order_relaxed);
  if (recognition == Recognition::kFailed) {
    Report({Severity::kError, failure.code, found.artifact.location, failure.message});
    return Visit::kFailed;
  }
  if (recognition == Recognition::kUnrecognised) return Visit::kUnrecognised;
  found.artifact.changed_while_read = walked.file.ChangedSinceOpening();
  recognised_.fetch_add(1, std::memory_order_relaxed);
  Keep(std::move(found));
  return Visit::kRecognised;
}

std::uint64_t Inspector::bytes_read() const {
  std::uint64_t bytes = 0;
  for (const Counter& counter : bytes_read_) bytes += counter.bytes;
  return bytes;
}

void Inspector::Report(Diagnostic diagnostic) {
  const std::lock_guard lock(mutex_);
  diagnostics_.push_back(std::move(diagnostic));
}

void Inspector::Count(const MemberCoverage& members) {
  const std::lock_guard lock(mutex_);
  members_.Add(members);
}

// What does not fit is dropped whole, not from where the limit was met: that place
// would depend on the threads. TakeDiagnostics() says so.
void Inspector::KeepLayer(LayerSummary layer) {
  layer.Finish();
  const std::lock_guard lock(mutex_);
  layer_paths_ += layer.size();
  layers_.push_back(std::move(layer));
  if (layer_paths_ > limits_.max_layer_paths) layers_.clear();
}

void Inspector::KeepLayerLink(LayerLink link) {
  const std::lock_guard lock(mutex_);
  layer_links_.push_back(std::move(link));
  if (++layer_links_seen_ > kMaxLayerLinks) layer_links_.clear();
}

void Inspector::KeepStoreLink(StoreLink link) {
  const std::lock_guard lock(mutex_);
  store_links_.push_back(std::move(link));
  if (++store_links_seen_ > kMaxStoreLinks) store_links_.clear();
}

std::vector<Diagnostic> Inspector::TakeDiagnostics() {
  const auto say = [&](bool exceeded, const char* text) {
    if (!exceeded) return;
    diagnostics_.push_back({Severity::kWarning, ErrorCode::kLimitExceeded, {}, text});
  };
  say(layer_paths_ > limits_.max_layer_paths,
      "too many paths in image layers: whether a file shows in its image is unknown");
  say(layer_links_seen_ > kMaxLayerLinks,
      "too many linked layers in saved images: images that share a layer may not be named");
  say(store_links_seen_ > kMaxStoreLinks,
      "too many links to blobs in archives: blobs keep their bare names");
  return std::move(diagnostics_);
}

// Which lists are kept depends on the files, never on the order in which the threads
// met them: the shortest ones, equal ones by Location, up to the first that exceeds the
// limit. Whenever the lists so far exceed it, the last file in that order loses its
// own, and from then on so does every file behind that one.
void Inspector::Keep(InspectedFile file) {
  file.artifact.tensors.shrink_to_fit();
  file.artifact.weight_map.shrink_to_fit();
  const std::lock_guard lock(mutex_);
  files_.push_back(std::move(file));
  Artifact& artifact = files_.back().artifact;
  const KeptList own{ListCost(artifact), artifact.location, files_.size() - 1};
  if (own.cost == 0) return;
  if (first_dropped_ && !(own < *first_dropped_)) {
    return DropLists(artifact, limits_.max_tensors_per_scan);
  }
  lists_cost_ += own.cost;
  lists_.insert(own);
  while (lists_cost_ > limits_.max_tensors_per_scan) {
    first_dropped_ = *std::prev(lists_.end());
    lists_.erase(std::prev(lists_.end()));
    lists_cost_ -= first_dropped_->cost;
    DropLists(files_[first_dropped_->file].artifact, limits_.max_tensors_per_scan);
  }
}

}  // namespace weighbridge
