// Fuzzes the opening of containers: no input may crash it, hang it, or give more than
// the budget allows.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "scanner/archive/members.h"

namespace {

using namespace weighbridge;

class Reader final : public MemberVisitor {
 public:
  void OnMember(const Member& member) override {
    if (member.measure) {
      auto size = member.measure();
      if (!size.ok()) return;
      member.stream->SetSize(size.value());
    }
    std::vector<std::uint8_t> step(4096);
    for (std::uint64_t offset = 0; offset < (1U << 20);) {
      auto got = member.source.ReadAt(offset, step);
      if (!got.ok() || got.value() == 0) return;
      if (got.value() > step.size()) std::abort();
      offset += got.value();
    }
  }
  void OnLink(const MemberLink&) override {}
  void OnDirectory(const std::string&) override {}
  void OnSpecial(const std::string&) override {}
  void OnRefused(const std::string&, const Error& error) override {
    if (error.message.empty()) std::abort();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemorySource source(std::vector<std::uint8_t>(data, data + size));
  const auto packing = FindPacking(ByteSpan(data, size).first(std::min<std::size_t>(size, 512)));
  if (!packing) return 0;
  Limits limits;
  limits.max_archive_members = 200;
  limits.max_archive_expanded_bytes = 8 << 20;
  limits.max_scratch_bytes = 1 << 20;
  ArchiveBudget budget(limits, size, {});
  Reader reader;
  const Status status =
      VisitMembers({source, "name.gz", nullptr, nullptr}, *packing, budget, reader);
  if (!status.ok() && status.error().message.empty()) std::abort();
  return 0;
}
