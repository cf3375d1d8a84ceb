// The end of a zip: which record it is, what zip64 says instead, where the directory
// lies (layout in zip_directory.cc).
#include <algorithm>
#include <cstring>

#include "scanner/base/checked_math.h"
#include "scanner/source/zip_reader.h"

namespace weighbridge {

using namespace zip;

namespace {

// Offsets in `tail` of plausible end records, last first. Searched by the record's last
// magic byte, which text does not hold: this runs over every file of a scan.
std::vector<std::size_t> EndCandidates(ByteSpan tail) {
  constexpr std::size_t kMaxCandidates = 64;
  std::vector<std::size_t> found;
  if (tail.size() < kEndBytes) return found;
  const std::uint8_t* const begin = tail.data();
  const std::uint8_t* const end = begin + (tail.size() - kEndBytes) + 4;
  for (const std::uint8_t* at = begin + 3; at < end; ++at) {
    at =
        static_cast<const std::uint8_t*>(std::memchr(at, 0x06, static_cast<std::size_t>(end - at)));
    if (at == nullptr) break;
    if (at[-1] != 0x05 || at[-2] != 'K' || at[-3] != 'P') continue;
    const auto offset = static_cast<std::size_t>(at - begin) - 3;
    ByteReader in(tail.subspan(offset + 20));
    if (in.ReadLe<std::uint16_t>("comment") > tail.size() - offset - kEndBytes) continue;
    if (found.size() == kMaxCandidates) found.erase(found.begin());
    found.push_back(offset);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace

bool HasZipEnd(ByteSpan tail) { return !EndCandidates(tail).empty(); }

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
  std::uint64_t stated_end = 0;
  if (!CheckedAdd(end_.directory_offset, end_.directory_size, &stated_end) ||
      stated_end > end_.directory_end) {
    return Error{ErrorCode::kMalformed,
                 "central directory at " + std::to_string(end_.directory_offset) + " of " +
                     std::to_string(end_.directory_size) +
                     " bytes does not lie before its end at " + std::to_string(end_.directory_end)};
  }
  if (end_.directory_size > limits_.max_zip_directory_bytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "central directory of " + std::to_string(end_.directory_size) +
                     " bytes is more than the " + std::to_string(limits_.max_zip_directory_bytes) +
                     " allowed"};
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

}  // namespace weighbridge
