// Fuzzes the SIF reader, its claims and its members: no input may crash it, place an
// object outside the file, or give claims without bound.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "scanner/archive/members.h"
#include "scanner/formats/sif_claims.h"
#include "scanner/source/sif_directory.h"

namespace {

using namespace weighbridge;

class Reader final : public MemberVisitor {
 public:
  explicit Reader(std::uint64_t container) : container_(container) {}
  void OnMember(const Member& member) override {
    if (!member.offset || *member.offset > container_ ||
        member.source.size() > container_ - *member.offset) {
      std::abort();
    }
    bytes_ += member.source.size();
    if (bytes_ > container_) std::abort();  // no byte belongs to two members
  }
  void OnLink(const MemberLink&) override { std::abort(); }
  void OnDirectory(const std::string&) override { std::abort(); }
  void OnSpecial(const std::string&) override { std::abort(); }
  void OnRefused(const std::string&, const Error& error) override {
    if (error.message.empty()) std::abort();
  }

 private:
  std::uint64_t container_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> bytes(data, data + size);
  const MemorySource source(bytes);
  const Limits limits;
  ArchiveBudget budget(limits, size, {});
  Reader reader(size);
  const Status status = VisitSif({source, "x", nullptr, nullptr}, budget, reader);
  if (!status.ok() && status.error().message.empty()) std::abort();
  ProbeWindow window;
  window.head = bytes;
  window.source = &source;
  window.size = size;
  Artifact artifact;
  DescribeSif(window, artifact);
  if (artifact.claims.size() > 300) std::abort();
  return 0;
}
