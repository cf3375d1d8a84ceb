#include "scanner/pipeline/digest_stage.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "scanner/base/text.h"
#include "scanner/pipeline/hash.h"

namespace weighbridge {
namespace {

std::string Beside(const std::string& path, const std::string& name) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? name : path.substr(0, slash + 1) + name;
}

struct Job {
  InspectedFile* file = nullptr;
  HashRequest request;
};

// Tensor ranges by the path of the file that holds the bytes.
std::map<std::string, std::vector<TensorRange>> RangesByFile(
    const std::vector<InspectedFile>& files) {
  std::map<std::string, std::vector<TensorRange>> ranges;
  for (const InspectedFile& file : files) {
    const Artifact& artifact = file.artifact;
    for (const Tensor& tensor : artifact.tensors) {
      if (!tensor.has_data) continue;
      std::string path = artifact.location.ToString();
      if (tensor.external_file >= 0) {
        const auto index = static_cast<std::size_t>(tensor.external_file);
        if (index >= artifact.external_files.size()) continue;
        path = Beside(path, artifact.external_files[index]);
      }
      ranges[path].push_back({tensor.offset, tensor.bytes});
    }
  }
  return ranges;
}

// Files for which a store states a digest, and those of them with a git blob id:
// recomputing that costs a second digest.
struct StatedFiles {
  std::set<std::string> all;
  std::set<std::string> git;
};

StatedFiles FilesWithStatedDigests(const std::vector<InspectedFile>& files) {
  StatedFiles paths;
  constexpr std::string_view kStore = "/.cache/huggingface/download/";
  for (const InspectedFile& file : files) {
    if (file.artifact.kind == ArtifactKind::kPointer) continue;
    for (const StatedDigest& stated : file.artifact.stated_digests) {
      std::string path = file.artifact.location.ToString();
      const std::size_t at = path.find(kStore);
      if (at != std::string::npos) {
        path = path.substr(0, at + 1) + stated.file_name;
      } else if (stated.file_name != file.artifact.location.FileName()) {
        continue;
      }
      if (stated.algorithm == "git-sha1") paths.git.insert(path);
      paths.all.insert(std::move(path));
    }
  }
  return paths;
}

void CountMissing(Artifact& artifact) {
  for (const Tensor& tensor : artifact.tensors) {
    if (!tensor.has_data) ++artifact.tensors_without_digest;
  }
}

void Note(Artifact& artifact, Severity severity, ErrorCode code, std::string message) {
  artifact.diagnostics.push_back({severity, code, artifact.location, std::move(message)});
}

// A tensor whose external file is missing or too short has no data; of a file that is
// there and too short the reader is told.
void CheckExternalPlaces(const std::map<std::string, std::uint64_t>& sizes, Artifact& artifact) {
  std::vector<std::uint64_t> beyond(artifact.external_files.size());
  std::vector<std::optional<std::uint64_t>> size;
  for (const std::string& name : artifact.external_files) {
    const auto found = sizes.find(Beside(artifact.location.ToString(), name));
    size.push_back(found == sizes.end() ? std::nullopt : std::make_optional(found->second));
  }
  for (Tensor& tensor : artifact.tensors) {
    const auto file = static_cast<std::size_t>(tensor.external_file);
    if (tensor.external_file < 0 || !tensor.has_data || file >= size.size()) continue;
    const bool fits =
        size[file] && tensor.offset <= *size[file] && tensor.bytes <= *size[file] - tensor.offset;
    if (fits) continue;
    if (size[file]) ++beyond[file];
    tensor.has_data = false;
    tensor.offset = tensor.bytes = 0;
  }
  for (std::size_t file = 0; file < beyond.size(); ++file) {
    if (beyond[file] == 0) continue;
    const std::string message = "external data of " + std::to_string(beyond[file]) +
                                (beyond[file] == 1 ? " tensor lies" : " tensors lie") +
                                " beyond the " + std::to_string(*size[file]) + " bytes of " +
                                Quote(artifact.external_files[file]);
    Note(artifact, Severity::kWarning, ErrorCode::kTruncated, "ONNX: " + message);
    if (artifact.inspection == Inspection::kFull) artifact.inspection = Inspection::kPartial;
    if (artifact.not_inspected_reason.empty()) artifact.not_inspected_reason = message;
  }
}

void Digest(const Walk& walk, const ScanOptions& options, Job& job,
            std::atomic<std::uint64_t>& bytes_read) {
  Artifact& artifact = job.file->artifact;
  auto file = walk.Reopen(job.file->address);
  if (!file.ok()) {
    Note(artifact, Severity::kError, file.error().code, "not digested: " + file.error().message);
    return;
  }
  const FileStamp now = file.value()->stamp();
  const FileStamp& then = job.file->stamp;
  if (now.inode != then.inode || now.device != then.device || now.size != then.size ||
      now.mtime_ns != then.mtime_ns) {
    artifact.changed_while_read = true;
  }
  const std::size_t wanted = job.request.ranges.size();
  if (!job.file->window) file.value()->ExpectSequentialRead();
  const Window window = job.file->window.value_or(Window{0, file.value()->size()});
  const SliceSource bytes(*file.value(), window.offset, window.size);
  auto digests = HashBytes(bytes, std::move(job.request), options.stop,
                           options.progress ? &options.progress->bytes_hashed : nullptr);
  if (!digests.ok()) {
    artifact.changed_while_read |= digests.error().code == ErrorCode::kChanged;
    artifact.tensors_without_digest += wanted;
    Note(artifact, Severity::kError, digests.error().code,
         "not digested: " + digests.error().message);
    return;
  }
  artifact.changed_while_read |= file.value()->ChangedSinceOpening();
  bytes_read += window.size;
  TakeDigests(std::move(digests).value(), artifact);
}

}  // namespace

void AttachExternalData(const Walk& walk, Coverage& coverage, std::vector<InspectedFile>& files) {
  std::set<std::string> known;
  for (const InspectedFile& file : files) known.insert(file.artifact.location.ToString());
  std::vector<InspectedFile> added;
  for (InspectedFile& file : files) {
    if (!file.artifact.location.members.empty()) continue;  // the archive gave its members
    for (const std::string& name : file.artifact.external_files) {
      const std::string path = Beside(file.artifact.location.path, name);
      if (known.count(path) != 0) continue;
      FileAddress address{file.address.root, Beside(file.address.path, name)};
      if (walk.Excluded(address.path)) continue;
      auto opened = walk.Reopen(address);
      if (!opened.ok()) continue;  // grouping reports the missing file
      known.insert(path);
      InspectedFile data;
      data.address = std::move(address);
      data.stamp = opened.value()->stamp();
      data.artifact.location.path = path;
      data.artifact.format = "onnx_external_data";
      data.artifact.kind = ArtifactKind::kExternalData;
      data.artifact.size_bytes = data.stamp.size;
      added.push_back(std::move(data));
      if (coverage.unrecognised > 0)
        --coverage.unrecognised;
      else
        ++coverage.files_seen;
      ++coverage.recognised;
    }
  }
  std::move(added.begin(), added.end(), std::back_inserter(files));
  const bool any = std::any_of(files.begin(), files.end(), [](const InspectedFile& file) {
    return !file.artifact.external_files.empty();
  });
  if (!any) return;
  std::map<std::string, std::uint64_t> sizes;
  for (const InspectedFile& file : files) {
    sizes.emplace(file.artifact.location.ToString(), file.artifact.size_bytes);
  }
  for (InspectedFile& file : files) {
    if (!file.artifact.external_files.empty()) CheckExternalPlaces(sizes, file.artifact);
  }
}

bool DigestFiles(const Walk& walk, const ScanOptions& options, unsigned jobs,
                 std::vector<InspectedFile>& files, std::uint64_t* bytes_read) {
  std::map<std::string, std::vector<TensorRange>> ranges = RangesByFile(files);
  const StatedFiles stated = FilesWithStatedDigests(files);
  std::vector<Job> work;
  for (InspectedFile& file : files) {
    if (options.hash == HashMode::kFull) CountMissing(file.artifact);
    if (file.passed) continue;  // digested as it passed
    const std::string place = file.artifact.location.ToString();
    // With --hash none and --verify only what a store states a digest of is read.
    if (options.hash == HashMode::kNone && stated.all.count(place) == 0) continue;
    Job job{&file, {}};
    const auto it = ranges.find(place);
    if (it != ranges.end() && options.hash == HashMode::kFull)
      job.request.ranges = std::move(it->second);
    job.request.git_sha1 = stated.git.count(place) != 0;
    if (options.progress) options.progress->bytes_to_hash += file.artifact.size_bytes;
    work.push_back(std::move(job));
  }
  // Largest first: the last worker is then not left alone with the longest file.
  std::stable_sort(work.begin(), work.end(), [](const Job& a, const Job& b) {
    return a.file->artifact.size_bytes > b.file->artifact.size_bytes;
  });
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> bytes{0};
  const auto run = [&] {
    while (!options.stop.stop_requested()) {
      const std::size_t i = next.fetch_add(1);
      if (i >= work.size()) return;
      try {
        Digest(walk, options, work[i], bytes);
      } catch (const std::exception& error) {  // out of memory: this file has no digest
        Note(work[i].file->artifact, Severity::kError, ErrorCode::kLimitExceeded,
             std::string("not digested: ") + error.what());
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 1; i < jobs; ++i) workers.emplace_back(run);
    run();
  }
  *bytes_read += bytes;
  return !options.stop.stop_requested();
}

}  // namespace weighbridge
