// Page: id u64, flags u16, count u16, overflow u32 (further pages that belong to it),
// then `count` elements of 16 bytes, whose `pos` counts from their own beginning.
//   branch element: pos u32, key size u32, page u64
//   leaf element:   flags u32 (1: a bucket), pos u32, key size u32, value size u32
// Bucket (value of a leaf element): root page u64, sequence u64; root 0: its only page
// follows at once. Meta (after a page header): magic u32, version u32, page size u32,
// flags u32, root bucket, freelist u64, pages u64, transaction u64, FNV-1a u64 of these.
#include "scanner/sidecars/bolt_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scanner/base/byte_reader.h"

namespace weighbridge {
namespace {

constexpr std::uint32_t kMagic = 0xED0CDAED;
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kPageHeader = 16;
constexpr std::size_t kElement = 16;
constexpr std::size_t kBucketHeader = 16;
constexpr std::size_t kMetaBytes = kPageHeader + 64;
constexpr std::uint64_t kSmallestPage = 1024;
constexpr std::uint64_t kLargestPage = 65'536;
constexpr std::uint64_t kMaxRunBytes = 4ULL << 20;    // one page with its overflow
constexpr std::uint64_t kMaxHeldBytes = 32ULL << 20;  // of all pages on the way to one value
constexpr std::uint64_t kMaxPages = 1ULL << 18;
constexpr std::uint64_t kMaxElements = 1ULL << 20;
constexpr unsigned kMaxDepth = 48;  // pages on the way to one value
constexpr std::size_t kMaxBuckets = 8;
constexpr std::size_t kMaxKey = 4096;
constexpr std::uint16_t kBranch = 1;
constexpr std::uint16_t kLeaf = 2;
constexpr std::uint32_t kIsBucket = 1;

std::uint64_t Fnv1a(ByteSpan bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3ULL;
  return hash;
}

enum class Found { kNothing, kMagicOnly, kIntact };

Found ReadMeta(const ByteSource& source, std::uint64_t offset, BoltMeta& meta) {
  if (offset >= source.size()) return Found::kNothing;
  auto bytes =
      ReadExactly(source, offset, std::min<std::uint64_t>(kMetaBytes, source.size() - offset));
  if (!bytes.ok()) return Found::kNothing;
  ByteReader reader(bytes.value());
  reader.Skip(kPageHeader, "page header");
  const auto magic = reader.ReadLe<std::uint32_t>("magic");
  if (!reader.ok() || magic != kMagic) return Found::kNothing;
  const auto version = reader.ReadLe<std::uint32_t>("version");
  meta.page_size = reader.ReadLe<std::uint32_t>("page size");
  reader.Skip(4, "flags");
  meta.root = reader.ReadLe<std::uint64_t>("root");
  reader.Skip(8 + 8 + 8, "sequence, freelist, pages");
  meta.transaction = reader.ReadLe<std::uint64_t>("transaction");
  const auto checksum = reader.ReadLe<std::uint64_t>("checksum");
  if (!reader.ok() || version != kVersion) return Found::kMagicOnly;
  const ByteSpan covered = ByteSpan(bytes.value()).subspan(kPageHeader, 56);
  const bool power = (meta.page_size & (meta.page_size - 1)) == 0;
  if (meta.page_size < kSmallestPage || meta.page_size > kLargestPage || !power ||
      checksum != Fnv1a(covered)) {
    return Found::kMagicOnly;
  }
  return Found::kIntact;
}

class Walker {
 public:
  Walker(const ByteSource& source, const BoltMeta& meta, BoltVisitor& visitor)
      : source_(source),
        page_size_(meta.page_size),
        file_pages_(source.size() / meta.page_size),
        pages_left_(std::min(file_pages_, kMaxPages)),
        elements_left_(std::min(source.size() / kElement, kMaxElements)),
        visitor_(visitor) {}

  Status Run(std::uint64_t root) {
    ReadPage(root, 0);
    return fault_;
  }

 private:
  void Fault(std::uint64_t page, const std::string& what, ErrorCode code = ErrorCode::kMalformed) {
    if (fault_.ok()) fault_ = Error{code, "page " + std::to_string(page) + ": " + what};
  }

  bool ReadPage(std::uint64_t id, unsigned depth) {
    if (depth > kMaxDepth) return Fail(id, "nested too deep", ErrorCode::kLimitExceeded);
    if (pages_left_ == 0) {
      return Fail(id, "more pages than the file has", ErrorCode::kLimitExceeded);
    }
    if (id < 2 || id >= file_pages_) return Fail(id, "lies beyond the end of the file");
    auto head = ReadExactly(source_, id * page_size_, kPageHeader);
    if (!head.ok()) return Fail(id, head.error().message, head.error().code);
    ByteReader reader(head.value());
    const auto own_id = reader.ReadLe<std::uint64_t>("id");
    reader.Skip(4, "flags, count");
    const std::uint64_t run = 1 + std::uint64_t{reader.ReadLe<std::uint32_t>("overflow")};
    if (own_id != id) return Fail(id, "says that it is page " + std::to_string(own_id));
    if (run > file_pages_ - id) return Fail(id, "its overflow lies beyond the end of the file");
    const std::uint64_t bytes = run * page_size_;
    if (run > pages_left_) {
      return Fail(id, "more pages than the file has", ErrorCode::kLimitExceeded);
    }
    if (bytes > kMaxRunBytes || held_ > kMaxHeldBytes - bytes) {
      return Fail(id, "too long", ErrorCode::kLimitExceeded);
    }
    pages_left_ -= run;
    held_ += bytes;
    auto page = ReadExactly(source_, id * page_size_, bytes);
    if (page.ok()) {
      Visit(page.value(), id, depth);
    } else {
      Fault(id, page.error().message, page.error().code);
    }
    held_ -= bytes;
    return page.ok();
  }

  bool Fail(std::uint64_t page, const std::string& what, ErrorCode code = ErrorCode::kMalformed) {
    Fault(page, what, code);
    return false;
  }

  void Visit(ByteSpan page, std::uint64_t id, unsigned depth) {
    ByteReader reader(page);
    reader.Skip(8, "id");
    const auto flags = reader.ReadLe<std::uint16_t>("flags");
    const auto count = reader.ReadLe<std::uint16_t>("count");
    if (!reader.ok()) return Fault(id, "shorter than its header");
    if (flags != kBranch && flags != kLeaf) return Fault(id, "neither a branch nor a leaf");
    if (count > (page.size() - kPageHeader) / kElement) {
      return Fault(id, "more elements than fit into it");
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (elements_left_ == 0) {
        return Fault(id, "more elements than the file has room for", ErrorCode::kLimitExceeded);
      }
      --elements_left_;
      const ByteSpan rest = page.subspan(kPageHeader + i * kElement);
      if (flags == kBranch) {
        ByteReader element(rest);
        element.Skip(8, "key");
        ReadPage(element.ReadLe<std::uint64_t>("page"), depth + 1);
      } else {
        Leaf(rest, id, depth);
      }
    }
  }

  // `rest`: from the element to the end of its page.
  void Leaf(ByteSpan rest, std::uint64_t id, unsigned depth) {
    ByteReader element(rest);
    const auto flags = element.ReadLe<std::uint32_t>("flags");
    const std::uint64_t position = element.ReadLe<std::uint32_t>("position");
    const std::uint64_t key_size = element.ReadLe<std::uint32_t>("key size");
    const std::uint64_t value_size = element.ReadLe<std::uint32_t>("value size");
    if (position > rest.size() || key_size + value_size > rest.size() - position) {
      return Fault(id, "an element lies beyond its end");
    }
    const ByteSpan key = rest.subspan(position, key_size);
    const ByteSpan value = rest.subspan(position + key_size, value_size);
    if (key.size() > kMaxKey) return;
    const std::string name(key.begin(), key.end());
    if ((flags & kIsBucket) == 0) return visitor_.Value(path_, name, value);
    Bucket(name, value, id, depth);
  }

  void Bucket(const std::string& name, ByteSpan value, std::uint64_t id, unsigned depth) {
    if (value.size() < kBucketHeader) return Fault(id, "a bucket is shorter than its header");
    if (path_.size() >= kMaxBuckets) return Fault(id, "nested too deep", ErrorCode::kLimitExceeded);
    path_.push_back(name);
    if (visitor_.Enter(path_)) {
      ByteReader header(value);
      const auto root = header.ReadLe<std::uint64_t>("root");
      if (root != 0) {
        ReadPage(root, depth + 1);
      } else if (value.size() < kBucketHeader + kPageHeader) {
        Fault(id, "a bucket is shorter than its page");
      } else if (depth >= kMaxDepth) {
        Fault(id, "nested too deep", ErrorCode::kLimitExceeded);
      } else {
        Visit(value.subspan(kBucketHeader), id, depth + 1);
      }
    }
    path_.pop_back();
  }

  const ByteSource& source_;
  const std::uint64_t page_size_;
  const std::uint64_t file_pages_;
  std::uint64_t pages_left_;
  std::uint64_t elements_left_;
  std::uint64_t held_ = 0;
  BoltVisitor& visitor_;
  std::vector<std::string> path_;
  Status fault_;
};

}  // namespace

Result<BoltMeta> FindBoltMeta(const ByteSource& source) {
  BoltMeta best;
  bool intact = false;
  bool magic = false;
  const auto look = [&](std::uint64_t offset) {
    BoltMeta meta;
    const Found found = ReadMeta(source, offset, meta);
    magic |= found != Found::kNothing;
    if (found != Found::kIntact || (offset != 0 && meta.page_size != offset)) return;
    if (!intact || meta.transaction > best.transaction) best = meta;
    intact = true;
  };
  look(0);
  for (std::uint64_t size = kSmallestPage; size <= kLargestPage; size *= 2) look(size);
  if (intact) return best;
  if (magic) return Error{ErrorCode::kMalformed, "neither meta page is intact"};
  return Error{ErrorCode::kUnsupported, "no meta page of bbolt"};
}

Status WalkBolt(const ByteSource& source, const BoltMeta& meta, BoltVisitor& visitor) {
  return Walker(source, meta, visitor).Run(meta.root);
}

}  // namespace weighbridge
