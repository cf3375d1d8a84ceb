// Compresses and packs for tests, with the library that the product reads with.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

namespace weighbridge::test {

// `filter`: ARCHIVE_FILTER_*. `format`: ARCHIVE_FORMAT_*; raw holds exactly one member.
inline std::string Pack(const std::vector<std::pair<std::string, std::string>>& members, int format,
                        int filter) {
  std::size_t room = 64 << 10;
  for (const auto& [name, data] : members) room += 2 * data.size() + 4096;
  std::string out(room, '\0');
  std::size_t used = 0;
  struct archive* writer = archive_write_new();
  const int chosen = format == ARCHIVE_FORMAT_CPIO_SVR4_NOCRC
                         ? archive_write_set_format_cpio_newc(writer)
                     : format == ARCHIVE_FORMAT_AR_GNU ? archive_write_set_format_ar_svr4(writer)
                                                       : archive_write_set_format(writer, format);
  if (chosen != ARCHIVE_OK) std::abort();
  if (archive_write_add_filter(writer, filter) != ARCHIVE_OK) std::abort();
  archive_write_set_bytes_in_last_block(writer, 1);
  if (archive_write_open_memory(writer, out.data(), out.size(), &used) != ARCHIVE_OK) std::abort();
  for (const auto& [name, data] : members) {
    struct archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(data.size()));
    if (archive_write_header(writer, entry) != ARCHIVE_OK) std::abort();
    if (archive_write_data(writer, data.data(), data.size()) < 0) std::abort();
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

inline std::string Compress(const std::string& data, int filter) {
  return Pack({{"data", data}}, ARCHIVE_FORMAT_RAW, filter);
}

}  // namespace weighbridge::test
