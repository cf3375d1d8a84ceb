// Builds tars for tests, block by block, in the dialects that are met.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace weighbridge::test {

enum class TarDialect { kV7, kUstar, kGnu, kPax };

struct TarMember {
  std::string name;
  std::string data;
  char type = '0';
  std::string link = {};
  std::int64_t stated_size = -1;  // -1: data.size()
};

inline std::string TarHeader(const std::string& name, std::uint64_t size, char type,
                             const std::string& link, bool ustar) {
  std::string block(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) {
    block.replace(at, text.size(), text);
  };
  char number[16];
  put(0, name.substr(0, 100));
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  std::snprintf(number, sizeof number, "%011llo", static_cast<unsigned long long>(size));
  put(124, number);
  put(136, "00000000000");
  block[156] = type;
  put(157, link.substr(0, 100));
  if (ustar)
    put(257, std::string("ustar\0"
                         "00",
                         8));
  block.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  std::snprintf(number, sizeof number, "%06o", sum);
  put(148, std::string(number, 6) + std::string("\0 ", 2));
  return block;
}

inline std::string TarPadded(const std::string& data) {
  return data + std::string((512 - data.size() % 512) % 512, '\0');
}

inline std::string PaxRecord(const std::string& key, const std::string& value) {
  const std::string body = " " + key + "=" + value + "\n";
  std::size_t length = body.size() + 1;
  while (std::to_string(length).size() + body.size() != length) ++length;
  return std::to_string(length) + body;
}

inline std::string BuildTar(const std::vector<TarMember>& members,
                            TarDialect dialect = TarDialect::kUstar) {
  std::string out;
  const bool ustar = dialect != TarDialect::kV7;
  for (const TarMember& member : members) {
    if (dialect == TarDialect::kGnu) {
      const std::string name = member.name + std::string(1, '\0');
      out += TarHeader("././@LongLink", name.size(), 'L', "", true) + TarPadded(name);
    }
    if (dialect == TarDialect::kPax) {
      const std::string record = PaxRecord("path", member.name);
      out += TarHeader("PaxHeader", record.size(), 'x', "", true) + TarPadded(record);
    }
    const std::uint64_t size = member.stated_size >= 0
                                   ? static_cast<std::uint64_t>(member.stated_size)
                                   : member.data.size();
    out += TarHeader(member.name, size, member.type, member.link, ustar) + TarPadded(member.data);
  }
  return out + std::string(1024, '\0');
}

}  // namespace weighbridge::test
