#include "scanner/accelerators/inventory.h"

#include <algorithm>
#include <array>
#include <string>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using IsKind = bool (*)(std::string_view head);
using ParseText = void (*)(std::string_view text, InventorySink& sink);
using ParseDocument = void (*)(const Json& document, InventorySink& sink);

struct TextKind {
  const char* name;
  IsKind is;
  ParseText parse;
};
struct JsonKind {
  const char* name;
  IsKind is;
  ParseDocument parse;
};

constexpr std::array<TextKind, 9> kTextKinds{{
    {"nvidia-smi-xml", IsNvidiaSmiXml, ParseNvidiaSmiXml},
    {"lspci-machine", IsLspciMachine, ParseLspciMachine},
    {"lspci-records", IsLspciRecords, ParseLspciRecords},
    {"lspci", IsLspci, ParseLspci},
    {"nvidia-smi-list", IsNvidiaSmiList, ParseNvidiaSmiList},
    {"smi-csv", IsSmiCsv, ParseSmiCsv},
    {"npu-smi", IsNpuSmi, ParseNpuSmi},
    {"amd-smi-text", IsAmdSmiText, ParseAmdSmiText},
    {"dcgm-exporter", IsDcgm, ParseDcgm},
}};

constexpr std::array<JsonKind, 4> kJsonKinds{{
    {"kubernetes-json", IsKubernetesJson, ParseKubernetesJson},
    {"rocm-smi-json", IsRocmSmiJson, ParseRocmSmiJson},
    {"amd-smi-json", IsAmdSmiJson, ParseAmdSmiJson},
    {"lshw-json", IsLshwJson, ParseLshwJson},
}};

std::string_view WithoutMark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

// The first line from `from` on that begins an object or a list; tools print warnings
// before it, some of which begin with a bracket too.
std::size_t JsonStart(std::string_view text, std::size_t from = 0) {
  for (std::size_t at = from; at < text.size() && at < kInventoryHeadBytes;) {
    at = std::min(text.find_first_not_of(" \t\r", at), text.size());
    if (at == text.size()) break;
    if (text[at] == '{' || text[at] == '[') return at;
    const std::size_t end = text.find('\n', at);
    if (end == text.npos) break;
    at = end + 1;
  }
  return text.npos;
}

const TextKind* FindTextKind(std::string_view head) {
  // Text of tools holds no NUL; most binary files do.
  if (head.find('\0') != head.npos) return nullptr;
  for (const TextKind& kind : kTextKinds) {
    if (kind.is(head)) return &kind;
  }
  return nullptr;
}

const JsonKind* FindJsonKind(std::string_view head) {
  if (head.find('\0') != head.npos || JsonStart(head) == head.npos) return nullptr;
  for (const JsonKind& kind : kJsonKinds) {
    if (kind.is(head)) return &kind;
  }
  return nullptr;
}

constexpr int kMaxJsonStarts = 4;

Result<Json> ReadJson(std::string_view text, bool lshw) {
  const Limits limits;
  Result<Json> first = Error{ErrorCode::kMalformed, "no JSON"};
  std::size_t start = JsonStart(text);
  for (int tries = 0; tries < kMaxJsonStarts && start != text.npos; ++tries) {
    Result<Json> document = ParseJson(text.substr(start), limits);
    if (document.ok()) return document;
    if (tries == 0) first = std::move(document);
    const std::size_t end = text.find('\n', start);
    start = end == text.npos ? end : JsonStart(text, end + 1);
  }
  if (!lshw) return first;
  // Older releases print elements one after another, with commas and no brackets.
  std::string_view list = Trim(text);
  while (list.ends_with(',')) list = Trim(list.substr(0, list.size() - 1));
  Result<Json> wrapped = ParseJson("[" + std::string(list) + "]", limits);
  return wrapped.ok() ? std::move(wrapped) : std::move(first);
}

}  // namespace

bool HasJsonKey(std::string_view head, std::string_view name) {
  const std::string quoted = '"' + std::string(name) + '"';
  for (std::size_t at = head.find(quoted); at != head.npos; at = head.find(quoted, at + 1)) {
    const std::size_t after = head.find_first_not_of(" \t\r\n", at + quoted.size());
    if (after != head.npos && head[after] == ':') return true;
  }
  return false;
}

bool HasJsonPair(std::string_view head, std::string_view name, std::string_view value) {
  const std::string quoted = '"' + std::string(name) + '"';
  const std::string wanted = '"' + std::string(value) + '"';
  for (std::size_t at = head.find(quoted); at != head.npos; at = head.find(quoted, at + 1)) {
    std::size_t after = head.find_first_not_of(" \t\r\n", at + quoted.size());
    if (after == head.npos || head[after] != ':') continue;
    after = head.find_first_not_of(" \t\r\n", after + 1);
    if (after != head.npos && head.substr(after).starts_with(wanted)) return true;
  }
  return false;
}

std::optional<std::string> InventoryKind(ByteSpan head) {
  const std::string_view text =
      WithoutMark(AsText(head.first(std::min(head.size(), kInventoryHeadBytes))));
  if (const JsonKind* kind = FindJsonKind(text)) return kind->name;
  if (const TextKind* kind = FindTextKind(text)) return kind->name;
  return std::nullopt;
}

Result<HostInventory> ReadInventory(std::string_view text, const Location& location) {
  if (text.size() > kMaxInventoryBytes) {
    return Error{ErrorCode::kLimitExceeded, "an inventory of " + std::to_string(text.size()) +
                                                " bytes, limit " +
                                                std::to_string(kMaxInventoryBytes)};
  }
  text = WithoutMark(text);
  const std::string_view head = text.substr(0, kInventoryHeadBytes);
  HostInventory inventory;
  InventorySink sink(location, inventory);
  if (const JsonKind* kind = FindJsonKind(head)) {
    const Result<Json> document = ReadJson(text, std::string_view(kind->name) == "lshw-json");
    if (!document.ok()) return document.error();
    kind->parse(document.value(), sink);
    return inventory;
  }
  if (const TextKind* kind = FindTextKind(head)) {
    kind->parse(text, sink);
    return inventory;
  }
  return Error{ErrorCode::kUnsupported, "not a known inventory of accelerators"};
}

}  // namespace weighbridge
