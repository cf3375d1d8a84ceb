// Fuzzes the squashfs reader: no input may crash it, hang it, or give more than the
// budget allows. Members are read at their front, their end and across blocks.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "scanner/archive/members.h"

namespace {

using namespace weighbridge;

class Reader final : public MemberVisitor {
 public:
  explicit Reader(std::uint64_t container) : container_(container) {}
  void OnMember(const Member& member) override {
    const std::uint64_t size = member.source.size();
    if (member.offset && (*member.offset > container_ || size > container_ - *member.offset)) {
      std::abort();
    }
    std::vector<std::uint8_t> step(5000);
    for (const std::uint64_t offset :
         {size > 5000 ? size - 5000 : 0, std::uint64_t{0}, std::uint64_t{4095}, size / 2}) {
      auto got = member.source.ReadAt(offset, step);
      if (!got.ok() && got.error().message.empty()) std::abort();
      if (got.ok() && (got.value() > step.size() || (offset < size && got.value() > size - offset)))
        std::abort();
    }
  }
  void OnLink(const MemberLink& link) override {
    if (link.name.size() > 4096 || link.target.size() > 4096) std::abort();
  }
  void OnDirectory(const std::string& name) override {
    if (name.size() > 4097) std::abort();
  }
  void OnSpecial(const std::string&) override {}
  void OnRefused(const std::string&, const Error& error) override {
    if (error.message.empty()) std::abort();
  }

 private:
  std::uint64_t container_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemorySource source(std::vector<std::uint8_t>(data, data + size));
  Limits limits;
  limits.max_archive_members = 200;
  limits.max_archive_expanded_bytes = 8 << 20;
  ArchiveBudget budget(limits, size, {});
  Reader reader(size);
  const Status status = VisitSquashfs({source, "x", nullptr, nullptr}, budget, reader);
  if (!status.ok() && status.error().message.empty()) std::abort();
  return 0;
}
