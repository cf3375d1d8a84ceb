// Pickle results in an Artifact, and the test "is this a pickle"; see the header.
#include "scanner/formats/pickle_report.h"

#include <algorithm>
#include <cctype>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using Risk = PickleImport::Risk;

// Enough to tell a pickle from text; the full walk comes with the parse.
constexpr std::uint64_t kProbeOpcodes = 2048;

bool IsDottedName(std::string_view text) {
  if (text.empty() || text.size() > 200) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  });
}

bool RunsCode(const PickleWalk& walk) {
  return std::any_of(walk.imports.begin(), walk.imports.end(), [](const PickleImport& import) {
    return import.risk == Risk::kCodeExecution && IsDottedName(import.module) &&
           IsDottedName(import.name);
  });
}

// The opcodes that can come first in a pickle without a marker.
bool MayBegin(std::uint8_t first) {
  constexpr std::string_view kFirst = "(])}cISVTUXNKMJGLFBCP2";
  return kFirst.find(static_cast<char>(first)) != std::string_view::npos ||
         (first >= 0x82 && first <= 0x98);
}

}  // namespace

void AddDiagnostic(Artifact& artifact, Severity severity, ErrorCode code, std::string message) {
  artifact.diagnostics.push_back({severity, code, artifact.location, std::move(message)});
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
  if (walk.complete) return;
  AddDiagnostic(artifact, Severity::kWarning, walk.fault.code,
                prefix + "pickle stops early: " + walk.fault.message);
  MarkPartial(artifact, "pickle stops early");
}

bool HasPickleMarker(ByteSpan head) { return head.size() >= 2 && head[0] == 0x80 && head[1] <= 5; }

bool LooksLikePickle(const ByteSource& source, std::uint64_t offset, std::uint64_t size) {
  if (size < 2) return false;
  auto head = ReadExactly(source, offset, std::min<std::uint64_t>(size, 3));
  if (!head.ok()) return false;
  const ByteSpan bytes(head.value());
  const bool marker = HasPickleMarker(bytes);
  if (!marker && !MayBegin(bytes[0])) return false;
  const SliceSource slice(source, offset, size);
  Limits limits;
  limits.max_pickle_opcodes = kProbeOpcodes;
  const PickleWalk walk = WalkPickle(slice, 0, limits);
  if (RunsCode(walk)) return true;
  if (marker) {
    // Damaged pickles stay pickles: a few opcodes that fit, or a frame, are enough.
    const bool framed = bytes.size() > 2 && bytes[2] == 0x95;
    return walk.complete || framed || !walk.imports.empty() || walk.opcodes > 6 ||
           walk.fault.code == ErrorCode::kTruncated;
  }
  if (walk.complete) return walk.end == size && (walk.opcodes >= 3 || !walk.imports.empty());
  if (walk.fault.code != ErrorCode::kLimitExceeded) return false;
  const PickleWalk whole = WalkPickle(slice, 0, Limits{});
  return RunsCode(whole) || (whole.complete && whole.end == size);
}

}  // namespace weighbridge
