// Opening a container: every member in turn, given to a visitor as a ByteSource.
// Members whose bytes lie as they are in the container are windows of it; the others
// are streams that can be read at any offset at the cost of what is read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "scanner/archive/spool.h"
#include "weighbridge/result.h"

namespace weighbridge {

// How a container is packed, found from its first bytes.
enum class Packing { kZip, kTar, kCpio, kAr, k7zip, kCompressed, kSquashfs, kSif };

struct Member {
  const std::string& name;  // raw, as the archive spells it
  const ByteSource& source;
  std::optional<std::uint64_t> offset;  // in the container, when the bytes lie there as they are
  SpooledSource* stream = nullptr;      // the source, when it is a stream
  // Set when the stream's size is not known before its end: finds it.
  std::function<Result<std::uint64_t>()> measure;
};

struct MemberLink {
  const std::string& name;
  std::string target;
  bool hard = false;
};

// Called in the archive's order, from one thread.
class MemberVisitor {
 public:
  virtual ~MemberVisitor() = default;
  virtual void OnMember(const Member& member) = 0;
  virtual void OnLink(const MemberLink& link) = 0;
  virtual void OnDirectory(const std::string& name) = 0;
  virtual void OnSpecial(const std::string& name) = 0;  // device, FIFO, socket
  // A character device 0:0, by which an overlay file system deletes `name` of the layers
  // below. Of squashfs only.
  virtual void OnWhiteout(const std::string& name) { OnSpecial(name); }
  // A folder, also given to OnDirectory, that hides what the layers below have in it.
  virtual void OnOpaque(const std::string&) {}
  // A member that cannot be read, with the reason.
  virtual void OnRefused(const std::string& name, const Error& error) = 0;
};

struct Container {
  const ByteSource& source;
  std::string name;                 // last component; names what a bare compression holds
  SpooledSource* stream = nullptr;  // the source, when it is a stream: read front to back
  // Set: sees every byte below the compression, to the end. Only of an archive in a
  // compressed stream.
  TeeStream::Observer content;
};

// What the bytes of a container are packed with; nothing for anything else.
std::optional<Packing> FindPacking(ByteSpan head);

// Visits every member. An error ends the reading of this container: damage, or the
// budget.
Status VisitMembers(const Container& container, Packing packing, ArchiveBudget& budget,
                    MemberVisitor& visitor);

// The parts of VisitMembers.
Status VisitZip(const Container& container, ArchiveBudget& budget, MemberVisitor& visitor);
Status VisitArchive(const Container& container, Packing packing, ArchiveBudget& budget,
                    MemberVisitor& visitor);
Status VisitArchiveStream(Stream& stream, Packing packing, ArchiveBudget& budget,
                          MemberVisitor& visitor);
Status VisitSquashfs(const Container& container, ArchiveBudget& budget, MemberVisitor& visitor);
Status VisitSif(const Container& container, ArchiveBudget& budget, MemberVisitor& visitor);
Status VisitCompressed(const Container& container, ArchiveBudget& budget, MemberVisitor& visitor);

}  // namespace weighbridge
