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
#include <numeric>
#include <optional>

#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::uint32_t kLocalMagic = 0x04034b50;
constexpr std::uint32_t kCentralMagic = 0x02014b50;
constexpr std::uint32_t kEndMagic = 0x06054b50;
constexpr std::uint32_t kEnd64Magic = 0x06064b50;
constexpr std::uint32_t kLocator64Magic = 0x07064b50;
constexpr std::uint64_t kEndBytes = 22;
constexpr std::uint64_t kLocatorBytes = 20;
constexpr std::uint64_t kEnd64Bytes = 56;
constexpr std::uint64_t kCentralBytes = 46;
constexpr std::uint64_t kLocalBytes = 30;
constexpr std::uint64_t kMaxEndSearch = 65'557;  // end record plus the longest comment
// One small read per member: more than this and the rest is left unchecked.
constexpr std::size_t kMaxLocalChecks = 65'536;
constexpr std::uint64_t kStep = 1ULL << 20;  // of the directory held at once
constexpr std::uint16_t kDescriptorFlag = 1U << 3;

std::uint32_t Le32(ByteSpan bytes, std::size_t at) {
  ByteReader in(bytes.subspan(at));
  return in.ReadLe<std::uint32_t>("word");
}

// Offsets in `tail` of plausible end records, last first.
std::vector<std::size_t> EndCandidates(ByteSpan tail) {
  std::vector<std::size_t> found;
  if (tail.size() < kEndBytes) return found;
  for (std::size_t at = tail.size() - kEndBytes + 1; at-- > 0 && found.size() < 64;) {
    if (tail[at] != 'P' || Le32(tail, at) != kEndMagic) continue;
    ByteReader in(tail.subspan(at + 20));
    if (in.ReadLe<std::uint16_t>("comment") <= tail.size() - at - kEndBytes) found.push_back(at);
  }
  return found;
}

struct EndRecord {
  std::uint64_t at = 0;  // absolute, of the end record
  std::uint64_t entries = 0;
  std::uint64_t directory_size = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_end = 0;  // where the records that follow the directory begin
  std::uint64_t comment_end = 0;
};

// The zip64 value of one central or local field, when the 32-bit one is all ones.
void TakeZip64(ByteReader& extra, std::uint64_t* value) {
  if (*value == 0xFFFFFFFFU) *value = extra.ReadLe<std::uint64_t>("zip64 value");
}

// The body of the extra field with id 1, empty when there is none.
ByteSpan Zip64Field(ByteSpan extra) {
  ByteReader in(extra);
  while (in.ok() && in.remaining() >= 4) {
    const auto id = in.ReadLe<std::uint16_t>("extra id");
    const auto size = in.ReadLe<std::uint16_t>("extra size");
    const ByteSpan body = in.ReadBytes(size, "extra field");
    if (in.ok() && id == 1) return body;
  }
  return {};
}

}  // namespace

bool HasZipEnd(ByteSpan tail) { return !EndCandidates(tail).empty(); }

// Fills one ZipDirectory. Lives for one call.
class ZipDirectoryReader {
 public:
  ZipDirectoryReader(const ByteSource& source, const Limits& limits)
      : source_(source), limits_(limits) {}

  Result<ZipDirectory> Read();
  ZipDirectory Salvage();

 private:
  Status FindEnd();
  std::optional<EndRecord> ParseEnd(ByteSpan tail, std::uint64_t base, std::size_t at);
  void ApplyZip64(EndRecord* end);
  bool StartsWith(std::uint64_t offset, std::uint32_t magic) const;
  Status Locate();
  Status ReadDirectory();
  bool ReadRecord(ByteReader& in);
  void CheckLocal(ZipEntry* entry);
  void CompareLocal(const ZipEntry& entry, ByteReader& in, ByteSpan rest);
  void CheckNames();
  void CheckOverlaps();
  void Disagree(std::string text) { Note(out_.disagreements_, std::move(text), &disagreements_); }
  static void Note(std::vector<std::string>& notes, std::string text, std::size_t* seen);
  static void Finish(std::vector<std::string>& notes, std::size_t seen);
  ZipDirectory Done();
  std::string NameOf(const ZipEntry& entry) const { return Quote(out_.Name(entry), 100); }

  const ByteSource& source_;
  const Limits& limits_;
  ZipDirectory out_;
  EndRecord end_;
  std::uint64_t base_ = 0;       // added to every stored offset
  std::uint64_t directory_ = 0;  // absolute
  std::size_t disagreements_ = 0;
  std::size_t names_ = 0;
};

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

std::optional<EndRecord> ZipDirectoryReader::ParseEnd(ByteSpan tail, std::uint64_t base,
                                                      std::size_t at) {
  ByteReader in(tail.subspan(at), base + at);
  in.Skip(8, "magic and disk numbers");
  in.Skip(2, "entries on this disk");
  EndRecord end;
  end.at = base + at;
  end.directory_end = end.at;
  end.entries = in.ReadLe<std::uint16_t>("entries");
  end.directory_size = in.ReadLe<std::uint32_t>("directory size");
  end.directory_offset = in.ReadLe<std::uint32_t>("directory offset");
  end.comment_end = end.at + kEndBytes + in.ReadLe<std::uint16_t>("comment length");
  if (!in.ok()) return std::nullopt;
  return end;
}

Status ZipDirectoryReader::FindEnd() {
  const std::uint64_t span = std::min(source_.size(), kMaxEndSearch);
  const std::uint64_t base = source_.size() - span;
  auto tail = ReadExactly(source_, base, span);
  if (!tail.ok()) return std::move(tail).error();
  const std::vector<std::size_t> found = EndCandidates(tail.value());
  if (found.empty()) {
    return Error{ErrorCode::kNotFound,
                 "no end of central directory in the last " + std::to_string(span) + " bytes"};
  }
  std::size_t ends = 0;
  std::optional<EndRecord> best;
  for (const std::size_t at : found) {
    std::optional<EndRecord> end = ParseEnd(tail.value(), base, at);
    if (!end) continue;
    // A real record points at a directory; text in a comment rarely does.
    const bool real = end->entries == 0 || end->directory_offset == 0xFFFFFFFFU ||
                      StartsWith(end->directory_offset, kCentralMagic) ||
                      (end->directory_size <= end->at &&
                       StartsWith(end->at - end->directory_size, kCentralMagic));
    if (real) ++ends;
    if (!best ||
        (real && best->comment_end != source_.size() && end->comment_end == source_.size())) {
      best = end;
    }
  }
  end_ = *best;
  if (ends > 1) Disagree(std::to_string(ends) + " end of central directory records");
  ApplyZip64(&end_);
  out_.trailing_bytes_ = source_.size() - end_.comment_end;
  return {};
}

void ZipDirectoryReader::ApplyZip64(EndRecord* end) {
  if (end->at < kLocatorBytes || !StartsWith(end->at - kLocatorBytes, kLocator64Magic)) return;
  auto locator = ReadExactly(source_, end->at - kLocatorBytes, kLocatorBytes);
  if (!locator.ok()) return;
  ByteReader where(locator.value());
  where.Skip(8, "magic and disk");
  std::uint64_t at = where.ReadLe<std::uint64_t>("zip64 end offset");
  // With bytes before the archive the stored offset may be relative to it.
  if (!StartsWith(at, kEnd64Magic) && end->at >= kLocatorBytes + kEnd64Bytes) {
    at = end->at - kLocatorBytes - kEnd64Bytes;
  }
  auto record = ReadExactly(source_, at, kEnd64Bytes);
  if (!record.ok() || Le32(record.value(), 0) != kEnd64Magic) {
    Disagree("the zip64 locator points at no zip64 end record");
    return;
  }
  ByteReader in(record.value());
  in.Skip(32, "zip64 end head");
  const auto entries = in.ReadLe<std::uint64_t>("entries");
  const auto size = in.ReadLe<std::uint64_t>("directory size");
  const auto offset = in.ReadLe<std::uint64_t>("directory offset");
  const bool differ = (end->entries != 0xFFFFU && end->entries != entries) ||
                      (end->directory_size != 0xFFFFFFFFU && end->directory_size != size) ||
                      (end->directory_offset != 0xFFFFFFFFU && end->directory_offset != offset);
  if (differ) Disagree("the zip64 end record and the end record state different directories");
  end->entries = entries;
  end->directory_size = size;
  end->directory_offset = offset;
  end->directory_end = at;
}

// Settles where the directory lies and what the stored offsets count from.
Status ZipDirectoryReader::Locate() {
  if (end_.directory_size > limits_.max_zip_directory_bytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "central directory of " + std::to_string(end_.directory_size) +
                     " bytes is more than the " + std::to_string(limits_.max_zip_directory_bytes) +
                     " allowed"};
  }
  std::uint64_t stated_end = 0;
  if (!CheckedAdd(end_.directory_offset, end_.directory_size, &stated_end) ||
      stated_end > end_.directory_end) {
    return Error{ErrorCode::kMalformed,
                 "central directory at " + std::to_string(end_.directory_offset) + " of " +
                     std::to_string(end_.directory_size) +
                     " bytes does not lie before its end at " + std::to_string(end_.directory_end)};
  }
  directory_ = end_.directory_offset;
  const std::uint64_t gap = end_.directory_end - stated_end;
  if (gap == 0 || end_.directory_size == 0) return {};
  if (StartsWith(directory_ + gap, kCentralMagic)) {
    if (StartsWith(directory_, kCentralMagic)) Disagree("two central directories");
    base_ = gap;
    directory_ += gap;
    return {};
  }
  Disagree(std::to_string(gap) + " bytes between the central directory and its end record");
  return {};
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
    Note(out_.name_notes_,
         "name " + NameOf(entry) + " is longer than " + std::to_string(limits_.max_zip_name_bytes) +
             " bytes",
         &names_);
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
    const bool escapes = LeavesFolder(name);
    if (!escapes && Printable(name) == name) continue;
    Note(out_.name_notes_,
         (escapes ? "name leaves its folder: " : "name hides characters: ") + NameOf(entry),
         &names_);
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

ZipDirectory ZipDirectoryReader::Done() {
  CheckNames();
  CheckOverlaps();
  if (out_.trailing_bytes_ != 0) {
    Disagree(std::to_string(out_.trailing_bytes_) + " bytes after the end record");
  }
  Finish(out_.disagreements_, disagreements_);
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

const ZipEntry* ZipDirectory::Find(std::string_view name) const {
  const auto at = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                   [this](std::uint32_t index, std::string_view wanted) {
                                     return Name(entries_[index]) < wanted;
                                   });
  if (at == by_name_.end() || Name(entries_[*at]) != name) return nullptr;
  return &entries_[*at];
}

}  // namespace weighbridge
