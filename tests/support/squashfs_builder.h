// Builds squashfs 4.0 images for tests, table by table, stored or with zlib, including
// wrong ones.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <zlib.h>

namespace weighbridge::test {

struct SquashfsNode {
  std::string name;
  char type = 'f';        // f file, d folder, l link, b c p s as find(1) has them
  std::string data = {};  // content of a file, target of a link
  std::vector<SquashfsNode> children = {};
  bool extended = false;          // the extended inode
  std::int64_t stated_size = -1;  // -1: data.size()
  std::uint32_t links = 1;
  std::uint32_t device = 0x103;           // of b and c
  std::uint32_t attributes = 0xFFFFFFFF;  // of an extended folder
  std::int64_t reference = -1;            // an entry for this inode; nothing else is written
};

struct SquashfsOptions {
  std::uint32_t block_size = 4096;
  std::uint16_t compressor = 1;
  bool compress = true;   // with zlib, whatever `compressor` says
  bool fragments = true;  // tails share blocks
  bool holes = true;      // blocks of zeros are not written
};

class SquashfsBuilder {
 public:
  explicit SquashfsBuilder(const SquashfsOptions& options = {}) : options_(options) {}

  std::string Build(const std::vector<SquashfsNode>& children) {
    out_.assign(96, '\0');
    SquashfsNode root;
    root.type = 'd';
    root.children = children;
    CollectData(root);
    FlushFragment();
    root_ = Write(root);
    const std::uint64_t inode_table = out_.size();
    out_ += inodes_.Finish(options_);
    const std::uint64_t directory_table = out_.size();
    out_ += listings_.Finish(options_);
    const std::uint64_t fragment_table = WriteIndexed(fragments_);
    const std::uint64_t id_table = WriteIndexed(Le(0, 4));
    std::string super = "hsqs" + Le(inode_count_, 4) + Le(0, 4) + Le(options_.block_size, 4) +
                        Le(fragments_.size() / 16, 4) + Le(options_.compressor, 2) +
                        Le(Log2(options_.block_size), 2) + Le(0, 2) + Le(1, 2) + Le(4, 2) +
                        Le(0, 2) + Le(root_, 8) + Le(out_.size(), 8) + Le(id_table, 8) +
                        Le(~std::uint64_t{0}, 8) + Le(inode_table, 8) + Le(directory_table, 8) +
                        Le(fragment_table, 8) + Le(~std::uint64_t{0}, 8);
    out_.replace(0, 96, super);
    return std::move(out_);
  }

  // Of the last image built.
  std::uint64_t root() const { return root_; }

  static std::string Le(std::uint64_t value, unsigned count) {
    std::string text;
    for (unsigned i = 0; i < count; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
  }

 private:
  static std::string Zlib(const std::string& data) {
    uLongf size = compressBound(static_cast<uLong>(data.size()));
    std::string packed(size, '\0');
    if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                  reinterpret_cast<const Bytef*>(data.data()), static_cast<uLong>(data.size()),
                  9) != Z_OK) {
      std::abort();
    }
    packed.resize(size);
    return packed;
  }

  // A table: content so far, and the blocks written of it.
  struct Table {
    std::string blocks;
    std::string open;
    std::uint64_t Place() const { return std::uint64_t{blocks.size()} << 16 | open.size(); }
    void Add(const std::string& bytes, const SquashfsOptions& options) {
      open += bytes;
      while (open.size() >= 8192) {
        blocks += Block(open.substr(0, 8192), options);
        open.erase(0, 8192);
      }
    }
    std::string Finish(const SquashfsOptions& options) {
      if (!open.empty()) blocks += Block(open, options);
      return blocks;
    }
    static std::string Block(const std::string& bytes, const SquashfsOptions& options) {
      const std::string packed = options.compress ? Zlib(bytes) : bytes;
      if (packed.size() < bytes.size()) return Le(packed.size(), 2) + packed;
      return Le(bytes.size() | 0x8000, 2) + bytes;
    }
  };

  struct Stored {
    std::uint64_t start = 0;
    std::uint32_t fragment = 0xFFFFFFFF;
    std::uint32_t fragment_offset = 0;
    std::string sizes;
  };

  static unsigned Log2(std::uint32_t value) {
    unsigned log = 0;
    while (value > 1) {
      value >>= 1;
      ++log;
    }
    return log;
  }

  std::uint64_t AddBlock(const std::string& bytes) {
    if (options_.compress) {
      const std::string packed = Zlib(bytes);
      if (packed.size() < bytes.size()) {
        out_ += packed;
        return packed.size();
      }
    }
    out_ += bytes;
    return bytes.size() | 1U << 24;
  }

  void CollectData(const SquashfsNode& node) {
    for (const SquashfsNode& child : node.children) CollectData(child);
    if (node.type != 'f' || node.reference >= 0) return;
    Stored stored;
    stored.start = out_.size();
    std::size_t at = 0;
    while (at < node.data.size()) {
      const std::string block = node.data.substr(at, options_.block_size);
      at += block.size();
      if (options_.fragments && block.size() < options_.block_size) {
        if (fragment_.size() + block.size() > options_.block_size) FlushFragment();
        stored.fragment = static_cast<std::uint32_t>(fragments_.size() / 16);
        stored.fragment_offset = static_cast<std::uint32_t>(fragment_.size());
        fragment_ += block;
      } else if (options_.holes && block.find_first_not_of('\0') == block.npos) {
        stored.sizes += Le(0, 4);
      } else {
        stored.sizes += Le(AddBlock(block), 4);
      }
    }
    stored_.push_back(std::move(stored));
  }

  // A fragment belongs behind the blocks of the file that is being written only because
  // its index, not its place, is in the inode.
  void FlushFragment() {
    if (fragment_.empty()) return;
    std::uint64_t at = out_.size();
    const std::uint64_t size = AddBlock(fragment_);
    fragments_ += Le(at, 8) + Le(size, 4) + Le(0, 4);
    fragment_.clear();
  }

  std::uint64_t Write(const SquashfsNode& node) {
    if (node.reference >= 0) return static_cast<std::uint64_t>(node.reference);
    std::string more;
    if (node.type == 'd') more = FolderFields(node);
    if (node.type == 'f') more = FileFields(node);
    if (node.type == 'l') more = Le(node.links, 4) + Le(node.data.size(), 4) + node.data;
    if (node.type == 'b' || node.type == 'c') more = Le(1, 4) + Le(node.device, 4);
    if (node.type == 'p' || node.type == 's') more = Le(1, 4);
    const std::uint64_t place = inodes_.Place();
    const std::string types = "dflbcps";
    const std::uint64_t type = types.find(node.type) + 1 + (node.extended ? 7 : 0);
    if (node.extended && node.type != 'd' && node.type != 'f') more += Le(0xFFFFFFFF, 4);
    inodes_.Add(Le(type, 2) + Le(0644, 2) + Le(0, 8) + Le(++inode_count_, 4) + more, options_);
    return place;
  }

  std::string FileFields(const SquashfsNode& node) {
    const Stored& stored = stored_[next_stored_++];
    const std::uint64_t size =
        node.stated_size >= 0 ? static_cast<std::uint64_t>(node.stated_size) : node.data.size();
    if (node.extended) {
      return Le(stored.start, 8) + Le(size, 8) + Le(0, 8) + Le(node.links, 4) +
             Le(stored.fragment, 4) + Le(stored.fragment_offset, 4) + Le(0xFFFFFFFF, 4) +
             stored.sizes;
    }
    return Le(stored.start, 4) + Le(stored.fragment, 4) + Le(stored.fragment_offset, 4) +
           Le(size, 4) + stored.sizes;
  }

  std::string FolderFields(const SquashfsNode& node) {
    std::vector<std::uint64_t> places;
    for (const SquashfsNode& child : node.children) places.push_back(Write(child));
    const std::uint64_t place = listings_.Place();
    std::string listing;
    for (std::size_t i = 0; i < places.size();) {
      std::size_t end = i;
      while (end < places.size() && end - i < 256 && places[end] >> 16 == places[i] >> 16) ++end;
      listing += Le(end - i - 1, 4) + Le(places[i] >> 16, 4) + Le(0, 4);
      for (; i < end; ++i) {
        const std::string& name = node.children[i].name;
        listing += Le(places[i] & 0xFFFF, 2) + Le(0, 4) + Le(name.size() - 1, 2) + name;
      }
    }
    listings_.Add(listing, options_);
    const std::uint64_t size = listing.size() + 3;
    if (node.extended) {
      return Le(node.links, 4) + Le(size, 4) + Le(place >> 16, 4) + Le(0, 4) + Le(0, 2) +
             Le(place & 0xFFFF, 2) + Le(node.attributes, 4);
    }
    return Le(place >> 16, 4) + Le(node.links, 4) + Le(size, 2) + Le(place & 0xFFFF, 2) + Le(0, 4);
  }

  // Blocks of a table and the list of their places; where that list is.
  std::uint64_t WriteIndexed(const std::string& content) {
    std::string index;
    for (std::size_t at = 0; at < content.size(); at += 8192) {
      index += Le(out_.size(), 8);
      out_ += Table::Block(content.substr(at, 8192), options_);
    }
    const std::uint64_t place = out_.size();
    out_ += index;
    return place;
  }

  const SquashfsOptions options_;
  std::string out_;
  std::string fragment_;
  std::string fragments_;  // entries
  std::vector<Stored> stored_;
  std::size_t next_stored_ = 0;
  Table inodes_;
  Table listings_;
  std::uint64_t inode_count_ = 0;
  std::uint64_t root_ = 0;
};

inline std::string BuildSquashfs(const std::vector<SquashfsNode>& children,
                                 const SquashfsOptions& options = {}) {
  return SquashfsBuilder(options).Build(children);
}

}  // namespace weighbridge::test
