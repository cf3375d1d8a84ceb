#include <optional>
#include <string>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/lspci_fields.h"
#include "scanner/accelerators/pci_roles.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

struct Head {
  LspciFunction function;
  bool has_ids = false;
};

// Makers whose names lspci runs together with the product when it prints no ids.
constexpr std::string_view kMakers[] = {
    "NVIDIA Corporation", "Advanced Micro Devices, Inc. [AMD/ATI]",
    "Intel Corporation",  "Huawei Technologies Co., Ltd.",
    "Habana Labs Ltd.",   "Moore Threads Technology Co.,Ltd"};

// Cuts "(rev a1)" and "(prog-if 00 [VGA controller])" off the end.
std::string_view CutNotes(std::string_view text, LspciFunction& function) {
  while (text.ends_with(")")) {
    const std::size_t open = text.rfind(" (");
    if (open == text.npos) break;
    const std::string_view note = text.substr(open + 2, text.size() - open - 3);
    if (note.starts_with("rev ")) {
      function.revision = note.substr(4);
    } else if (note.starts_with("prog-if ")) {
      function.interface = note.substr(8, 2);
    } else {
      break;
    }
    text = Trim(text.substr(0, open));
  }
  return text;
}

// "Vendor words device words [10de:2330]", "Device 1d22:3684", "10de:2330". The words of
// vendor and device cannot be told apart; the maker's known name is cut off if it is there.
bool SplitProduct(std::string_view text, Head& head) {
  LspciFunction& function = head.function;
  std::string_view pair;
  if (const auto parts = LastBracket(text); parts && parts->bracket.size() == 9) {
    pair = parts->bracket;
    text = parts->text;
  } else {
    const std::size_t space = text.rfind(' ');
    pair = space == text.npos ? text : text.substr(space + 1);
    if (pair.size() == 9) text = space == text.npos ? "" : text.substr(0, space);
  }
  if (pair.size() == 9 && pair[4] == ':' && !PciId(pair.substr(0, 4)).empty() &&
      !PciId(pair.substr(5)).empty()) {
    head.has_ids = true;
    function.vendor = pair.substr(0, 4);
    function.device = pair.substr(5);
  }
  text = Trim(text);
  if (head.has_ids) return true;
  for (const std::string_view maker : kMakers) {
    if (!text.starts_with(maker)) continue;
    function.vendor = maker;
    function.device = Trim(text.substr(maker.size()));
    return true;
  }
  function.device = text;
  return !text.empty();
}

// "17:00.0 3D controller [0302]: NVIDIA Corporation GH100 [H100] [10de:2330] (rev a1)"
std::optional<Head> ParseHead(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == line.npos || !IsSlot(line.substr(0, space))) return std::nullopt;
  Head head;
  head.function.slot = line.substr(0, space);
  const std::size_t colon = line.find(": ", space);
  if (colon == line.npos) return std::nullopt;
  head.function.class_field = Trim(line.substr(space, colon - space));
  const std::string_view rest = CutNotes(Trim(line.substr(colon + 2)), head.function);
  if (head.function.class_field.empty() || !SplitProduct(rest, head)) return std::nullopt;
  return head;
}

// What lspci says of a product in words, when ids are there too.
std::string Words(std::string_view line) {
  LspciFunction ignored;
  std::string_view rest = CutNotes(Trim(line.substr(line.find(": ") + 2)), ignored);
  if (const auto parts = LastBracket(rest); parts && parts->bracket.size() == 9)
    rest = parts->text;
  else
    return {};
  if (rest.ends_with(" Device") || rest == "Device") return {};
  for (const std::string_view maker : kMakers) {
    if (rest.starts_with(maker)) rest = Trim(rest.substr(maker.size()));
  }
  return Clip(rest);
}

// An indented line of -v or -k.
void ReadDetail(std::string_view line, LspciFunction& function) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return;
  const std::string_view key = Trim(line.substr(0, colon));
  const std::string_view value = Trim(line.substr(colon + 1));
  if (key == "Kernel driver in use") function.driver = value;
  if (key != "Subsystem") return;
  const auto parts = LastBracket(value);
  const std::string_view pair = parts ? parts->bracket : value;
  if (pair.size() != 9 || pair[4] != ':') return;
  function.subsystem_vendor = pair.substr(0, 4);
  function.subsystem_device = pair.substr(5);
}

// "40: 01 68 03 00 ..." of -x.
bool IsHexDump(std::string_view line) {
  const std::size_t colon = line.find(':');
  return (colon == 2 || colon == 3) && line.substr(colon).starts_with(": ") &&
         ParseHex(line.substr(0, colon)).has_value();
}

void Emit(const std::optional<Head>& head, const std::string& words, InventorySink& sink) {
  if (!head) return;
  // Virtual functions are told by words, which ids have displaced here.
  if (words.find("Virtual Function") != std::string::npos) return;
  LspciFunction function = head->function;
  std::string named;
  if (head->has_ids && !words.empty()) {
    named = words + " [" + std::string(function.device) + "]";
    function.device = named;
  }
  AddLspciFunction(function, "lspci", sink);
}

}  // namespace

bool IsLspci(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  for (int seen = 0; seen < 40 && lines.Next(&line); ++seen) {
    if (line.empty() || line[0] == ' ' || line[0] == '\t' || line[0] == '#') continue;
    const auto first = ParseHead(line);
    if (!first) return false;
    const std::string_view kind = first->function.class_field;
    // A class id, or at least one of the words that pci.ids has for classes.
    return first->has_ids || LastBracket(kind).has_value() || !ClassOfWords(kind).empty() ||
           kind == "Host bridge" || kind == "PCI bridge" || kind == "ISA bridge";
  }
  return false;
}

void ParseLspci(std::string_view text, InventorySink& sink) {
  Lines lines(text);
  std::string_view line;
  std::optional<Head> head;
  std::string words;
  while (lines.Next(&line)) {
    if (line.starts_with('\t') || line.starts_with("  ")) {
      if (head) ReadDetail(line, head->function);
      continue;
    }
    if (Trim(line).empty() || IsHexDump(line)) continue;
    Emit(head, words, sink);
    head = ParseHead(line);
    if (head) {
      words = head->has_ids ? Words(line) : std::string();
    } else {
      sink.WarnAt(lines.number(), ErrorCode::kMalformed, "not a function of lspci");
    }
  }
  Emit(head, words, sink);
}

}  // namespace weighbridge
