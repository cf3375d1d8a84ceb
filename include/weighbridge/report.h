// Report: all of one scan, sorted, with its coverage. What writers write.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "weighbridge/accelerator.h"
#include "weighbridge/artifact.h"
#include "weighbridge/diagnostic.h"
#include "weighbridge/finding.h"
#include "weighbridge/model.h"
#include "weighbridge/service.h"

namespace weighbridge {

// files_seen = recognised + unrecognised + sum(skipped) + failed, always.
// Members of archives, counted as files are.
struct MemberCoverage {
  std::uint64_t seen = 0;
  std::uint64_t recognised = 0;
  std::uint64_t unrecognised = 0;
  std::map<std::string, std::uint64_t> skipped;  // reason -> count
  std::uint64_t failed = 0;
  void Add(const MemberCoverage& other);
  bool Balanced() const;
};

struct Coverage {
  std::uint64_t files_seen = 0;
  std::uint64_t recognised = 0;
  std::uint64_t unrecognised = 0;
  std::map<std::string, std::uint64_t> skipped;  // reason -> count
  std::uint64_t failed = 0;
  std::uint64_t directories = 0;
  std::uint64_t bytes_read = 0;
  std::uint64_t not_inspected = 0;  // of the recognised: not fully understood
  MemberCoverage members;
  bool Balanced() const;
};

struct DatabaseInfo {
  std::string version;         // "2026.11.24"
  std::string date;            // ISO; when its tables were last reviewed
  std::string digest;          // sha256 of the image, of a bundle: of its manifest
  std::uint64_t age_days = 0;  // at the evaluation date
  bool stale = false;          // older than 90 days, or a bundle past its day
};

struct Report {
  std::string tool_version;
  DatabaseInfo database;
  std::string as_of;      // ISO date of the law that was applied
  std::string timestamp;  // ISO 8601 UTC, when the report was made
  std::vector<std::string> targets;
  std::string policy_name;                 // "" when no policy was given
  std::string gate;                        // outcome name
  std::vector<std::string> context_lines;  // "country=US", "sector=us-dod": what was applied
  std::vector<Artifact> artifacts;         // sorted by Location
  std::vector<Model> models;               // sorted by id
  std::vector<ServiceUse> services;        // hosted models that something talks to
  std::vector<Accelerator> accelerators;   // sorted by host, then id
  std::vector<AcceleratorProduct> accelerator_products;  // those that they name, by id
  std::vector<AcceleratorHost> accelerator_hosts;        // sorted by host
  std::vector<HostSoftware> host_software;               // drivers and firmware, sorted
  std::vector<Finding> findings;  // sorted: strongest outcome first, then rule id, then subject
  std::vector<Diagnostic> diagnostics;  // sorted by Location
  Coverage coverage;
  bool complete = true;  // false after Ctrl-C or when something failed
  std::string incomplete_reason;
  std::string hash_mode;      // "full" or "none"
  bool models_sought = true;  // false: accelerators only, no file was read for models
};

}  // namespace weighbridge
