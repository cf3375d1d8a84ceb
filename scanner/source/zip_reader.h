// ZipDirectoryReader: fills one ZipDirectory. Finding the end is in zip_end.cc, reading
// records in zip_directory.cc, comparing them with what they describe in zip_checks.cc.
// Lives for one call; not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scanner/base/byte_reader.h"
#include "scanner/base/text.h"
#include "scanner/source/zip_directory.h"

namespace weighbridge {
namespace zip {

inline constexpr std::uint32_t kLocalMagic = 0x04034b50;
inline constexpr std::uint32_t kCentralMagic = 0x02014b50;
inline constexpr std::uint32_t kEndMagic = 0x06054b50;
inline constexpr std::uint32_t kEnd64Magic = 0x06064b50;
inline constexpr std::uint32_t kLocator64Magic = 0x07064b50;
inline constexpr std::uint64_t kEndBytes = 22;
inline constexpr std::uint64_t kLocatorBytes = 20;
inline constexpr std::uint64_t kEnd64Bytes = 56;
inline constexpr std::uint64_t kCentralBytes = 46;
inline constexpr std::uint64_t kLocalBytes = 30;
inline constexpr std::uint64_t kMaxEndSearch = 65'557;  // end record plus the longest comment
// One small read per member: more than this and the rest is left unchecked.
inline constexpr std::size_t kMaxLocalChecks = 65'536;
inline constexpr std::uint64_t kStep = 1ULL << 20;  // of the directory held at once
inline constexpr std::uint16_t kDescriptorFlag = 1U << 3;

inline std::uint32_t Le32(ByteSpan bytes, std::size_t at) {
  ByteReader in(bytes.subspan(at));
  return in.ReadLe<std::uint32_t>("word");
}

// The zip64 value of one central or local field, when the 32-bit one is all ones.
inline void TakeZip64(ByteReader& extra, std::uint64_t* value) {
  if (*value == 0xFFFFFFFFU) *value = extra.ReadLe<std::uint64_t>("zip64 value");
}

// The body of the extra field with id 1, empty when there is none.
inline ByteSpan Zip64Field(ByteSpan extra) {
  ByteReader in(extra);
  while (in.ok() && in.remaining() >= 4) {
    const auto id = in.ReadLe<std::uint16_t>("extra id");
    const auto size = in.ReadLe<std::uint16_t>("extra size");
    const ByteSpan body = in.ReadBytes(size, "extra field");
    if (in.ok() && id == 1) return body;
  }
  return {};
}

struct EndRecord {
  std::uint64_t at = 0;  // absolute, of the end record
  std::uint64_t entries = 0;
  std::uint64_t directory_size = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_end = 0;  // where the records that follow the directory begin
  std::uint64_t comment_end = 0;
};

}  // namespace zip

class ZipDirectoryReader {
 public:
  ZipDirectoryReader(const ByteSource& source, const Limits& limits)
      : source_(source), limits_(limits) {}

  Result<ZipDirectory> Read();
  ZipDirectory Salvage();

 private:
  Status FindEnd();
  std::optional<zip::EndRecord> ParseEnd(ByteSpan tail, std::uint64_t base, std::size_t at);
  void ApplyZip64(zip::EndRecord* end);
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
  zip::EndRecord end_;
  std::uint64_t base_ = 0;       // added to every stored offset
  std::uint64_t directory_ = 0;  // absolute
  std::size_t disagreements_ = 0;
  std::size_t escaping_names_ = 0;
  std::size_t long_names_ = 0;
  std::size_t names_ = 0;
};

}  // namespace weighbridge
