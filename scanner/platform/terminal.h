// What the program may ask of the terminal and the clock.
#pragma once

#include <cstdint>
#include <string>

namespace weighbridge {

bool IsTerminal(int descriptor);
int TerminalColumns(int descriptor);  // 80 when unknown
// "2026-11-24" and "2026-11-24T08:00:00Z" of a Unix time, UTC.
std::string IsoDate(std::int64_t unix_seconds);
std::string IsoTime(std::int64_t unix_seconds);
// Now, or SOURCE_DATE_EPOCH where that is set (reproducible-builds.org).
std::int64_t ReportTime();
// Processors this process may use; at least 1.
unsigned UsableProcessors();

}  // namespace weighbridge
