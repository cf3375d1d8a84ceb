// CsvTable: delimited text (RFC 4180) as the list publishers write it: quoted fields
// with newlines, doubled quotes, a byte order mark, CRLF, a trailing Ctrl-Z. Fields
// that are not UTF-8 are read as Windows-1252. Rows come one at a time, bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

class CsvReader {
 public:
  static constexpr std::size_t kMaxFields = 512;
  static constexpr std::size_t kMaxRowBytes = 1 << 20;

  CsvReader(std::string_view text, char delimiter);

  // False at the end and after an error. Blank lines are passed over.
  bool Next(std::vector<std::string>& fields);
  std::size_t line() const { return row_line_; }  // on which the row begins, from 1
  const std::string& error() const { return error_; }

 private:
  bool ReadField(std::string& field);  // true: another one follows in this row
  bool Fail(std::string message);

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t row_line_ = 1;
  std::size_t row_start_ = 0;
  std::string error_;
};

// A header row: finds columns by name, whatever their order and case.
class CsvHeader {
 public:
  explicit CsvHeader(const std::vector<std::string>& names);
  bool Has(std::string_view name) const { return Column(name) != npos; }
  std::size_t size() const { return names_.size(); }
  // Trimmed; "" when there is no such column or the row ends before it.
  std::string Cell(const std::vector<std::string>& row, std::string_view name) const;

 private:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t Column(std::string_view name) const;
  std::vector<std::string> names_;  // lower case
};

// The text itself when it is UTF-8, else as Windows-1252.
std::string AsUtf8(std::string_view raw);
std::string_view WithoutByteOrderMark(std::string_view text);

}  // namespace weighbridge
