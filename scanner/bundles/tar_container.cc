#include "scanner/bundles/tar_container.h"

#include <algorithm>
#include <array>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameBytes = 100;
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kSizeDigits = 11;

Error Malformed(std::size_t at, const std::string& what) {
  return {ErrorCode::kMalformed, "bundle, at byte " + std::to_string(at) + ": " + what};
}

std::string Octal(std::uint64_t value, std::size_t digits) {
  std::string text(digits, '0');
  for (std::size_t i = digits; i-- > 0; value >>= 3) {
    text[i] = static_cast<char>('0' + static_cast<char>(value & 7));
  }
  return text;
}

// Offsets of the ustar header: mode 100, uid 108, gid 116, size 124, mtime 136,
// checksum 148, type 156, magic 257, version 263.
std::string Header(std::string_view name, std::uint64_t size) {
  std::string block(kBlock, '\0');
  const auto put = [&](std::size_t at, std::string_view text) {
    block.replace(at, text.size(), text);
  };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(kSizeAt, Octal(size, kSizeDigits));
  put(136, Octal(0, 11));
  put(148, "        ");
  put(156, "0");
  put(257, "ustar");
  put(263, "00");
  std::uint64_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(148, Octal(sum, 6));
  block[154] = '\0';
  return block;
}

std::size_t Padding(std::size_t size) { return (kBlock - size % kBlock) % kBlock; }

bool AllZero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

// False when the eleven digits are no octal number.
bool ReadSize(std::string_view header, std::uint64_t& size) {
  size = 0;
  for (const char c : header.substr(kSizeAt, kSizeDigits)) {
    if (c < '0' || c > '7') return false;
    size = size * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return true;
}

}  // namespace

Result<std::vector<TarMember>> ReadTarContainer(std::string_view archive) {
  std::vector<TarMember> members;
  std::size_t at = 0;
  while (archive.size() - at >= kBlock) {
    const std::string_view header = archive.substr(at, kBlock);
    if (AllZero(header)) break;
    const std::string_view name = header.substr(0, std::min(header.find('\0'), kNameBytes));
    std::uint64_t size = 0;
    if (name.empty() || !ReadSize(header, size) || header != Header(name, size)) {
      return Malformed(at, "no header of a member, or not in the form that is written here");
    }
    if (members.size() == kMaxTarMembers) {
      return Malformed(at, "more than " + std::to_string(kMaxTarMembers) + " members");
    }
    at += kBlock;
    if (size > archive.size() - at) {
      return Malformed(at, "member " + Quote(name) + " of " + std::to_string(size) +
                               " bytes, only " + std::to_string(archive.size() - at) +
                               " bytes are left");
    }
    const auto length = static_cast<std::size_t>(size);
    members.push_back({std::string(name), archive.substr(at, length)});
    at += length;
    if (Padding(length) > archive.size() - at || !AllZero(archive.substr(at, Padding(length)))) {
      return Malformed(at, "the padding after " + Quote(name) + " is cut or not zero");
    }
    at += Padding(length);
  }
  if (archive.size() - at != 2 * kBlock || !AllZero(archive.substr(at))) {
    return Malformed(at, "the archive does not end with two blocks of zeros");
  }
  return members;
}

std::string WriteTarContainer(const std::vector<TarMember>& members) {
  std::string archive;
  for (const TarMember& member : members) {
    archive += Header(member.name, member.bytes.size());
    archive += member.bytes;
    archive.append(Padding(member.bytes.size()), '\0');
  }
  return archive.append(2 * kBlock, '\0');
}

}  // namespace weighbridge
