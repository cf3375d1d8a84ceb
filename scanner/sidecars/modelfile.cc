// Line grammar (ollama docs/modelfile.md, parser/parser.go): INSTRUCTION arguments;
// instructions in any case; `#` starts a comment line; an argument may span lines
// between """ and """.
//
//   FROM qwen2.5:7b
//   PARAMETER temperature 0.7
//   SYSTEM """You are
//   helpful."""
#include "scanner/sidecars/modelfile.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr const char* kName = "modelfile";
constexpr std::string_view kTriple = "\"\"\"";
// A Modelfile may hold a whole licence text or two.
constexpr std::uint64_t kMaxModelfileBytes = 1ULL << 20;

constexpr std::array<std::string_view, 10> kInstructions = {
    "from",    "parameter", "template", "system", "adapter",
    "license", "message",   "renderer", "parser", "requires"};

struct Instruction {
  std::string word;  // lower case
  std::string argument;
};

// Cuts the next line off `rest`, without its end.
std::string_view NextLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

// The argument that starts at `text`, which may run on into `rest`; nullopt when a
// """ never closes.
std::optional<std::string> TakeArgument(std::string_view text, std::string_view& rest) {
  text = Trim(text);
  if (text.substr(0, kTriple.size()) != kTriple) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
      text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
  }
  text.remove_prefix(kTriple.size());
  const std::size_t here = text.find(kTriple);
  if (here != std::string_view::npos) return std::string(text.substr(0, here));
  const std::size_t close = rest.find(kTriple);
  if (close == std::string_view::npos) return std::nullopt;
  std::string argument(text);
  argument += '\n';
  argument.append(rest.substr(0, close));
  rest.remove_prefix(close + kTriple.size());
  NextLine(rest);
  return argument;
}

struct Parsed {
  std::vector<Instruction> instructions;
  bool fits = false;  // every line is an instruction, and FROM is among them
  bool unterminated = false;
};

Parsed Parse(std::string_view rest) {
  Parsed parsed;
  bool has_from = false;
  while (!rest.empty()) {
    const std::string_view line = Trim(NextLine(rest));
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.find_first_of(" \t");
    if (space == std::string_view::npos) return parsed;
    Instruction instruction;
    instruction.word = ToLower(line.substr(0, space));
    if (std::find(kInstructions.begin(), kInstructions.end(), instruction.word) ==
        kInstructions.end()) {
      return parsed;
    }
    std::optional<std::string> argument = TakeArgument(line.substr(space), rest);
    parsed.unterminated = !argument.has_value();
    if (parsed.unterminated) break;
    instruction.argument = std::move(*argument);
    has_from = has_from || instruction.word == "from";
    parsed.instructions.push_back(std::move(instruction));
  }
  parsed.fits = has_from;
  return parsed;
}

}  // namespace

bool ReadModelfile(const SideCarInput& input, Artifact& artifact) {
  if (!LooksLikeText(input.window.head)) return false;
  auto text = ReadText(input.source, kMaxModelfileBytes);
  if (!text.ok()) return false;
  const Parsed parsed = Parse(text.value());
  if (!parsed.fits) return false;
  artifact.kind = ArtifactKind::kModelfile;
  artifact.format = kName;
  for (const Instruction& instruction : parsed.instructions) {
    if (instruction.word == "from" || instruction.word == "adapter" ||
        instruction.word == "license" || instruction.word == "parameter") {
      AddClaim(artifact, input.limits, "modelfile:" + instruction.word, Trim(instruction.argument));
    }
  }
  if (parsed.unterminated) {
    MarkPartial(artifact, ErrorCode::kTruncated, kName, "a \"\"\" text is not closed");
  } else if (input.source.size() > kMaxModelfileBytes) {
    MarkPartial(artifact, ErrorCode::kLimitExceeded, kName,
                "Modelfile of " + std::to_string(input.source.size()) + " bytes, limit " +
                    std::to_string(kMaxModelfileBytes));
  }
  return true;
}

}  // namespace weighbridge
