// squashfs, folder by folder in the order of its listings: files are read at any
// offset, those that lie as they are in the image in place.
#include <unordered_map>
#include <unordered_set>

#include "scanner/archive/members.h"
#include "scanner/archive/squashfs_attributes.h"
#include "scanner/archive/squashfs_file.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxLinkTarget = 4096;      // PATH_MAX
constexpr std::size_t kMaxPath = 4096;              // bytes; bounds what deep folders cost
constexpr std::size_t kMaxHardLinkNames = 4 << 20;  // bytes kept to tell hard links

class SquashfsVisit {
 public:
  SquashfsVisit(SquashfsImage& image, bool in_place, MemberVisitor& visitor)
      : image_(image), in_place_(in_place), visitor_(visitor) {}

  Status Run() {
    auto root = ReadSquashfsInode(image_, image_.super().root_inode);
    if (!root.ok()) return std::move(root).error();
    if (root.value().kind != SquashfsInode::Kind::kDirectory) {
      return Error{ErrorCode::kMalformed, "the root inode is no folder"};
    }
    folders_seen_.insert(image_.super().root_inode);
    CheckAttributes(root.value());
    levels_.push_back({SquashfsListing(image_, root.value()), 0});
    while (!levels_.empty()) {
      path_.resize(levels_.back().path);
      auto next = levels_.back().listing.Next();
      if (budget().spent()) return budget().error();
      if (!next.ok()) {
        if (levels_.size() == 1) return std::move(next).error();
        visitor_.OnRefused(path_, next.error());
        levels_.pop_back();
        continue;
      }
      if (!next.value()) {
        levels_.pop_back();
        continue;
      }
      if (!budget().CountMember()) return budget().error();
      Visit(*next.value());
      if (budget().spent()) return budget().error();
    }
    return {};
  }

 private:
  struct Level {
    SquashfsListing listing;
    std::size_t path;  // its length, with the slash
  };

  ArchiveBudget& budget() { return image_.budget(); }

  void Visit(const SquashfsEntry& entry) {
    path_ += entry.name;
    if (path_.size() > kMaxPath) {
      visitor_.OnRefused(
          path_.substr(0, 100),
          {ErrorCode::kLimitExceeded, "path of more than " + std::to_string(kMaxPath) + " bytes"});
      return;
    }
    auto inode = ReadSquashfsInode(image_, entry.inode);
    if (!inode.ok()) {
      visitor_.OnRefused(path_, inode.error());
      return;
    }
    switch (inode.value().kind) {
      case SquashfsInode::Kind::kDirectory: Enter(entry, inode.value()); return;
      case SquashfsInode::Kind::kFile: VisitFile(entry, inode.value()); return;
      case SquashfsInode::Kind::kLink: VisitLink(inode.value()); return;
      case SquashfsInode::Kind::kWhiteout: visitor_.OnWhiteout(path_); return;
      case SquashfsInode::Kind::kSpecial: visitor_.OnSpecial(path_); return;
    }
  }

  // A folder has one name: one that is met again would be a loop or a bomb.
  void Enter(const SquashfsEntry& entry, const SquashfsInode& inode) {
    if (!folders_seen_.insert(entry.inode).second) {
      visitor_.OnRefused(path_, {ErrorCode::kMalformed, "folder that is listed a second time"});
      return;
    }
    const std::size_t deepest = budget().limits().max_directory_depth;
    if (levels_.size() > deepest) {
      visitor_.OnRefused(path_, {ErrorCode::kLimitExceeded,
                                 "deeper than " + std::to_string(deepest) + " folders"});
      return;
    }
    path_ += '/';
    visitor_.OnDirectory(path_);
    CheckAttributes(inode);
    levels_.push_back({SquashfsListing(image_, inode), path_.size()});
  }

  void CheckAttributes(const SquashfsInode& folder) {
    if (folder.attributes == SquashfsInode::kNoAttributes) return;
    const auto opaque = IsOpaque(image_, folder.attributes);
    if (!opaque.ok()) visitor_.OnRefused(path_, opaque.error());
    if (opaque.ok() && opaque.value()) visitor_.OnOpaque(path_);
  }

  void VisitLink(const SquashfsInode& inode) {
    if (inode.size > kMaxLinkTarget) {
      visitor_.OnRefused(path_, {ErrorCode::kMalformed,
                                 "link target of " + std::to_string(inode.size) + " bytes"});
      return;
    }
    std::vector<std::uint8_t> target(static_cast<std::size_t>(inode.size));
    SquashfsPlace place = inode.more;
    Status read = image_.ReadTable(place, target);
    if (!read.ok()) {
      visitor_.OnRefused(path_, read.error());
      return;
    }
    visitor_.OnLink({path_, std::string(AsText(target)), false});
  }

  // The first name of a file that has several, "" for the first or only one.
  std::string FirstName(const SquashfsEntry& entry, const SquashfsInode& inode) {
    if (inode.links < 2) return {};
    const auto found = first_names_.find(entry.inode);
    if (found != first_names_.end()) return found->second;
    if (name_bytes_ + path_.size() <= kMaxHardLinkNames) {
      name_bytes_ += path_.size();
      first_names_.emplace(entry.inode, path_);
    }
    return {};
  }

  void VisitFile(const SquashfsEntry& entry, const SquashfsInode& inode) {
    std::string first = FirstName(entry, inode);
    if (!first.empty()) {
      visitor_.OnLink({path_, std::move(first), true});
      return;
    }
    auto file = SquashfsFile::Open(image_, inode);
    if (!file.ok()) {
      visitor_.OnRefused(path_, file.error());
      return;
    }
    const auto place = file.value().FindInPlace();
    if (!place) {
      visitor_.OnMember({path_, file.value(), std::nullopt, nullptr, nullptr});
      return;
    }
    if (!CountInPlace(inode.size)) return;
    const SliceSource slice(image_.source(), *place, inode.size);
    visitor_.OnMember({path_, slice, in_place_ ? place : std::nullopt, nullptr, nullptr});
  }

  // More bytes in place than the image has are the same ones under several names, which
  // are read as often.
  bool CountInPlace(std::uint64_t bytes) {
    const std::uint64_t room = image_.super().bytes_used - in_place_bytes_;
    in_place_bytes_ += std::min(bytes, room);
    return bytes <= room || budget().CountExpanded(bytes - room);
  }

  SquashfsImage& image_;
  const bool in_place_;
  MemberVisitor& visitor_;
  std::vector<Level> levels_;
  std::string path_;
  std::unordered_set<std::uint64_t> folders_seen_;
  std::unordered_map<std::uint64_t, std::string> first_names_;
  std::size_t name_bytes_ = 0;
  std::uint64_t in_place_bytes_ = 0;
};

}  // namespace

Status VisitSquashfs(const Container& container, ArchiveBudget& budget, MemberVisitor& visitor) {
  auto super = ReadSquashfsSuper(container.source);
  if (!super.ok()) return std::move(super).error();
  SquashfsImage image(container.source, super.value(), budget);
  return SquashfsVisit(image, container.stream == nullptr, visitor).Run();
}

}  // namespace weighbridge
