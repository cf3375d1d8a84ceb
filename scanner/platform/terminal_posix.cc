#include <cstdlib>
#include <ctime>

#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scanner/base/text.h"
#include "scanner/platform/terminal.h"

namespace weighbridge {
namespace {

std::string FormatUtc(std::int64_t unix_seconds, const char* format) {
  const std::time_t time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[40];
  return std::string(text, std::strftime(text, sizeof text, format, &parts));
}

}  // namespace

bool IsTerminal(int descriptor) { return isatty(descriptor) == 1; }

int TerminalColumns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) return 80;
  return size.ws_col;
}

std::string IsoDate(std::int64_t unix_seconds) { return FormatUtc(unix_seconds, "%Y-%m-%d"); }
std::string IsoTime(std::int64_t unix_seconds) {
  return FormatUtc(unix_seconds, "%Y-%m-%dT%H:%M:%SZ");
}

std::int64_t ReportTime() {
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    if (const auto seconds = ParseUint(epoch); seconds && *seconds < (1ULL << 40)) {
      return static_cast<std::int64_t>(*seconds);
    }
  }
  return static_cast<std::int64_t>(std::time(nullptr));
}

unsigned UsableProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  const int count = CPU_COUNT(&set);
  return count < 1 ? 1u : static_cast<unsigned>(count);
}

}  // namespace weighbridge
