// Where readers of a zip may disagree: local headers against central records, names,
// overlaps.
#include <algorithm>
#include <numeric>

#include "scanner/source/zip_reader.h"

namespace weighbridge {

using namespace zip;

void ZipDirectoryReader::CompareLocal(const ZipEntry& entry, ByteReader& in, ByteSpan rest) {
  const auto flags = in.ReadLe<std::uint16_t>("flags");
  const auto method = in.ReadLe<std::uint16_t>("method");
  in.Skip(4, "time");
  const auto crc = in.ReadLe<std::uint32_t>("crc");
  std::uint64_t compressed = in.ReadLe<std::uint32_t>("compressed size");
  std::uint64_t size = in.ReadLe<std::uint32_t>("size");
  const auto name_size = in.ReadLe<std::uint16_t>("name length");
  const auto extra_size = in.ReadLe<std::uint16_t>("extra length");
  const std::size_t kept = std::min<std::size_t>(name_size, rest.size());
  const std::string_view name = AsText(rest.first(kept));
  const std::string_view central = out_.Name(entry);
  if (name.substr(0, central.size()) != central || name_size != entry.name_size) {
    Disagree("local header names " + Quote(name, 100) + ", central directory " + NameOf(entry));
  }
  if (method != entry.method) {
    Disagree("method of " + NameOf(entry) + " is " + std::to_string(method) +
             " in the local header, " + std::to_string(entry.method) + " in the directory");
  }
  if (((flags ^ entry.flags) & 1U) != 0) {
    Disagree("encryption flag of " + NameOf(entry) + " differs between the two headers");
  }
  if ((flags & kDescriptorFlag) != 0 && compressed == 0 && size == 0) return;
  ByteReader extra(
      Zip64Field(rest.subspan(kept).first(std::min<std::size_t>(extra_size, rest.size() - kept))));
  TakeZip64(extra, &size);
  TakeZip64(extra, &compressed);
  if (compressed != entry.compressed_size || size != entry.uncompressed_size) {
    Disagree("sizes of " + NameOf(entry) + " differ between the two headers");
  }
  if ((flags & kDescriptorFlag) == 0 && crc != entry.crc) {
    Disagree("checksum of " + NameOf(entry) + " differs between the two headers");
  }
}

void ZipDirectoryReader::CheckLocal(ZipEntry* entry) {
  const std::uint64_t room =
      entry->local_offset < directory_ ? directory_ - entry->local_offset : 0;
  if (room < kLocalBytes) {
    Disagree("local header of " + NameOf(*entry) + " lies outside the archive");
    return;
  }
  const std::uint64_t want = std::min<std::uint64_t>(room, kLocalBytes + entry->name_size + 64);
  auto bytes = ReadExactly(source_, entry->local_offset, want);
  if (!bytes.ok() || Le32(bytes.value(), 0) != kLocalMagic) {
    Disagree("no local header for " + NameOf(*entry) + " at " +
             std::to_string(entry->local_offset));
    return;
  }
  ByteReader in(ByteSpan(bytes.value()).first(kLocalBytes));
  in.Skip(6, "magic and version");
  CompareLocal(*entry, in, ByteSpan(bytes.value()).subspan(kLocalBytes));
  ByteReader lengths(ByteSpan(bytes.value()).subspan(26, 4));
  const std::uint64_t name_size = lengths.ReadLe<std::uint16_t>("name length");
  const std::uint64_t extra_size = lengths.ReadLe<std::uint16_t>("extra length");
  entry->data_offset = entry->local_offset + kLocalBytes + name_size + extra_size;
  if (entry->data_offset > directory_ || entry->compressed_size > directory_ - entry->data_offset) {
    Disagree("data of " + NameOf(*entry) + " reach into or past the central directory");
    return;
  }
  if (entry->method == 0 && entry->compressed_size != entry->uncompressed_size) {
    Disagree("stored member " + NameOf(*entry) + " states two sizes");
    return;
  }
  entry->located = true;
}

void ZipDirectoryReader::CheckNames() {
  auto& order = out_.by_name_;
  order.resize(out_.entries_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
    const int less = out_.Name(out_.entries_[a]).compare(out_.Name(out_.entries_[b]));
    return less != 0 ? less < 0 : a < b;
  });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const ZipEntry& entry = out_.entries_[order[i]];
    if (out_.Name(entry) != out_.Name(out_.entries_[order[i - 1]])) continue;
    if (i > 1 && out_.Name(entry) == out_.Name(out_.entries_[order[i - 2]])) continue;
    Disagree("two members are named " + NameOf(entry));
  }
  for (const ZipEntry& entry : out_.entries_) {
    const std::string_view name = out_.Name(entry);
    if (LeavesFolder(name)) {
      Note(out_.escaping_names_, "name leaves its folder: " + NameOf(entry), &escaping_names_);
    }
    if (Printable(name) != name) {
      Note(out_.name_notes_, "name hides characters: " + NameOf(entry), &names_);
    }
  }
}

void ZipDirectoryReader::CheckOverlaps() {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < out_.entries_.size(); ++i) {
    if (out_.entries_[i].located) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
    return out_.entries_[a].local_offset < out_.entries_[b].local_offset;
  });
  if (!order.empty()) out_.first_byte_ = out_.entries_[order[0]].local_offset;
  const ZipEntry* before = nullptr;
  for (const std::uint32_t index : order) {
    const ZipEntry& entry = out_.entries_[index];
    if (before != nullptr && entry.local_offset < before->data_offset + before->compressed_size) {
      Disagree("members " + NameOf(*before) + " and " + NameOf(entry) + " overlap");
      out_.entries_[index].overlaps = true;
    }
    const bool further = before == nullptr || entry.data_offset + entry.compressed_size >
                                                  before->data_offset + before->compressed_size;
    if (further) before = &entry;
  }
}

}  // namespace weighbridge
