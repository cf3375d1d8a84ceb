// A bounded reader of bbolt databases (etcd-io/bbolt: internal/common page.go, meta.go,
// bucket.go), in which containerd keeps the names of images and snapshots. It takes no
// lock and reads nothing but the ByteSource: pages are bounded by the file, each is
// charged to a budget of as many pages as the file has, so that a cycle ends.
//
//   auto meta = FindBoltMeta(source);
//   Status status = WalkBolt(source, meta.value(), visitor);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

namespace weighbridge {

// What the newer intact of the two meta pages says.
struct BoltMeta {
  std::uint64_t page_size = 0;  // bytes
  std::uint64_t root = 0;       // page of the root bucket
  std::uint64_t transaction = 0;
};

// Chooses what is read; `path` holds the keys of the buckets, outermost first.
class BoltVisitor {
 public:
  virtual ~BoltVisitor() = default;
  virtual bool Enter(const std::vector<std::string>& path) = 0;
  virtual void Value(const std::vector<std::string>& path, std::string_view key,
                     ByteSpan value) = 0;
};

// kUnsupported: neither meta page has the magic. kMalformed: none that has it is intact.
Result<BoltMeta> FindBoltMeta(const ByteSource& source);

// Visits all that is sound; the Status is the first fault that was met.
Status WalkBolt(const ByteSource& source, const BoltMeta& meta, BoltVisitor& visitor);

}  // namespace weighbridge
