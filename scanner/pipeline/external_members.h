// Members of one archive that hold the tensors of another member: ONNX external data.
// They say nothing by themselves, and which are spoken of is known only at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace weighbridge {

struct ExternalMember {
  std::string name;
  std::uint64_t size = 0;               // bytes
  std::optional<std::uint64_t> offset;  // in the archive, when it lies there as it is
};

class ExternalMembers {
 public:
  // A member that nothing recognised. Only so many are remembered.
  void Saw(const std::string& name, std::uint64_t size, std::optional<std::uint64_t> offset);
  // `member` speaks of files beside it.
  void Wanted(const std::string& member, const std::vector<std::string>& files);
  // Those that were both seen and wanted, in the order of the names.
  std::vector<ExternalMember> Found() const;

 private:
  struct Seen {
    std::uint64_t size = 0;
    std::optional<std::uint64_t> offset;
  };
  std::unordered_map<std::size_t, Seen> seen_;  // by the hash of the plain name
  std::vector<std::string> wanted_;             // as the speaking member is spelled
};

}  // namespace weighbridge
