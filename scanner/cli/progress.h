// Progress on standard error and a clean stop on Ctrl-C, while a scan runs.
#pragma once

#include <stop_token>
#include <thread>

#include "weighbridge/scan.h"

namespace weighbridge {

class ScanMonitor {
 public:
  // Requires: SIGINT and SIGTERM are blocked in every thread (see BlockSignals).
  ScanMonitor(bool show, std::stop_source stop);
  ~ScanMonitor();
  ScanProgress& progress() { return progress_; }

 private:
  void Watch(std::stop_token done, bool show);

  ScanProgress progress_;
  std::stop_source stop_;
  std::jthread watcher_;
};

// Called once by main, before any thread starts.
void BlockSignals();

}  // namespace weighbridge
