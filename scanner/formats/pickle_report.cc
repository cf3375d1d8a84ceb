// Pickle results in an Artifact, and the test "is this a pickle"; see the header.
#include "scanner/formats/pickle_report.h"

#include <algorithm>
#include <cctype>

#include "scanner/base/text.h"
#include "scanner/formats/pickle_imports.h"

namespace weighbridge {
namespace {

using Risk = PickleImport::Risk;

// Enough to tell a pickle from text; the full walk comes with the parse.
constexpr std::uint64_t kProbeOpcodes = 2048;

bool IsDottedName(std::string_view text) {
  if (text.empty() || text.size() > 8192) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  });
}

bool IsNamed(const PickleImport& import) {
  return IsDottedName(import.module) && IsDottedName(import.name);
}

bool IsHidden(const PickleImport& import) { return import.module == "?" || import.name == "?"; }

// What text or other bytes do not do by chance: names of code spelled out, or names that
// earlier imports compute.
bool RunsCode(const PickleWalk& walk) {
  bool named = false;
  for (const PickleImport& import : walk.imports) {
    if (import.risk == Risk::kCodeExecution && IsNamed(import)) return true;
    if (named && IsHidden(import)) return true;
    named = named || IsNamed(import);
  }
  return false;
}

// Imports what libraries write, or names among opcodes enough to be no chance.
bool ImportsNames(const PickleWalk& walk) {
  constexpr std::uint64_t kManyOpcodes = 12;
  return std::any_of(walk.imports.begin(), walk.imports.end(), [&](const PickleImport& import) {
    return IsNamed(import) && (import.risk != Risk::kUnknown || walk.opcodes >= kManyOpcodes);
  });
}

// Without the marker. `end`: where the bytes end.
bool Makes(const PickleWalk& walk, std::uint64_t end) {
  if (RunsCode(walk)) return true;
  if (walk.odd != 0) return false;
  if (walk.complete && walk.end == end) return walk.opcodes >= 3 || !walk.imports.empty();
  return ImportsNames(walk) || (!walk.complete && walk.fault.code == ErrorCode::kLimitExceeded);
}

// With the marker: damaged pickles stay pickles. Protocols 0 and 1 are written without
// one, and other formats (Type 1 fonts) begin with 80 01.
bool MakesMarked(const PickleWalk& walk, ByteSpan head) {
  const bool framed = head.size() > 2 && head[2] == 0x95;
  const bool likely = walk.complete || framed || !walk.imports.empty() ||
                      walk.fault.code == ErrorCode::kTruncated ||
                      walk.fault.code == ErrorCode::kLimitExceeded;
  return likely || walk.opcodes > (head[1] >= 2 ? 2U : 6U);
}

}  // namespace

void AddDiagnostic(Artifact& artifact, Severity severity, ErrorCode code, std::string message,
                   DiagnosticKind kind) {
  artifact.diagnostics.push_back({severity, code, artifact.location, std::move(message), kind});
}

void MarkPartial(Artifact& artifact, std::string reason) {
  if (artifact.inspection != Inspection::kFull) return;
  artifact.inspection = Inspection::kPartial;
  artifact.not_inspected_reason = std::move(reason);
}

void ReportWalk(Artifact& artifact, const PickleWalk& walk, const std::string& member) {
  const std::string prefix = member.empty() ? "" : Printable(member) + ": ";
  auto& list = artifact.pickle_imports;
  for (PickleImport import : walk.imports) {
    import.member = member;
    if (std::find(list.begin(), list.end(), import) != list.end()) continue;
    if (list.size() < PickleWalk::kMaxImports) {
      list.push_back(std::move(import));
      continue;
    }
    const auto mild = std::find_if(list.begin(), list.end(), [](const PickleImport& other) {
      return other.risk != Risk::kCodeExecution;
    });
    if (import.risk == Risk::kCodeExecution && mild != list.end()) *mild = std::move(import);
  }
  if (walk.imports_cut) {
    AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kLimitExceeded,
                  prefix + "pickle imports more than " + std::to_string(PickleWalk::kMaxImports) +
                      " names, the rest are not listed");
    MarkPartial(artifact, "pickle imports cut");
  }
  if (walk.tree_cut) {
    AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kLimitExceeded,
                  prefix + "pickle builds more values than are kept, the rest are not shown");
    MarkPartial(artifact, "pickle too large to keep");
  }
  const auto extension =
      std::find_if(walk.imports.begin(), walk.imports.end(), [](const PickleImport& import) {
        return import.module == "copyreg" && import.name.starts_with(kPickleExtension);
      });
  if (extension != walk.imports.end()) {
    AddDiagnostic(artifact, Severity::kNote, ErrorCode::kUnsupported,
                  prefix + "pickle calls " + extension->name +
                      " of copyreg: what it stands for, the loading program decides");
  }
  if (walk.complete) return;
  AddDiagnostic(artifact, Severity::kWarning, walk.fault.code,
                prefix + "pickle stops early: " + walk.fault.message);
  MarkPartial(artifact, "pickle stops early");
}

bool HasPickleMarker(ByteSpan head) { return head.size() >= 2 && head[0] == 0x80 && head[1] <= 5; }

bool MayBeginPickle(std::uint8_t first) {
  // The opcodes that need nothing on the stack.
  constexpr std::string_view kFirst = "(])}cISVTUXNKMJGLFBCP";
  return kFirst.find(static_cast<char>(first)) != std::string_view::npos ||
         (first >= 0x80 && first <= 0x98);
}

PickleWalk PickleBudget::Walk(const ByteSource& source, std::uint64_t offset,
                              std::uint64_t max_opcodes) {
  Limits limits = left_;
  limits.max_pickle_opcodes = std::min(limits.max_pickle_opcodes, max_opcodes);
  PickleWalk walk = WalkPickle(source, offset, limits);
  left_.max_pickle_opcodes -= std::min(left_.max_pickle_opcodes, walk.opcodes);
  left_.max_pickle_bytes -= std::min(left_.max_pickle_bytes, walk.bytes);
  return walk;
}

bool LooksLikePickle(const ByteSource& source, std::uint64_t offset, std::uint64_t size,
                     PickleBudget& budget) {
  constexpr int kMaxInARow = 64;
  if (size < 2) return false;
  const SliceSource slice(source, offset, size);
  std::uint64_t at = 0;
  // Whole pickles behind each other, or the first that says what this is.
  for (int i = 0; i < kMaxInARow && at < size; ++i) {
    auto head = ReadExactly(slice, at, std::min<std::uint64_t>(size - at, 3));
    if (!head.ok()) return false;
    const ByteSpan bytes(head.value());
    const bool marker = HasPickleMarker(bytes);
    if (!marker && !MayBeginPickle(bytes[0])) return false;
    PickleWalk walk = budget.Walk(slice, at, kProbeOpcodes);
    if (RunsCode(walk) || (marker && MakesMarked(walk, bytes))) return true;
    const bool cut = !walk.complete && walk.fault.code == ErrorCode::kLimitExceeded;
    if (cut && walk.odd == 0 && !budget.spent()) walk = budget.Walk(slice, at);
    if (Makes(walk, size)) return true;
    if (!walk.complete || walk.odd != 0) return false;
    at = walk.end;
  }
  return false;
}

bool LooksLikePickle(const ByteSource& source, std::uint64_t offset, std::uint64_t size) {
  PickleBudget budget;
  return LooksLikePickle(source, offset, size, budget);
}

}  // namespace weighbridge
