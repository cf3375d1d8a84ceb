#include <algorithm>
#include <array>
#include <vector>

#include "scanner/accelerators/gpu_code.h"
#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"

namespace weighbridge {
namespace {

constexpr std::string_view kMagic = "__CLANG_OFFLOAD_BUNDLE__";
constexpr std::string_view kCompressed = "CCOB";
constexpr std::size_t kTableBytes = 64 << 10;  // of one bundle's table of entries
constexpr std::uint64_t kMaxEntries = 1000;
constexpr int kMaxBundles = 10'000;
constexpr std::uint64_t kPage = 4096;

struct Machine {
  std::uint32_t number;
  std::string_view target;
};

// EF_AMDGPU_MACH, from 0x020 on.
constexpr std::array<Machine, 55> kMachines{{
    {0x20, "gfx600"},          {0x21, "gfx601"},        {0x22, "gfx700"},
    {0x23, "gfx701"},          {0x24, "gfx702"},        {0x25, "gfx703"},
    {0x26, "gfx704"},          {0x28, "gfx801"},        {0x29, "gfx802"},
    {0x2a, "gfx803"},          {0x2b, "gfx810"},        {0x2c, "gfx900"},
    {0x2d, "gfx902"},          {0x2e, "gfx904"},        {0x2f, "gfx906"},
    {0x30, "gfx908"},          {0x31, "gfx909"},        {0x32, "gfx90c"},
    {0x33, "gfx1010"},         {0x34, "gfx1011"},       {0x35, "gfx1012"},
    {0x36, "gfx1030"},         {0x37, "gfx1031"},       {0x38, "gfx1032"},
    {0x39, "gfx1033"},         {0x3a, "gfx602"},        {0x3b, "gfx705"},
    {0x3c, "gfx805"},          {0x3d, "gfx1035"},       {0x3e, "gfx1034"},
    {0x3f, "gfx90a"},          {0x40, "gfx940"},        {0x41, "gfx1100"},
    {0x42, "gfx1013"},         {0x43, "gfx1150"},       {0x44, "gfx1103"},
    {0x45, "gfx1036"},         {0x46, "gfx1101"},       {0x47, "gfx1102"},
    {0x48, "gfx1200"},         {0x49, "gfx1250"},       {0x4a, "gfx1151"},
    {0x4b, "gfx941"},          {0x4c, "gfx942"},        {0x4e, "gfx1201"},
    {0x4f, "gfx950"},          {0x51, "gfx9-generic"},  {0x52, "gfx10-1-generic"},
    {0x53, "gfx10-3-generic"}, {0x54, "gfx11-generic"}, {0x55, "gfx1152"},
    {0x58, "gfx1153"},         {0x59, "gfx12-generic"}, {0x5a, "gfx1251"},
    {0x5f, "gfx9-4-generic"},
}};

// Adds the targets of the entries; *end is where the bundle's last code ends.
bool ReadTable(ByteSpan table, FoundTargets& found, std::uint64_t* end) {
  ByteReader reader(table);
  reader.Skip(kMagic.size(), "magic");
  const std::uint64_t count =
      reader.CheckCount(reader.ReadLe<std::uint64_t>("entry count"), 24, "entry count");
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    if (i >= kMaxEntries) return false;
    const auto offset = reader.ReadLe<std::uint64_t>("offset");
    const auto size = reader.ReadLe<std::uint64_t>("size");
    const auto id_bytes = reader.ReadLe<std::uint64_t>("id length");
    const std::string_view id = AsText(reader.ReadBytes(id_bytes, "id"));
    std::uint64_t last = 0;
    if (!CheckedAdd(offset, size, &last)) return false;
    *end = std::max(*end, last);
    const std::size_t gfx = id.rfind("-gfx");
    if (id.find("amdgcn") == id.npos || gfx == id.npos) continue;
    const std::string target = AsGfxTarget(id.substr(gfx + 1));
    if (!target.empty() && found.rocm.size() < kMaxTargets) found.rocm.insert(target);
  }
  return reader.ok();
}

}  // namespace

std::string AsGfxTarget(std::string_view text) {
  text = text.substr(0, text.find(':'));  // features follow: "gfx90a:xnack+"
  if (!text.starts_with("gfx") || text.size() < 6 || text.size() > 20) return {};
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  return plain ? std::string(text) : std::string();
}

std::string GfxOfFlags(std::uint32_t flags) {
  const std::uint32_t number = flags & 0xFF;
  for (const Machine& machine : kMachines) {
    if (machine.number == number) return std::string(machine.target);
  }
  return {};
}

void ReadOffloadBundles(const ByteSource& section, FoundTargets& found) {
  const std::size_t before = found.rocm.size();
  std::vector<std::uint8_t> bytes;
  std::uint64_t at = 0;
  for (int bundles = 0; at < section.size(); ++bundles) {
    if (bundles >= kMaxBundles) {
      found.Problem("more than " + std::to_string(kMaxBundles) + " offload bundles");
      break;
    }
    bytes.resize(kTableBytes);
    const Result<std::size_t> got = section.ReadAt(at, bytes);
    if (!got.ok() || got.value() == 0) break;
    bytes.resize(got.value());
    const std::string_view text = AsText(bytes);
    if (text.starts_with(kCompressed)) {
      found.Problem("a compressed offload bundle: its targets were not read");
      break;
    }
    if (!text.starts_with(kMagic)) break;
    std::uint64_t end = 0;
    if (!ReadTable(bytes, found, &end) || end > section.size() - at) {
      found.Problem("an offload bundle does not fit its section");
      break;
    }
    // At least one page on, so that the walk ends.
    std::uint64_t next = 0;
    if (!CheckedAdd(at, std::max<std::uint64_t>(end, 1) + kPage - 1, &next)) break;
    at = next / kPage * kPage;
  }
  if (before == 0 && found.rocm.empty() && section.size() != 0) found.rocm.insert("unknown");
}

}  // namespace weighbridge
