// Values as host files and vendor tools write them: PCI addresses and ids, memory sizes,
// compute capabilities. Everything here is untrusted text; what does not parse is "" or 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weighbridge/device.h"

namespace weighbridge {

// One value kept of a device; longer ones are cut at a character.
inline constexpr std::size_t kMaxValueBytes = 256;
inline constexpr std::size_t kMaxClaimsPerDevice = 64;

std::string Clip(std::string_view text);  // trimmed and cut
// Clip(), and "" for the ways in which tools say that there is no value ("[N/A]").
std::string Stated(std::string_view text);

// "DDDD:BB:DD.F" in lower case: the domain of four digits or as many as it needs. Takes
// "17:00.0" and "00000000:17:00.0" too. "" for anything else.
std::string PciAddress(std::string_view text);
// Four lower-case hexadecimal digits from "0x10DE", "10de" or "0x000010de"; else "".
std::string PciId(std::string_view text);
// "0x030200", "030200" or "0302": six or four digits as given, in lower case; else "".
std::string PciClass(std::string_view text);
// "0x233010DE" as nvidia-smi writes it: device, then vendor. False when it is not that.
bool SplitCombinedId(std::string_view text, std::string* device, std::string* vendor);
// The content of the last "[...]" when the text ends with one, with the text before it.
struct Bracketed {
  std::string_view text;
  std::string_view bracket;
};
std::optional<Bracketed> LastBracket(std::string_view text);

std::optional<std::uint64_t> ParseHex(std::string_view digits);  // no prefix, at most 16
// "81559 MiB", "192G", "206141652992": bytes. A number alone counts in `unit`. Binary
// multiples throughout, which is what these tools mean by MB and G. 0 when unreadable.
std::uint64_t MemoryBytes(std::string_view text, std::uint64_t unit = 1);
std::string SmArchitecture(std::string_view capability);          // "9.0" -> "sm_90"
std::string GfxArchitecture(std::uint64_t target_version);        // 90402 -> "gfx942"
bool IsNumbered(std::string_view name, std::string_view prefix);  // "card0" of "card"

// Adds a claim unless the value is "" or already there.
void AddDeviceClaim(Device& device, std::string key, std::string_view value);

}  // namespace weighbridge
