// Zip layout (PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.5):
//
//   local header PK\3\4 | name | extra | data [| data descriptor]     per member
//   central record PK\1\2 | name | extra | comment                    per member
//   [zip64 end PK\6\6] [zip64 locator PK\6\7] end PK\5\6 | comment
//
// Real files depart: bytes before the archive (self-extracting programs, llamafile)
// with offsets either absolute or relative to the archive; PyTorch sets the data
// descriptor flag and leaves the local sizes zero; it always writes a zip64 end.
#include "scanner/source/zip_directory.h"

#include <algorithm>

#include "scanner/base/checked_math.h"
#include "scanner/source/zip_reader.h"

namespace weighbridge {

using namespace zip;
void ZipDirectoryReader::Note(std::vector<std::string>& notes, std::string text,
                              std::size_t* seen) {
  if (++*seen <= ZipDirectory::kMaxNotes) notes.push_back(std::move(text));
}

void ZipDirectoryReader::Finish(std::vector<std::string>& notes, std::size_t seen) {
  if (seen <= ZipDirectory::kMaxNotes) return;
  notes.push_back("and " + std::to_string(seen - ZipDirectory::kMaxNotes) + " more of this kind");
}

bool ZipDirectoryReader::StartsWith(std::uint64_t offset, std::uint32_t magic) const {
  auto bytes = ReadExactly(source_, offset, 4);
  return bytes.ok() && Le32(bytes.value(), 0) == magic;
}

bool ZipDirectoryReader::ReadRecord(ByteReader& in) {
  if (in.ReadLe<std::uint32_t>("central magic") != kCentralMagic) return false;
  const auto made_by = in.ReadLe<std::uint16_t>("version made by");
  in.Skip(2, "version needed");
  ZipEntry entry;
  entry.flags = in.ReadLe<std::uint16_t>("flags");
  entry.method = in.ReadLe<std::uint16_t>("method");
  in.Skip(4, "time");
  entry.crc = in.ReadLe<std::uint32_t>("crc");
  entry.compressed_size = in.ReadLe<std::uint32_t>("compressed size");
  entry.uncompressed_size = in.ReadLe<std::uint32_t>("size");
  const auto name_size = in.ReadLe<std::uint16_t>("name length");
  const auto extra_size = in.ReadLe<std::uint16_t>("extra length");
  const auto comment_size = in.ReadLe<std::uint16_t>("comment length");
  in.Skip(4, "disk and internal attributes");
  const auto attributes = in.ReadLe<std::uint32_t>("external attributes");
  constexpr unsigned kUnix = 3;  // APPNOTE 4.4.2.2
  if (made_by >> 8U == kUnix) entry.unix_mode = attributes >> 16U;
  entry.local_offset = in.ReadLe<std::uint32_t>("local offset");
  const ByteSpan name = in.ReadBytes(name_size, "name");
  ByteReader extra(Zip64Field(in.ReadBytes(extra_size, "extra")));
  in.Skip(comment_size, "comment");
  if (!in.ok()) return false;
  TakeZip64(extra, &entry.uncompressed_size);
  TakeZip64(extra, &entry.compressed_size);
  TakeZip64(extra, &entry.local_offset);
  const auto kept =
      static_cast<std::size_t>(std::min<std::uint64_t>(name.size(), limits_.max_zip_name_bytes));
  entry.name_at = out_.names_.size();
  entry.name_size = static_cast<std::uint32_t>(kept);
  out_.names_.append(AsText(name.first(kept)));
  if (kept != name.size()) {
    Note(out_.limit_notes_,
         "zip member name " + NameOf(entry) + " is longer than " +
             std::to_string(limits_.max_zip_name_bytes) + " bytes",
         &long_names_);
  }
  if (!extra.ok() || !CheckedAdd(entry.local_offset, base_, &entry.local_offset)) {
    Disagree("zip64 sizes of " + NameOf(entry) + " are missing or absurd");
    entry.local_offset = source_.size();
  }
  out_.entries_.push_back(entry);
  return true;
}

Status ZipDirectoryReader::ReadDirectory() {
  std::uint64_t at = directory_;
  const std::uint64_t end = directory_ + end_.directory_size;
  bool good = true;
  while (good && at < end) {
    const std::uint64_t count = std::min(kStep, end - at);
    auto window = ReadExactly(source_, at, count);
    if (!window.ok()) return std::move(window).error();
    // A record is at most 46 bytes and three texts of 64 KiB: stop short of the window's end.
    const std::uint64_t safe = at + count == end ? count : count - (kCentralBytes + 3 * 65'535ULL);
    std::size_t position = 0;
    while (good && position < safe) {
      if (out_.entries_.size() >= limits_.max_zip_entries) {
        return Error{ErrorCode::kLimitExceeded,
                     "more than " + std::to_string(limits_.max_zip_entries) + " zip entries"};
      }
      ByteReader in(ByteSpan(window.value()).subspan(position), at + position);
      good = ReadRecord(in);
      if (good) position += in.position();
    }
    at += position;
  }
  if (at != end) {
    Disagree("the central directory is damaged after entry " +
             std::to_string(out_.entries_.size()));
  }
  if (out_.entries_.size() != end_.entries) {
    Disagree("the end record counts " + std::to_string(end_.entries) +
             " entries, the central directory holds " + std::to_string(out_.entries_.size()));
  }
  return {};
}

ZipDirectory ZipDirectoryReader::Done() {
  CheckNames();
  CheckOverlaps();
  if (out_.trailing_bytes_ != 0) {
    Disagree(std::to_string(out_.trailing_bytes_) + " bytes after the end record");
  }
  Finish(out_.disagreements_, disagreements_);
  Finish(out_.escaping_names_, escaping_names_);
  Finish(out_.name_notes_, names_);
  return std::move(out_);
}

Result<ZipDirectory> ZipDirectoryReader::Read() {
  if (Status found = FindEnd(); !found.ok()) return std::move(found).error();
  if (Status located = Locate(); !located.ok()) return std::move(located).error();
  if (Status read = ReadDirectory(); !read.ok()) return std::move(read).error();
  const std::size_t checks = std::min(out_.entries_.size(), kMaxLocalChecks);
  for (std::size_t i = 0; i < checks; ++i) CheckLocal(&out_.entries_[i]);
  if (checks < out_.entries_.size()) {
    out_.limit_notes_.push_back("local headers of the first " + std::to_string(checks) + " of " +
                                std::to_string(out_.entries_.size()) + " members checked");
  }
  return Done();
}

ZipDirectory ZipDirectoryReader::Salvage() {
  std::uint64_t at = 0;
  while (out_.entries_.size() < kMaxLocalChecks && StartsWith(at, kLocalMagic)) {
    auto bytes = ReadExactly(
        source_, at, std::min(kLocalBytes + limits_.max_zip_name_bytes, source_.size() - at));
    if (!bytes.ok()) break;
    ByteReader in(bytes.value());
    in.Skip(6, "magic and version");
    ZipEntry entry;
    entry.flags = in.ReadLe<std::uint16_t>("flags");
    entry.method = in.ReadLe<std::uint16_t>("method");
    in.Skip(4, "time");
    entry.crc = in.ReadLe<std::uint32_t>("crc");
    entry.compressed_size = in.ReadLe<std::uint32_t>("compressed size");
    entry.uncompressed_size = in.ReadLe<std::uint32_t>("size");
    const std::uint64_t name_size = in.ReadLe<std::uint16_t>("name length");
    const std::uint64_t extra_size = in.ReadLe<std::uint16_t>("extra length");
    const ByteSpan name = in.ReadBytes(name_size, "name");
    if (!in.ok()) break;
    entry.name_at = out_.names_.size();
    entry.name_size = static_cast<std::uint32_t>(name.size());
    out_.names_.append(AsText(name));
    entry.local_offset = at;
    entry.data_offset = at + kLocalBytes + name_size + extra_size;
    const bool inside = entry.data_offset <= source_.size();
    // Without a size the data run up to an unknown place: the last member we can see.
    const bool sized = (entry.flags & kDescriptorFlag) == 0 && entry.compressed_size != 0xFFFFFFFFU;
    if (inside && !sized) entry.compressed_size = source_.size() - entry.data_offset;
    entry.located = inside && entry.compressed_size <= source_.size() - entry.data_offset;
    out_.entries_.push_back(entry);
    if (!entry.located || !sized) break;
    at = entry.data_offset + entry.compressed_size;
  }
  return Done();
}

Result<ZipDirectory> ZipDirectory::Read(const ByteSource& source, const Limits& limits) {
  return ZipDirectoryReader(source, limits).Read();
}

ZipDirectory ZipDirectory::Salvage(const ByteSource& source, const Limits& limits) {
  return ZipDirectoryReader(source, limits).Salvage();
}

std::vector<const ZipEntry*> ZipDirectory::FindAll(std::string_view name) const {
  std::vector<const ZipEntry*> found;
  for (auto at = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                  [this](std::uint32_t index, std::string_view wanted) {
                                    return Name(entries_[index]) < wanted;
                                  });
       at != by_name_.end() && Name(entries_[*at]) == name; ++at) {
    found.push_back(&entries_[*at]);
  }
  return found;
}

const ZipEntry* ZipDirectory::Find(std::string_view name) const {
  const auto at = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                   [this](std::uint32_t index, std::string_view wanted) {
                                     return Name(entries_[index]) < wanted;
                                   });
  if (at == by_name_.end() || Name(entries_[*at]) != name) return nullptr;
  return &entries_[*at];
}

}  // namespace weighbridge
