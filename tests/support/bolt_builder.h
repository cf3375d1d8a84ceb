// Builds bbolt databases for tests, page by page: nested buckets (small ones inline),
// leaves split after a number of elements below branches, overflow, two meta pages.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace weighbridge::test {

struct BoltBucket {
  std::map<std::string, std::string> values;
  std::map<std::string, BoltBucket> buckets;

  BoltBucket& Bucket(const std::string& name) { return buckets[name]; }
  BoltBucket& Put(const std::string& key, const std::string& value) {
    values[key] = value;
    return *this;
  }
};

struct BoltShape {
  std::uint32_t page_size = 4096;
  std::size_t leaf_elements = 64;  // before a bucket gets a branch
  bool inline_buckets = true;
  bool tiny = false;  // every bucket inline, no page for the free list: for seeds
};

class BoltWriter {
 public:
  explicit BoltWriter(BoltShape shape = {}) : shape_(shape), next_(shape.tiny ? 2 : 3) {}

  std::string Build(const BoltBucket& root) {
    const std::uint64_t root_page = WriteBucket(root);
    std::string file = Meta(0, root_page, 7) + Meta(1, root_page, 6);
    if (!shape_.tiny) pages_[2] = Page(2, 0x10, {}, false);
    for (const auto& [id, bytes] : pages_) {
      file.resize(id * shape_.page_size);
      file += bytes;
    }
    return file;
  }

  static std::string Number(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>((value >> (8 * i)) & 0xFF);
    return text;
  }

 private:
  struct Element {
    std::string key;
    std::string value;        // of a leaf
    std::uint64_t page = 0;   // of a branch
    std::uint32_t flags = 0;  // 1: a bucket
  };

  std::string Padded(std::string page) const {
    const std::size_t size = shape_.page_size;
    page.resize((page.size() + size - 1) / size * size);
    return page;
  }

  std::string Meta(std::uint64_t id, std::uint64_t root, std::uint64_t transaction) const {
    std::string body = Number(0xED0CDAED, 4) + Number(2, 4) + Number(shape_.page_size, 4) +
                       Number(0, 4) + Number(root, 8) + Number(0, 8) + Number(2, 8) +
                       Number(next_, 8) + Number(transaction, 8);
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char byte : body) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
    }
    return Padded(Number(id, 8) + Number(4, 2) + Number(0, 2) + Number(0, 4) + body +
                  Number(hash, 8));
  }

  // Header, elements, data; `whole` pads it to pages and says how many follow.
  std::string Page(std::uint64_t id, std::uint16_t flags, const std::vector<Element>& elements,
                   bool whole = true) const {
    std::string heads;
    std::string data;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const Element& element = elements[i];
      const std::size_t position = (elements.size() - i) * 16 + data.size();
      if (flags == 1) {
        heads += Number(position, 4) + Number(element.key.size(), 4) + Number(element.page, 8);
        data += element.key;
      } else {
        heads += Number(element.flags, 4) + Number(position, 4) + Number(element.key.size(), 4) +
                 Number(element.value.size(), 4);
        data += element.key + element.value;
      }
    }
    const std::size_t bytes = 16 + heads.size() + data.size();
    const std::size_t overflow = whole ? (bytes - 1) / shape_.page_size : 0;
    const std::string page = Number(id, 8) + Number(flags, 2) + Number(elements.size(), 2) +
                             Number(overflow, 4) + heads + data;
    return whole ? Padded(page) : page;
  }

  std::uint64_t Place(std::uint16_t flags, const std::vector<Element>& elements) {
    const std::uint64_t id = next_;
    std::string page = Page(id, flags, elements);
    next_ += page.size() / shape_.page_size;
    pages_[id] = std::move(page);
    return id;
  }

  std::uint64_t WriteElements(const std::vector<Element>& elements) {
    if (elements.size() <= shape_.leaf_elements) return Place(2, elements);
    std::vector<Element> branch;
    for (std::size_t i = 0; i < elements.size(); i += shape_.leaf_elements) {
      const std::size_t end = std::min(elements.size(), i + shape_.leaf_elements);
      const std::vector<Element> part(elements.begin() + static_cast<std::ptrdiff_t>(i),
                                      elements.begin() + static_cast<std::ptrdiff_t>(end));
      branch.push_back({part[0].key, {}, Place(2, part), 0});
    }
    return Place(1, branch);
  }

  std::vector<Element> Elements(const BoltBucket& bucket) {
    std::map<std::string, Element> sorted;
    for (const auto& [key, value] : bucket.values) sorted[key] = {key, value, 0, 0};
    for (const auto& [key, child] : bucket.buckets) {
      const bool small = shape_.tiny || (shape_.inline_buckets && child.buckets.empty() &&
                                         child.values.size() < 8);
      const std::string value =
          small ? Number(0, 8) + Number(0, 8) + Page(0, 2, Elements(child), false)
                : Number(WriteBucket(child), 8) + Number(0, 8);
      sorted[key] = {key, value, 0, 1};
    }
    std::vector<Element> elements;
    for (auto& [key, element] : sorted) elements.push_back(std::move(element));
    return elements;
  }

  std::uint64_t WriteBucket(const BoltBucket& bucket) { return WriteElements(Elements(bucket)); }

  BoltShape shape_;
  std::uint64_t next_;
  std::map<std::uint64_t, std::string> pages_;
};

inline std::string BuildBolt(const BoltBucket& root, BoltShape shape = {}) {
  return BoltWriter(shape).Build(root);
}

// v1/<namespace>/images/<name>/target/digest, as containerd's meta.db has it.
inline void PutImage(BoltBucket& root, const std::string& space, const std::string& name,
                     const std::string& digest) {
  BoltBucket& image = root.Bucket("v1").Bucket(space).Bucket("images").Bucket(name);
  image.Put("createdat", "0123456789abcde")
      .Bucket("target")
      .Put("digest", digest)
      .Put("mediatype", "application/vnd.oci.image.manifest.v1+json")
      .Put("size", "\x10");
}

// v1/snapshots/<key>, as a snapshotter's metadata.db has it. `id` below 2^14.
inline void PutSnapshot(BoltBucket& root, const std::string& key, unsigned id,
                        const std::string& parent = {}) {
  BoltBucket& snapshot = root.Bucket("v1").Bucket("snapshots").Bucket(key);
  std::string varint(1, static_cast<char>(id & 0x7F));
  if (id >= 0x80) {
    varint[0] = static_cast<char>(varint[0] | '\x80');
    varint += static_cast<char>(id >> 7);
  }
  snapshot.Put("id", varint).Put("kind", "\x03");
  if (!parent.empty()) snapshot.Put("parent", parent);
}

}  // namespace weighbridge::test
