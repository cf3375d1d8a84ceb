// Data objects of a SIF image, in place. A partition that is no squashfs is refused by
// the name of its file system; a blob of an OCI image has the name that it has in an
// OCI layout, by which the image's documents find it.
#include <array>
#include <set>

#include "scanner/archive/members.h"
#include "scanner/source/sif_directory.h"

namespace weighbridge {
namespace {

std::string PlainName(const SifObject& object) {
  if (!object.digest.empty()) return "blobs/sha256/" + object.digest.substr(7);
  if (!object.name.empty()) return object.name;
  return SifTypeName(object.type) + "-" + std::to_string(object.id);
}

// Names repeat in sound images ("part-signature"): the later ones get their id.
std::string DistinctName(const SifObject& object, std::set<std::string>& taken) {
  std::string name = PlainName(object);
  if (!taken.insert(name).second) {
    name += "-" + std::to_string(object.id);
    taken.insert(name);
  }
  return name;
}

std::optional<Error> Refusal(const SifObject& object) {
  if (!object.located) {
    return Error{ErrorCode::kTruncated, "its " + std::to_string(object.size) + " bytes at " +
                                            std::to_string(object.offset) + " are not in the file"};
  }
  if (object.overlaps) return Error{ErrorCode::kMalformed, "overlaps another member"};
  constexpr std::uint32_t kSquashfs = 1, kArchive = 3;
  if (!object.Is(SifType::kPartition) || object.file_system == kSquashfs ||
      object.file_system == kArchive) {
    return std::nullopt;
  }
  constexpr std::array<const char*, 6> kNames{"", "", "ext3", "", "raw", "encrypted squashfs"};
  const std::uint32_t type = object.file_system;
  if (type < kNames.size() && *kNames[type] != '\0') {
    return Error{ErrorCode::kUnsupported, std::string(kNames[type]) + " partition"};
  }
  return Error{ErrorCode::kUnsupported, "partition of file system type " + std::to_string(type)};
}

}  // namespace

Status VisitSif(const Container& container, ArchiveBudget& budget, MemberVisitor& visitor) {
  auto directory = ReadSifDirectory(container.source);
  if (!directory.ok()) return std::move(directory).error();
  std::set<std::string> taken;
  for (const SifObject& object : directory.value().objects) {
    if (!budget.CountMember()) return budget.error();
    const std::string name = DistinctName(object, taken);
    if (const auto refusal = Refusal(object)) {
      visitor.OnRefused(name, *refusal);
      continue;
    }
    const SliceSource bytes(container.source, object.offset, object.size);
    const bool in_place = container.stream == nullptr;
    visitor.OnMember(
        {name, bytes, in_place ? std::optional(object.offset) : std::nullopt, nullptr, nullptr});
    if (budget.spent()) return budget.error();
  }
  if (directory.value().cut) return *directory.value().cut;
  return {};
}

}  // namespace weighbridge
