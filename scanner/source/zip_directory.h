// ZipDirectory: a bounded reader of a zip's central directory over a ByteSource.
// It opens no member. Members with method 0 can then be read at data_offset.
// Everything in which readers of zips are known to differ (local header against
// central, duplicates, overlaps, bytes after the end) is listed as a disagreement.
//
//   auto zip = ZipDirectory::Read(source, limits);
//   if (!zip.ok()) ...;                         // kNotFound: not a zip at all
//   for (const ZipEntry& entry : zip.value().entries()) zip.value().Name(entry);
//
// Immutable after Read, so thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/limits.h"
#include "weighbridge/result.h"

namespace weighbridge {

// One record of the central directory.
struct ZipEntry {
  std::uint64_t compressed_size = 0;    // bytes, as the central directory says
  std::uint64_t uncompressed_size = 0;  // bytes; a claim
  std::uint64_t local_offset = 0;       // absolute, of the local header
  std::uint64_t data_offset = 0;        // absolute; valid when located
  std::uint64_t name_at = 0;
  std::uint32_t name_size = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;     // 0 stored, 8 deflate
  std::uint16_t flags = 0;      // bit 0: encrypted
  std::uint32_t unix_mode = 0;  // st_mode, 0 when the entry was not made on a Unix
  bool located = false;         // the local header was read and the data lies in the file
  bool overlaps = false;        // shares bytes with an earlier member

  // S_IFLNK: the member's content is the path that it points to.
  bool symbolic_link() const { return (unix_mode & 0170000U) == 0120000U; }
  bool stored() const { return method == 0 && (flags & 1U) == 0; }
};

class ZipDirectory {
 public:
  // kNotFound without an end record, kMalformed or kTruncated when the directory
  // cannot be read, kLimitExceeded above a cap of limits.
  static Result<ZipDirectory> Read(const ByteSource& source, const Limits& limits);

  // From local headers alone, for an archive whose end is missing: walks PK\3\4
  // records from byte 0 as long as each states its size. Never fails.
  static ZipDirectory Salvage(const ByteSource& source, const Limits& limits);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  std::string_view Name(const ZipEntry& entry) const {
    return std::string_view(names_).substr(static_cast<std::size_t>(entry.name_at),
                                           entry.name_size);
  }
  // Every entry of that name in the directory's order: some readers open the first,
  // Python's zipfile the last.
  std::vector<const ZipEntry*> FindAll(std::string_view name) const;
  // The first entry of that name, nullptr when none.
  const ZipEntry* Find(std::string_view name) const;

  // Where readers may see different archives; whole sentences without a prefix,
  // safe to print, at most kMaxNotes and one that counts the rest.
  const std::vector<std::string>& disagreements() const { return disagreements_; }
  // Names that would leave the folder they are unpacked into.
  const std::vector<std::string>& escaping_names() const { return escaping_names_; }
  // Names that hide on a terminal.
  const std::vector<std::string>& name_notes() const { return name_notes_; }
  // What was left out because of a cap.
  const std::vector<std::string>& limit_notes() const { return limit_notes_; }

  std::uint64_t first_byte() const { return first_byte_; }          // of the first local header
  std::uint64_t trailing_bytes() const { return trailing_bytes_; }  // after the end record
  std::uint64_t entry_count() const { return entries_.size(); }

  static constexpr std::size_t kMaxNotes = 32;

 private:
  friend class ZipDirectoryReader;

  std::vector<ZipEntry> entries_;
  std::string names_;
  std::vector<std::uint32_t> by_name_;  // indexes into entries_, sorted by name, then position
  std::vector<std::string> disagreements_;
  std::vector<std::string> escaping_names_;
  std::vector<std::string> name_notes_;
  std::vector<std::string> limit_notes_;
  std::uint64_t first_byte_ = 0;
  std::uint64_t trailing_bytes_ = 0;
};

// True when the bytes hold an end-of-central-directory record whose comment fits.
bool HasZipEnd(ByteSpan tail);

}  // namespace weighbridge
