// The front door: one scan, from paths to a Report.
//
//   ScanOptions options;
//   options.targets = {"/srv/models"};
//   auto report = Scan(options);
//   if (!report.ok()) ...;                       // bad option, policy or target
//   for (const Model& model : report.value().models) ...
//
// Ownership: the Report owns all it says. Thread-safe: several scans may run at
// once. A damaged file never fails a scan: it is in the Report as a Diagnostic.
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "weighbridge/limits.h"
#include "weighbridge/report.h"
#include "weighbridge/result.h"

namespace weighbridge {

enum class HashMode { kFull, kNone };

// Written by the scan, read by whoever shows progress.
struct ScanProgress {
  enum class Stage { kWalk, kDigest, kConclude };
  std::atomic<Stage> stage{Stage::kWalk};
  std::atomic<std::uint64_t> files{0};
  std::atomic<std::uint64_t> recognised{0};
  std::atomic<std::uint64_t> bytes_hashed{0};
  std::atomic<std::uint64_t> bytes_to_hash{0};
};

struct ScanOptions {
  std::vector<std::string> targets;
  std::vector<std::string> excludes;  // glob patterns
  bool remote_file_systems = false;
  bool one_file_system = false;
  HashMode hash = HashMode::kFull;
  bool verify = false;  // with kNone: still digest the files whose digest a store states
  // Registries. Files in layers of their own are read by ranges, header only, unless all
  // of them is asked for.
  bool hash_registries = false;
  bool insecure = false;       // plain HTTP, to loopback only
  bool all_platforms = false;  // of an image index
  std::string platform;        // "os/arch[/variant]", "" = linux/amd64, else all
  bool services = true;        // look for the use of hosted models in text files
  unsigned jobs = 0;           // 0: as many as processors

  // Accelerators: the tree of a host instead of this one's, and captured inventories.
  std::string sysroot;
  std::vector<std::string> inventories;  // file names, "-" = standard input
  bool with_serials = false;             // keep serial numbers and UUIDs
  Limits limits;

  // "" = the installed one, else the embedded one; "embedded", or a catalogue or bundle.
  std::string database;
  std::string database_folder;                 // of installed ones, "" = the usual places
  std::vector<std::string> database_overlays;  // file names
  std::vector<std::string> rule_packs;         // file names, added to the built-in packs
  std::string policy_file;                     // "" = no policy
  std::string fail_on;                         // outcome name, "" = the policy's
  bool fail_on_undecided = false;
  std::string as_of;             // ISO date, "" = date of the report
  std::int64_t report_time = 0;  // Unix seconds; 0 = now or SOURCE_DATE_EPOCH

  std::stop_token stop;  // request_stop(): report what was done so far
  ScanProgress* progress = nullptr;
};

// Where diagnostics about the database itself, and not about a target, are said to lie.
inline constexpr const char* kDatabasePlace = "(database)";

// Fails only for what the caller got wrong: a target that cannot be opened, a
// policy, pack, overlay or database that is refused.
Result<Report> Scan(const ScanOptions& options);

// The accelerators of this host, or of `sysroot`, or of `inventories`, and how they are
// classified; reads no model. Fails as Scan does, and for an inventory that cannot be read.
Result<Report> ScanAccelerators(const ScanOptions& options);

// How much of the tensor content of two scans is the same, in bytes.
struct Comparison {
  std::uint64_t bytes_a = 0;
  std::uint64_t bytes_b = 0;
  std::uint64_t bytes_common = 0;
  std::uint64_t tensors_a = 0;
  std::uint64_t tensors_b = 0;
  std::uint64_t tensors_common = 0;
  std::uint64_t without_digest_a = 0;  // tensors whose content could not be digested
  std::uint64_t without_digest_b = 0;
};
Comparison Compare(const Report& a, const Report& b);

}  // namespace weighbridge
