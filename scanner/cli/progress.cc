#include "scanner/cli/progress.h"

#include <chrono>
#include <cstdio>
#include <ctime>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace weighbridge {
namespace {

// Wakes the watcher at the end of a scan.
constexpr int kWake = SIGUSR1;

sigset_t WatchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, kWake);
  return set;
}

double Mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

void PrintProgress(const ScanProgress& progress, double seconds_hashing) {
  const auto files = static_cast<unsigned long long>(progress.files.load());
  const auto found = static_cast<unsigned long long>(progress.recognised.load());
  switch (progress.stage.load()) {
    case ScanProgress::Stage::kWalk:
      std::fprintf(stderr, "\r\x1b[K%llu files, %llu recognised", files, found);
      return;
    case ScanProgress::Stage::kDigest: {
      const std::uint64_t done = progress.bytes_hashed.load();
      const std::uint64_t all = progress.bytes_to_hash.load();
      const double rate = seconds_hashing > 0 ? Mebibytes(done) / seconds_hashing : 0;
      std::fprintf(stderr, "\r\x1b[K%llu files; hashing %.0f of %.0f MiB, %.0f MiB/s", files,
                   Mebibytes(done), Mebibytes(all), rate);
      if (rate > 1 && all > done) {
        std::fprintf(stderr, ", %.0f s left", Mebibytes(all - done) / rate);
      }
      return;
    }
    case ScanProgress::Stage::kConclude:
      std::fprintf(stderr, "\r\x1b[K%llu files; concluding", files);
      return;
  }
}

}  // namespace

void BlockSignals() {
  const sigset_t set = WatchedSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

ScanMonitor::ScanMonitor(bool show, std::stop_source stop)
    : stop_(std::move(stop)), watcher_([this, show](std::stop_token done) { Watch(done, show); }) {}

ScanMonitor::~ScanMonitor() {
  watcher_.request_stop();
  pthread_kill(watcher_.native_handle(), kWake);
  watcher_.join();
}

// The first signal stops the scan, which then reports what it has; a second one
// ends the program.
void ScanMonitor::Watch(std::stop_token done, bool show) {
  using Clock = std::chrono::steady_clock;
  const sigset_t set = WatchedSignals();
  const timespec wait{0, 50'000'000};
  Clock::time_point hashing_since{};
  int ticks = 0;
  while (!done.stop_requested()) {
    const int signal = sigtimedwait(&set, nullptr, &wait);
    if (signal == SIGINT || signal == SIGTERM) {
      if (stop_.stop_requested()) _exit(130);
      stop_.request_stop();
      const char text[] = "\nweighbridge: stopping; writing what was done so far\n";
      if (write(STDERR_FILENO, text, sizeof text - 1) < 0) return;
    }
    if (progress_.stage == ScanProgress::Stage::kDigest && hashing_since == Clock::time_point{}) {
      hashing_since = Clock::now();
    }
    if (show && ++ticks % 5 == 0) {
      const double seconds =
          hashing_since == Clock::time_point{}
              ? 0.0
              : std::chrono::duration<double>(Clock::now() - hashing_since).count();
      PrintProgress(progress_, seconds);
    }
  }
  if (show && ticks >= 5) std::fprintf(stderr, "\r\x1b[K");
}

}  // namespace weighbridge
