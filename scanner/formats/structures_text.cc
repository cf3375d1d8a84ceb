// Line grammars and small binary heads that have no fixed signature (formats reference 3.4,
// 3.17, 3.18, 3.22). Each test rejects on the first byte.
#include <algorithm>

#include "scanner/base/byte_reader.h"
#include "scanner/base/text.h"
#include "scanner/formats/proto_fields.h"
#include "scanner/formats/structures.h"

namespace weighbridge {
namespace {

using namespace std::string_view_literals;

bool Contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

bool StartsWith(std::string_view text, std::string_view word) {
  return text.substr(0, word.size()) == word;
}

// The first line that is neither blank nor a comment.
std::string_view FirstLine(std::string_view text) {
  for (int i = 0; i < 64 && !text.empty(); ++i) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    if (!line.empty() && line[0] != '#' && line[0] != ';') return line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace

// [net] or [network] first, then layers; hyper-parameters of training or input size.
bool IsDarknet(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  if (text.empty() || (text[0] != '[' && text[0] != '#' && text[0] != '\n')) return false;
  const std::string_view first = FirstLine(text);
  if (first != "[net]" && first != "[network]") return false;
  const bool layers = Contains(text, "\n[convolutional]") || Contains(text, "\n[connected]") ||
                      Contains(text, "\n[maxpool]") || Contains(text, "\n[softmax]");
  return layers && (Contains(text, "batch=") || Contains(text, "height=") ||
                    Contains(text, "channels=") || Contains(text, "inputs="));
}

// torch.serialize (torch/torch7: File.lua). Binary: i32 type 4 (object) or 3 (table), i32
// index 1, ... i32 3 "V 1", i32 length, class name. Text: the same numbers a line each.
bool IsTorch7(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  if (StartsWith(text, "4\n1\n3\nV 1\n"sv) || StartsWith(text, "3\n1\n"sv)) {
    const std::string_view start = text.substr(0, 4096);
    return Contains(start, "\nV 1\n") && (Contains(start, "\nnn.") || Contains(start, "\ntorch."));
  }
  if (!StartsWith(text, "\4\0\0\0\1\0\0\0"sv) && !StartsWith(text, "\3\0\0\0\1\0\0\0"sv)) {
    return false;
  }
  const std::size_t at = text.substr(0, 4096).find("\3\0\0\0V 1"sv);
  if (at == text.npos || (text[0] == 4 && at != 8)) return false;
  ByteReader in(window.head.subspan(at + 7));
  const auto length = in.ReadLe<std::uint32_t>("class name length");
  const std::string_view name = AsText(in.ReadBytes(length, "class name"));
  return in.ok() && length <= 128 && Contains(name, ".") && name[0] >= 'a' && name[0] <= 'z' &&
         IsProtoWord(AsBytes(name));
}

// Java serialisation of a class of Weka; never deserialised.
bool IsWeka(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head).substr(0, 512);
  return StartsWith(text, "\xAC\xED\0\5"sv) && Contains(text, "weka."sv);
}

// u64 version 1, u64 count of items, headers; one item is the configuration.
bool IsMarianBinary(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  return StartsWith(text, "\1\0\0\0\0\0\0\0"sv) && Contains(text, "special:model.yml"sv);
}

// u16 meta version <= 2, then a 16-byte text "v2.10.0".
bool IsPaddleLite(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  if (window.size < 64 || text.size() < 18 || text[2] != 'v' || text[1] != 0) return false;
  if (window.head[0] > 2) return false;
  const std::string_view version = text.substr(3, 15);
  const std::size_t end = std::min(version.find('\0'), version.size());
  const std::string_view digits = version.substr(0, end);
  return digits.size() >= 3 && digits[0] >= '0' && digits[0] <= '9' && Contains(digits, ".") &&
         digits.find_first_not_of("0123456789.abcdefghijklmnopqrstuvwxyz-") == digits.npos &&
         version.substr(end).find_first_not_of('\0') == version.npos;
}
void DescribePaddleLite(const ProbeWindow& window, Artifact& artifact) {
  const std::string_view version = AsText(window.head).substr(2, 16);
  artifact.format_version = std::string(version.substr(0, version.find('\0')));
}

// CNTK v2: Dictionary {1 version, 2 entry {1 key, 2 value}} of a function.
bool IsCntk2(const ProbeWindow& window) {
  if (window.head.size() < 16 || window.head[0] != 0x08) return false;
  ProtoFields dictionary(window.head);
  if (!dictionary.Next(1, 0) || dictionary.field.value > 16 || !dictionary.Next(2, 2)) return false;
  ProtoFields entry(dictionary.payload);
  if (!entry.Next(1, 2) || !IsProtoWord(entry.payload)) return false;
  const std::string_view text = AsText(window.head);
  return Contains(text, "root_uid"sv) || Contains(text, "primitive_functions"sv);
}

// tfhub_module.pb is two bytes; alone they say nothing, so the name must agree.
bool IsTfHub(const ProbeWindow& window) {
  return window.size == 2 && AsText(window.head) == "\x08\x03"sv &&
         window.file_name == "tfhub_module.pb";
}

// A compiled Core ML model's program text, or its metadata: [{"specificationVersion": 7, ...
bool IsMlModelC(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  if (StartsWith(text, "program("sv))
    return Contains(text.substr(0, 4096), "func ") && Contains(text.substr(0, 512), "buildInfo");
  if (text.empty() || text[0] != '[') return false;
  return Contains(text, "\"specificationVersion\"") &&
         (Contains(text, "\"metadataOutputVersion\"") || Contains(text, "\"storagePrecision\""));
}

// Triton config.pbtxt: text protobuf without a signature, so the name must agree.
bool IsTriton(const ProbeWindow& window) {
  if (window.file_name != "config.pbtxt") return false;
  const std::string_view text = AsText(window.head);
  return (Contains(text, "platform") || Contains(text, "backend")) &&
         (Contains(text, "max_batch_size") || Contains(text, "input"));
}

// "ET" and two digits at 4, root offset inside the file (signatures know today's ET12).
bool IsExecuTorch(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  const auto digit = [text](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (window.size < 32 || text.size() < 8 || text[4] != 'E' || text[5] != 'T') return false;
  ByteReader in(window.head);
  return digit(6) && digit(7) && in.ReadLe<std::uint32_t>("root") < window.size;
}
void DescribeExecuTorch(const ProbeWindow& window, Artifact& artifact) {
  artifact.format_version = std::string(AsText(window.head).substr(6, 2));
}

// ar (System V): "!<arch>\n", headers of 60 bytes that end in "`\n". A symbol table first
// is a static library of objects, which holds no models.
bool IsAr(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  if (!StartsWith(text, "!<arch>\n"sv) || text.size() < 68 || text.substr(66, 2) != "`\n") {
    return false;
  }
  const std::string_view name = Trim(text.substr(8, 16));
  const std::string_view plain = name.substr(0, std::min(name.find('/', 1), name.size()));
  const bool objects = plain == "/" || StartsWith(name, "/SYM64"sv) ||
                       StartsWith(name, "__.SYMDEF"sv) || StartsWith(name, "//"sv) ||
                       (plain.size() > 2 && plain.substr(plain.size() - 2) == ".o");
  return !objects;
}

}  // namespace weighbridge
