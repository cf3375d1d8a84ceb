#include "scanner/pipeline/inspect.h"

#include "scanner/pipeline/nest.h"

namespace weighbridge {

Visit Inspector::Inspect(const WalkedFile& walked) {
  const CountingSource source(walked.file);
  InspectedFile found;
  found.artifact.location.path = walked.location;
  Error failure;
  const Recognition recognition =
      recogniser_.Recognise(source, Access::kAnywhere, found.artifact, &failure);
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

void Inspector::KeepLayer(LayerSummary layer) {
  layer.Finish();
  const std::lock_guard lock(mutex_);
  layer_paths_ += layer.size();
  // A layer that is not kept leaves what lies below it "unknown".
  if (layer_paths_ <= limits_.max_layer_paths) layers_.push_back(std::move(layer));
}

void Inspector::KeepLayerLink(LayerLink link) {
  constexpr std::size_t kMaxLinks = 10'000;
  const std::lock_guard lock(mutex_);
  if (layer_links_.size() < kMaxLinks) layer_links_.push_back(std::move(link));
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
