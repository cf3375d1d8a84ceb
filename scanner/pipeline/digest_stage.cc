#include "scanner/pipeline/digest_stage.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

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

// Files for which a store states a git blob id: recomputing it costs a second digest.
std::set<std::string> FilesWithGitIds(const std::vector<InspectedFile>& files) {
  std::set<std::string> paths;
  constexpr std::string_view kStore = "/.cache/huggingface/download/";
  for (const InspectedFile& file : files) {
    for (const StatedDigest& stated : file.artifact.stated_digests) {
      if (stated.algorithm != "git-sha1") continue;
      const std::string path = file.artifact.location.ToString();
      const std::size_t at = path.find(kStore);
      if (at != std::string::npos) paths.insert(path.substr(0, at + 1) + stated.file_name);
    }
  }
  return paths;
}

void CountMissing(Artifact& artifact) {
  for (const Tensor& tensor : artifact.tensors) {
    if (!tensor.has_data && tensor.external_file < 0) ++artifact.tensors_without_digest;
  }
}

void Note(Artifact& artifact, Severity severity, ErrorCode code, std::string message) {
  artifact.diagnostics.push_back({severity, code, artifact.location, std::move(message)});
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
}

bool DigestFiles(const Walk& walk, const ScanOptions& options, unsigned jobs,
                 std::vector<InspectedFile>& files, std::uint64_t* bytes_read) {
  std::map<std::string, std::vector<TensorRange>> ranges = RangesByFile(files);
  const std::set<std::string> git_files = FilesWithGitIds(files);
  std::vector<Job> work;
  for (InspectedFile& file : files) {
    CountMissing(file.artifact);
    if (file.passed) continue;  // digested as it passed
    Job job{&file, {}};
    const std::string place = file.artifact.location.ToString();
    const auto it = ranges.find(place);
    if (it != ranges.end()) job.request.ranges = std::move(it->second);
    job.request.git_sha1 = git_files.count(place) != 0;
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
