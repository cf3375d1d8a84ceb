#include "scanner/host/process_maps.h"

#include <set>
#include <utility>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string_view NextField(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == line.npos) {
    line = {};
    return {};
  }
  const std::size_t end = std::min(line.find(' ', begin), line.size());
  const std::string_view field = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return field;
}

// The kernel writes a newline in a name as \012.
std::string Unescaped(std::string_view path) {
  std::string plain;
  plain.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.substr(i, 4) == "\\012") {
      plain += '\n';
      i += 3;
    } else {
      plain += path[i];
    }
  }
  return plain;
}

}  // namespace

std::vector<MapLine> ParseMaps(std::string_view text) {
  constexpr std::string_view kDeleted = " (deleted)";
  std::vector<MapLine> files;
  std::set<std::pair<std::string, std::uint64_t>> known;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    MapLine file;
    file.range = NextField(line);
    NextField(line);  // permissions
    NextField(line);  // offset
    file.device = NextField(line);
    const auto inode = ParseUint(NextField(line));
    const std::size_t path = line.find_first_not_of(' ');
    if (!inode || *inode == 0 || path == line.npos || line[path] != '/') continue;
    if (file.range.find('-') == file.range.npos) continue;
    file.inode = *inode;
    line.remove_prefix(path);
    file.deleted = line.ends_with(kDeleted);
    if (file.deleted) line.remove_suffix(kDeleted.size());
    file.path = Unescaped(line);
    if (!known.emplace(file.device, file.inode).second) continue;
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace weighbridge
