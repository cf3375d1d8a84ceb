#include "scanner/pipeline/service_stage.h"

#include <algorithm>
#include <tuple>

#include "scanner/services/file_kinds.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxMarks = 200'000;
constexpr std::size_t kMaxNotes = 1'000;

// Kinds of files are known by their path, also within a container.
const std::string& PathOf(const Location& location) {
  return location.members.empty() ? location.path : location.members.back();
}

std::string_view TextOf(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void ServiceCollector::Read(const ByteSource& source, ByteSpan head, const Location& location) {
  const std::string& path = PathOf(location);
  if (IsProjectMark(path)) {
    const std::lock_guard lock(mutex_);
    if (++marks_seen_ <= kMaxMarks) marks_.push_back(location);
  }
  if (!WorthReading(path, source.size())) return;
  std::vector<ServiceHit> hits;
  auto reading = head.size() == source.size()
                     ? Result<ServiceReading>(
                           ServiceFinder::Instance().FindInText(TextOf(head), path, location, hits))
                     : ServiceFinder::Instance().FindInSource(source, path, location, hits);
  if (!reading.ok()) return;  // whoever inspects the file says that it cannot be read
  if (hits.empty() && !reading.value().truncated) return;
  const std::lock_guard lock(mutex_);
  if (reading.value().truncated) {
    Note(location,
         "searched for hosted services up to " + std::to_string(kMaxServiceTextBytes) + " bytes");
  }
  if (reading.value().dropped != 0) {
    Note(location,
         std::to_string(reading.value().dropped) + " further names of hosted services left out");
  }
  hits_.Add(std::move(hits));
}

void ServiceCollector::Note(const Location& location, const std::string& message) {
  if (notes_.size() >= kMaxNotes) return;
  notes_.push_back({Severity::kNote, ErrorCode::kLimitExceeded, location, message});
}

std::vector<ServiceUse> ServiceCollector::Join(const std::vector<Artifact>& artifacts,
                                               const std::vector<std::string>& targets,
                                               std::vector<Diagnostic>& diagnostics) {
  const ServiceFinder& finder = ServiceFinder::Instance();
  std::vector<ServiceHit> hits;
  for (const Artifact& artifact : artifacts) FindInClaims(finder, artifact, hits);
  hits_.Add(std::move(hits));
  ProjectRoots roots(targets);
  // Threads met them in any order; which are kept beyond the limit must not depend on it.
  std::sort(marks_.begin(), marks_.end());
  if (marks_seen_ <= kMaxMarks) {
    for (const Location& mark : marks_) roots.See(mark);
  }
  if (hits_.dropped() != 0) {
    diagnostics.push_back({Severity::kWarning,
                           ErrorCode::kLimitExceeded,
                           {},
                           std::to_string(hits_.dropped()) +
                               " names of hosted services left out: the limit of a scan"});
  }
  std::move(notes_.begin(), notes_.end(), std::back_inserter(diagnostics));
  return JoinServiceHits(hits_.Take(), finder.table(), roots);
}

}  // namespace weighbridge
