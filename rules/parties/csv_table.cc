#include "rules/parties/csv_table.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "rules/parties/unicode.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Code points of the bytes 0x80 to 0x9f; those that Windows-1252 leaves out stay.
constexpr std::array<char32_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

}  // namespace

std::string_view WithoutByteOrderMark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

std::string AsUtf8(std::string_view raw) {
  if (IsValidUtf8(raw)) return std::string(raw);
  std::string out;
  for (const char c : raw) {
    const auto byte = static_cast<std::uint8_t>(c);
    const char32_t point = byte >= 0x80 && byte < 0xA0
                               ? kWindows1252[static_cast<std::size_t>(byte - 0x80)]
                               : char32_t{byte};
    AppendUtf8(out, point);
  }
  return out;
}

CsvReader::CsvReader(std::string_view text, char delimiter)
    : text_(WithoutByteOrderMark(text)), delimiter_(delimiter) {
  while (!text_.empty() && (text_.back() == '\x1A' || text_.back() == '\0')) text_.remove_suffix(1);
}

bool CsvReader::Fail(std::string message) {
  error_ = std::move(message);
  at_ = text_.size();
  return false;
}

bool CsvReader::ReadField(std::string& field) {
  const bool quoted = at_ < text_.size() && text_[at_] == '"';
  if (quoted) ++at_;
  bool open = quoted;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (at_ - row_start_ > kMaxRowBytes) return Fail("a row of more than 1 MiB");
    if (open && c == '"') {
      const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == '"';
      at_ += doubled ? 2 : 1;
      if (doubled) field += '"';
      open = doubled;
      continue;
    }
    if (!open && (c == delimiter_ || c == '\n' || c == '\r')) break;
    if (c == '\n') ++line_;
    field += c;
    ++at_;
  }
  if (open) return Fail("a quoted field that does not end");
  if (at_ >= text_.size()) return false;
  if (text_[at_] == delimiter_) {
    ++at_;
    return true;
  }
  if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
  ++at_;
  ++line_;
  return false;
}

bool CsvReader::Next(std::vector<std::string>& fields) {
  while (at_ < text_.size()) {
    fields.clear();
    row_line_ = line_;
    row_start_ = at_;
    bool more = true;
    while (more) {
      if (fields.size() == kMaxFields)
        return Fail("a row of more than " + std::to_string(kMaxFields) + " fields");
      std::string field;
      more = ReadField(field);
      if (!error_.empty()) return false;
      fields.push_back(AsUtf8(field));
    }
    const bool blank = fields.size() == 1 && Trim(fields[0]).empty();
    if (!blank) return true;
  }
  return false;
}

CsvHeader::CsvHeader(const std::vector<std::string>& names) {
  for (const auto& name : names) names_.push_back(ToLower(Trim(name)));
}

std::size_t CsvHeader::Column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), ToLower(name));
  return found == names_.end() ? npos : static_cast<std::size_t>(found - names_.begin());
}

std::string CsvHeader::Cell(const std::vector<std::string>& row, std::string_view name) const {
  const std::size_t column = Column(name);
  return column < row.size() ? std::string(Trim(row[column])) : std::string();
}

}  // namespace weighbridge
