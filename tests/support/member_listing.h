// Opens an archive held in memory and writes down one line per event of the visit.
#pragma once

#include <string>
#include <vector>

#include "scanner/archive/members.h"

namespace weighbridge::test {

using Lines = std::vector<std::string>;

class Listing final : public MemberVisitor {
 public:
  void OnMember(const Member& member) override {
    std::string line = member.name;
    if (member.measure) {
      auto size = member.measure();
      if (!size.ok()) {
        lines.push_back(line + " ! " + size.error().message);
        return;
      }
      member.stream->SetSize(size.value());
    }
    auto bytes = ReadExactly(member.source, 0, member.source.size());
    line += bytes.ok() ? "=" + std::string(AsText(bytes.value())) : " ! " + bytes.error().message;
    if (member.offset) line += " in place";
    lines.push_back(line);
  }
  void OnLink(const MemberLink& link) override {
    lines.push_back(link.name + (link.hard ? " => " : " -> ") + link.target);
  }
  void OnDirectory(const std::string& name) override { lines.push_back(name + " (folder)"); }
  void OnSpecial(const std::string& name) override { lines.push_back(name + " (special)"); }
  void OnWhiteout(const std::string& name) override { lines.push_back(name + " (whiteout)"); }
  void OnRefused(const std::string& name, const Error& error) override {
    lines.push_back(name + " refused: " + error.message);
  }
  Lines lines;
};

inline Lines List(const std::string& bytes, const std::string& name = "archive",
                  const Limits& limits = {}) {
  const MemorySource source(bytes);
  Listing listing;
  const auto packing = FindPacking(AsBytes(std::string_view(bytes).substr(0, 512)));
  if (!packing) return {"not an archive"};
  ArchiveBudget budget(limits, bytes.size(), {});
  const Status status = VisitMembers({source, name, nullptr, nullptr}, *packing, budget, listing);
  if (!status.ok()) listing.lines.push_back("error: " + status.error().message);
  return listing.lines;
}

}  // namespace weighbridge::test
