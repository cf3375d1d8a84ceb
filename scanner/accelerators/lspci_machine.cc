#include <algorithm>
#include <string>
#include <vector>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/lspci_fields.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxFields = 32;

// Fields are words, or quoted with `\` before a quote or backslash. False when a quote is
// not closed.
bool SplitFields(std::string_view line, std::vector<std::string>& fields) {
  fields.clear();
  for (std::size_t at = 0; at < line.size() && fields.size() < kMaxFields;) {
    if (line[at] == ' ') {
      ++at;
      continue;
    }
    std::string field;
    if (line[at] != '"') {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      fields.emplace_back(line.substr(at, end - at));
      at = end;
      continue;
    }
    for (++at; at < line.size() && line[at] != '"'; ++at) {
      if (line[at] == '\\' && at + 1 < line.size()) ++at;
      field += line[at];
    }
    if (at >= line.size()) return false;
    ++at;
    fields.push_back(std::move(field));
  }
  return true;
}

}  // namespace

bool IsLspciMachine(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  if (!lines.Next(&line)) return false;
  const std::size_t space = line.find(' ');
  if (space == line.npos || !IsSlot(line.substr(0, space))) return false;
  return line.substr(space).starts_with(" \"") && line.find("\" \"") != line.npos;
}

void ParseLspciMachine(std::string_view text, InventorySink& sink) {
  Lines lines(text);
  std::string_view line;
  std::vector<std::string> fields;
  while (lines.Next(&line)) {
    if (Trim(line).empty()) continue;
    if (!SplitFields(line, fields) || fields.size() < 4 || !IsSlot(fields[0])) {
      sink.WarnAt(lines.number(), ErrorCode::kMalformed, "not a function of lspci -mm");
      continue;
    }
    LspciFunction function{.slot = fields[0],
                           .class_field = fields[1],
                           .vendor = fields[2],
                           .device = fields[3],
                           .subsystem_vendor = {},
                           .subsystem_device = {},
                           .revision = {},
                           .interface = {},
                           .driver = {}};
    std::size_t at = 4;
    for (; at < fields.size() && fields[at].starts_with('-'); ++at) {
      const std::string_view option = fields[at];
      if (option.starts_with("-r")) function.revision = option.substr(2);
      if (option.starts_with("-p")) function.interface = option.substr(2);
    }
    if (at + 1 < fields.size()) {
      function.subsystem_vendor = fields[at];
      function.subsystem_device = fields[at + 1];
    }
    AddLspciFunction(function, "lspci-machine", sink);
  }
}

}  // namespace weighbridge
