#include "scanner/accelerators/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

bool IsHex(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view WithoutPrefix(std::string_view text) {
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    text.remove_prefix(2);
  return text;
}

std::uint64_t UnitBytes(std::string_view unit, std::uint64_t otherwise) {
  if (unit.empty()) return otherwise;
  switch (unit[0]) {
    case 'b': return 1;
    case 'k': return 1ULL << 10;
    case 'm': return 1ULL << 20;
    case 'g': return 1ULL << 30;
    case 't': return 1ULL << 40;
    default: return 0;
  }
}

}  // namespace

std::string Clip(std::string_view text) {
  text = Trim(text);
  return std::string(CutUtf8(text, kMaxValueBytes));
}

std::string Stated(std::string_view text) {
  constexpr std::array<std::string_view, 10> kNothing{
      "n/a",  "[n/a]",     "not supported",   "[not supported]", "none",
      "null", "[unknown]", "[unknown error]", "unknown",         "[gpu requires reset]"};
  std::string value = Clip(text);
  const std::string lower = ToLower(value);
  if (std::find(kNothing.begin(), kNothing.end(), lower) != kNothing.end()) return {};
  return value;
}

std::string PciAddress(std::string_view text) {
  text = Trim(text);
  const std::size_t dot = text.rfind('.');
  const std::size_t slot = text.rfind(':');
  if (dot == text.npos || slot == text.npos || dot < slot) return {};
  const std::string_view function = text.substr(dot + 1);
  const std::string_view device = text.substr(slot + 1, dot - slot - 1);
  const std::string_view front = text.substr(0, slot);
  const std::size_t colon = front.rfind(':');
  const std::string_view bus = colon == front.npos ? front : front.substr(colon + 1);
  std::string_view domain = colon == front.npos ? "0000" : front.substr(0, colon);
  if (function.size() != 1 || function[0] < '0' || function[0] > '7') return {};
  const auto slot_number = ParseHex(device);
  if (device.size() != 2 || !slot_number || *slot_number > 0x1F) return {};
  if (bus.size() != 2 || !IsHex(bus) || !IsHex(domain) || domain.size() > 8) return {};
  while (domain.size() > 4 && domain[0] == '0') domain.remove_prefix(1);
  if (domain.size() < 4) return {};
  return ToLower(std::string(domain) + ":" + std::string(bus) + ":" + std::string(device) + "." +
                 std::string(function));
}

std::string PciId(std::string_view text) {
  text = WithoutPrefix(Trim(text));
  while (text.size() > 4 && text[0] == '0') text.remove_prefix(1);
  return text.size() == 4 && IsHex(text) ? ToLower(text) : std::string();
}

std::string PciClass(std::string_view text) {
  text = WithoutPrefix(Trim(text));
  return (text.size() == 4 || text.size() == 6) && IsHex(text) ? ToLower(text) : std::string();
}

bool SplitCombinedId(std::string_view text, std::string* device, std::string* vendor) {
  text = WithoutPrefix(Trim(text));
  if (text.size() != 8 || !IsHex(text)) return false;
  *device = ToLower(text.substr(0, 4));
  *vendor = ToLower(text.substr(4));
  return true;
}

std::optional<Bracketed> LastBracket(std::string_view text) {
  text = Trim(text);
  if (text.empty() || text.back() != ']') return std::nullopt;
  const std::size_t open = text.rfind('[');
  if (open == text.npos) return std::nullopt;
  return Bracketed{Trim(text.substr(0, open)), text.substr(open + 1, text.size() - open - 2)};
}

std::optional<std::uint64_t> ParseHex(std::string_view digits) {
  if (!IsHex(digits) || digits.size() > 16) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, value, 16);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

std::uint64_t MemoryBytes(std::string_view text, std::uint64_t unit) {
  text = Trim(text);
  std::size_t end = 0;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  const auto number = ParseUint(text.substr(0, end));
  if (!number) return 0;
  std::string_view rest = text.substr(end);
  if (rest.starts_with('.')) {  // "79.6 GiB" is rounded: whole units are not made of it
    rest.remove_prefix(1);
    while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') rest.remove_prefix(1);
  }
  const std::string word = ToLower(Trim(rest));
  if (word.size() > 3) return 0;
  std::uint64_t bytes = 0;
  return CheckedMul(*number, UnitBytes(word, unit), &bytes) ? bytes : 0;
}

std::string SmArchitecture(std::string_view capability) {
  capability = Trim(capability);
  const std::size_t dot = capability.find('.');
  if (dot == capability.npos) return {};
  const std::string_view major = capability.substr(0, dot);
  const std::string_view minor = capability.substr(dot + 1);
  if (!IsDigits(major) || !IsDigits(minor) || major.size() > 3 || minor.size() > 1) return {};
  return "sm_" + std::string(major) + std::string(minor);
}

std::string GfxArchitecture(std::uint64_t target_version) {
  const std::uint64_t major = target_version / 10000;
  const std::uint64_t minor = target_version / 100 % 100;
  const std::uint64_t step = target_version % 100;
  if (major == 0 || major > 99 || minor > 15 || step > 15) return {};
  char text[16];
  std::snprintf(text, sizeof text, "gfx%u%x%x", static_cast<unsigned>(major),
                static_cast<unsigned>(minor), static_cast<unsigned>(step));
  return text;
}

bool IsNumbered(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) && name.size() <= prefix.size() + 6 &&
         IsDigits(name.substr(prefix.size()));
}

void AddDeviceClaim(Device& device, std::string key, std::string_view value) {
  Claim claim{Clip(key), Clip(value)};
  if (claim.value.empty() || device.claims.size() >= kMaxClaimsPerDevice) return;
  if (std::find(device.claims.begin(), device.claims.end(), claim) != device.claims.end()) return;
  device.claims.push_back(std::move(claim));
}

}  // namespace weighbridge
