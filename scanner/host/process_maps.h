// /proc/<pid>/maps (proc(5)): which files a process has mapped. Text only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

struct MapLine {
  std::string range;   // "7f0000000000-7f0000001000", as /proc/<pid>/map_files names it
  std::string device;  // "fd:01"
  std::uint64_t inode = 0;
  std::string path;  // as the process sees it
  bool deleted = false;
};

// One line for each distinct file, the first that maps it. Lines without a file, and
// those of shared memory and devices that have no path of their own, are left out.
std::vector<MapLine> ParseMaps(std::string_view text);

}  // namespace weighbridge
