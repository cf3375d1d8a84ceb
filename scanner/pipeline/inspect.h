// The inspect stage: one walked file in; out comes its Artifact, and one for every
// recognised member when it is an archive, or nothing.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "scanner/images/layer_summary.h"
#include "scanner/pipeline/recognise.h"
#include "scanner/pipeline/service_stage.h"
#include "scanner/source/walk.h"
#include "weighbridge/artifact.h"
#include "weighbridge/scan.h"

namespace weighbridge {

// A part of a file on disk.
struct Window {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // bytes
};

// A recognised file or member, with what is needed to read it again and to tell
// whether it is still the same.
struct InspectedFile {
  Artifact artifact;
  FileAddress address;  // of the file on disk that holds the bytes
  FileStamp stamp;
  bool through_link = false;
  std::optional<Window> window;  // a member that lies in the file as it is
  bool passed = false;           // a member that was a stream: digested as it passed
};

// A link in an archive from one name of a model store to its blob.
struct StoreLink {
  Location archive;
  std::string name;
  std::string target;
  friend auto operator<=>(const StoreLink&, const StoreLink&) = default;
};

// Thread-safe: Inspect() is the walk's visitor.
class Inspector {
 public:
  explicit Inspector(const ScanOptions& options)
      : options_(options), limits_(options.limits), recogniser_(options.limits) {}
  Visit Inspect(const WalkedFile& file);

  // Requires: the walk has ended.
  std::vector<InspectedFile> TakeFiles() { return std::move(files_); }
  std::vector<InspectedFile>& files() { return files_; }
  std::uint64_t bytes_read() const;
  // Also says which limits of the whole scan were met.
  std::vector<Diagnostic> TakeDiagnostics();
  std::uint64_t recognised() const { return recognised_; }
  const MemberCoverage& members() const { return members_; }
  const std::vector<LayerSummary>& layers() const { return layers_; }
  const std::vector<StoreLink>& store_links() const { return store_links_; }
  const std::vector<LayerLink>& layer_links() const { return layer_links_; }

  // For the nest of archives below a file.
  const ScanOptions& options() const { return options_; }
  Recogniser& recogniser() { return recogniser_; }
  // Null when they are not looked for.
  ServiceCollector* services() { return options_.services ? &services_ : nullptr; }
  void Keep(InspectedFile file);
  void Report(Diagnostic diagnostic);
  void Count(const MemberCoverage& members);
  void KeepLayer(LayerSummary layer);
  void KeepStoreLink(StoreLink link);
  void KeepLayerLink(LayerLink link);

 private:
  const ScanOptions& options_;
  const Limits& limits_;
  Recogniser recogniser_;
  ServiceCollector services_;
  // One counter per worker and cache line: a shared one costs more than the probe.
  struct alignas(64) Counter {
    std::atomic<std::uint64_t> bytes{0};
  };
  std::array<Counter, 64> bytes_read_;
  std::atomic<std::uint64_t> recognised_{0};
  std::mutex mutex_;
  std::vector<InspectedFile> files_;
  // A file with a tensor list or the map of an index. Members of one name keep the
  // order that they have in their archive.
  struct KeptList {
    std::uint64_t cost = 0;
    Location location;
    std::size_t file = 0;  // index into files_
    friend auto operator<=>(const KeptList&, const KeptList&) = default;
  };
  std::set<KeptList> lists_;
  std::uint64_t lists_cost_ = 0;
  std::optional<KeptList> first_dropped_;
  std::vector<Diagnostic> diagnostics_;
  MemberCoverage members_;
  std::vector<LayerSummary> layers_;
  std::vector<StoreLink> store_links_;
  std::uint64_t layer_links_seen_ = 0;
  std::uint64_t store_links_seen_ = 0;
  std::vector<LayerLink> layer_links_;
  std::size_t layer_paths_ = 0;
};

}  // namespace weighbridge
