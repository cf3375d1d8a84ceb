// One reading of the central directory, then the first row whose test on the member
// names says yes. Rows follow the formats' own documents (see the row's comment);
// what no row knows is a plain zip: a container that is not opened here.
#include "scanner/formats/zip_family.h"

#include <algorithm>
#include <array>

#include "scanner/base/text.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/pytorch_zip.h"
#include "scanner/formats/zip_claims.h"
#include "scanner/formats/zip_member.h"
#include "scanner/formats/zip_pickles.h"
#include "scanner/formats/zip_tensors.h"
#include "scanner/source/zip_directory.h"

namespace weighbridge {
namespace {

using Names = const ZipDirectory&;

template <typename Test>
bool AnyName(Names zip, Test test) {
  return std::any_of(zip.entries().begin(), zip.entries().end(),
                     [&](const ZipEntry& entry) { return test(zip.Name(entry)); });
}
template <typename Test>
bool AllNames(Names zip, Test test) {
  return !zip.entries().empty() && !AnyName(zip, [&](std::string_view n) { return !test(n); });
}
bool Has(Names zip, std::string_view name) { return zip.Find(name) != nullptr; }
bool HasBelow(Names zip, std::string_view suffix) {
  return AnyName(zip, [&](std::string_view name) { return name.ends_with(suffix); });
}

// P/.data/version or .data/version, and no data.pkl (torch/package/_package_pickler).
bool IsTorchPackage(Names zip) {
  return Has(zip, ".data/version") || HasBelow(zip, "/.data/version");
}
// torch/csrc/export/pt2_archive_constants.h
// torch.export.save of 2.1 to 2.6 wrote its parts at the top.
bool IsPt2(Names zip) {
  return Has(zip, "archive_format") || HasBelow(zip, "/archive_format") ||
         (Has(zip, "serialized_exported_program.json") && Has(zip, "serialized_state_dict.pt"));
}
// keras/src/saving/saving_lib.py
bool IsKeras(Names zip) { return Has(zip, "metadata.json") && Has(zip, "config.json"); }
// huggingface_hub/serialization/_dduf.py
bool IsDduf(Names zip) {
  const bool stored = std::all_of(zip.entries().begin(), zip.entries().end(),
                                  [](const ZipEntry& entry) { return entry.method == 0; });
  return stored && Has(zip, "model_index.json") && AllNames(zip, [](std::string_view name) {
           return std::count(name.begin(), name.end(), '/') <= 1 &&
                  (name.ends_with(".json") || name.ends_with(".model") ||
                   name.ends_with(".safetensors") || name.ends_with(".txt"));
         });
}
bool IsMar(Names zip) { return Has(zip, "MAR-INF/MANIFEST.json"); }
bool IsWheel(Names zip) { return HasBelow(zip, ".dist-info/WHEEL"); }
bool IsMarian(Names zip) { return Has(zip, "special:model.yml.npy"); }
bool IsNpz(Names zip) {
  return AllNames(zip, [](std::string_view name) { return name.ends_with(".npy"); });
}
bool IsDlc(Names zip) { return Has(zip, "dlc.metadata") && Has(zip, "model"); }
bool IsDl4j(Names zip) { return Has(zip, "configuration.json") && Has(zip, "coefficients.bin"); }
bool IsMlnet(Names zip) {
  return AnyName(zip, [](std::string_view name) { return name.starts_with("TransformerChain"); });
}
bool IsNnabla(Names zip) { return Has(zip, "network.nntxt") || Has(zip, "nnp_version.txt"); }
bool IsMediapipe(Names zip) {
  return AllNames(zip, [](std::string_view name) { return name.find('/') == name.npos; }) &&
         (HasBelow(zip, ".tflite") || Has(zip, "TF_LITE_PREFILL_DECODE"));
}

struct Row {
  const char* format;
  bool (*is)(Names zip);
  ArtifactKind kind;
};
// The first match wins; the narrow tests come first.
constexpr auto kRows = std::to_array<Row>({
    {"pt2", IsPt2, ArtifactKind::kWeights},
    {"torch_package", IsTorchPackage, ArtifactKind::kWeights},
    {"keras_zip", IsKeras, ArtifactKind::kWeights},
    {"torchserve_mar", IsMar, ArtifactKind::kContainer},
    {"wheel", IsWheel, ArtifactKind::kContainer},
    {"marian", IsMarian, ArtifactKind::kWeights},
    {"npz", IsNpz, ArtifactKind::kArray},
    {"dlc", IsDlc, ArtifactKind::kWeights},
    {"dl4j", IsDl4j, ArtifactKind::kWeights},
    {"mlnet", IsMlnet, ArtifactKind::kWeights},
    {"nnabla", IsNnabla, ArtifactKind::kWeights},
    {"dduf", IsDduf, ArtifactKind::kContainer},
    {"mediapipe_task", IsMediapipe, ArtifactKind::kContainer},
});

bool StartsWithWord(ByteSpan head, std::string_view word) {
  return head.size() >= word.size() && AsText(head.first(word.size())) == word;
}

// Actually Portable Executables (cosmopolitan libc): DOS first or shell first.
bool IsApe(ByteSpan head) {
  return StartsWithWord(head, "MZqFpD='") || StartsWithWord(head, "jartsr='");
}

bool IsProgram(ByteSpan head) {
  constexpr auto kMagics = std::to_array<std::string_view>(
      {"\x7f"
       "ELF",
       "MZ", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\xca\xfe\xba\xbe"});
  return IsApe(head) || std::any_of(kMagics.begin(), kMagics.end(),
                                    [head](std::string_view m) { return StartsWithWord(head, m); });
}

// Formats that put something of their own in front of an archive: scripts (Python's
// zipapp, self-extracting shells), Java's jmod, Chrome's crx.
bool HasOwnHead(ByteSpan head) {
  using namespace std::string_view_literals;
  return StartsWithWord(head, "#!") || StartsWithWord(head, "JM\x01\0"sv) ||
         StartsWithWord(head, "Cr24");
}

bool TailHasEnd(const ProbeWindow& window) {
  if (!window.tail.empty()) return HasZipEnd(window.tail);
  if (window.head.size() >= window.size) return HasZipEnd(window.head);
  if (window.source == nullptr) return false;
  const std::uint64_t span = std::min<std::uint64_t>(window.size, kTailBytes);
  auto tail = ReadExactly(*window.source, window.size - span, span);
  return tail.ok() && HasZipEnd(tail.value());
}

void ReportDirectory(const ZipDirectory& zip, ByteSpan head, Artifact& artifact) {
  const auto warn = [&](std::string message, DiagnosticKind kind) {
    AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kMalformed, std::move(message), kind);
  };
  for (const std::string& text : zip.disagreements()) {
    warn("zip-differential: " + text, DiagnosticKind::kArchiveDifferential);
  }
  if (zip.first_byte() != 0 && HasOwnHead(head)) {
    AddDiagnostic(artifact, Severity::kNote, ErrorCode::kMalformed,
                  std::to_string(zip.first_byte()) +
                      " bytes before the first member, as its format has them");
  } else if (zip.first_byte() != 0 && !IsProgram(head)) {
    warn("zip-differential: " + std::to_string(zip.first_byte()) + " bytes before the first member",
         DiagnosticKind::kArchiveDifferential);
  }
  for (const std::string& text : zip.escaping_names()) {
    warn("zip member " + text, DiagnosticKind::kPathTraversal);
  }
  for (const std::string& text : zip.name_notes()) {
    warn("zip member " + text, DiagnosticKind::kNameControl);
  }
  for (const std::string& text : zip.limit_notes()) {
    AddDiagnostic(artifact, Severity::kNote, ErrorCode::kLimitExceeded, text);
  }
}

void NotOpened(Artifact& artifact, const char* reason) {
  artifact.inspection = Inspection::kNotInspected;
  artifact.not_inspected_reason = reason;
}

// A program with members: llamafile when weights or its argument list are inside.
bool ParseLlamafile(const ByteSource& source, const ZipDirectory& zip, ByteSpan head,
                    Artifact& artifact) {
  std::size_t weights = 0;
  for (const ZipEntry& entry : zip.entries()) {
    if (!entry.located || !entry.stored() || weights >= 64) continue;
    auto magic = ReadExactly(source, entry.data_offset, 4);
    if (!magic.ok() || AsText(magic.value()) != "GGUF") continue;
    ++weights;
    artifact.claims.push_back({"llamafile:member", Printable(zip.Name(entry))});
  }
  const ZipEntry* arguments = zip.Find(".args");
  if (weights == 0 && (arguments == nullptr || !IsApe(head))) return false;
  artifact.format = "llamafile";
  artifact.kind = ArtifactKind::kContainer;
  NotOpened(artifact, weights == 0 ? "llamafile engine, no embedded model" : "archive not opened");
  if (arguments == nullptr) return true;
  auto text = ReadZipMember(source, *arguments, 4096);
  if (!text.ok()) return true;
  for (const std::string& line : Split(AsText(text.value()), '\n')) {
    if (!Trim(line).empty() && artifact.claims.size() < 128) {
      artifact.claims.push_back({"llamafile:args", Printable(Trim(line))});
    }
  }
  return true;
}

// More than one folder holds a data.pkl: loaders may pick different ones.
void CheckSeveralPickles(const ZipDirectory& zip, Artifact& artifact) {
  const auto count =
      std::count_if(zip.entries().begin(), zip.entries().end(), [&](const ZipEntry& entry) {
        const std::string_view name = zip.Name(entry);
        return name == "data.pkl" || name.ends_with("/data.pkl");
      });
  if (count <= 1) return;
  AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kMalformed,
                "zip-differential: " + std::to_string(count) + " members are named data.pkl",
                DiagnosticKind::kArchiveDifferential);
}

void ParseOther(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
                Artifact& artifact) {
  artifact.format = "zip";
  artifact.kind = ArtifactKind::kContainer;
  NotOpened(artifact, "archive not opened");
  for (const Row& row : kRows) {
    if (!row.is(zip)) continue;
    artifact.format = row.format;
    artifact.kind = row.kind;
    if (row.kind != ArtifactKind::kContainer) NotOpened(artifact, "members not inspected");
    break;
  }
  AddZipClaims(source, zip, limits, artifact);
  AddZipTensors(source, zip, limits, artifact);
  ReportPickleMembers(source, zip, nullptr, limits, artifact);
}

void ParseDamaged(const ByteSource& source, const Error& error, const Limits& limits,
                  Artifact& artifact) {
  const ZipDirectory zip = ZipDirectory::Salvage(source, limits);
  AddDiagnostic(artifact, Severity::kError,
                error.code == ErrorCode::kNotFound ? ErrorCode::kTruncated : error.code,
                "zip: " + error.message);
  const std::string folder = FindTorchFolder(zip);
  MarkPartial(artifact, "zip directory cannot be read");
  if (!folder.empty()) {
    ParsePytorchZip(source, zip, folder, true, limits, artifact);
    return;
  }
  artifact.format = "zip";
  artifact.kind = ArtifactKind::kContainer;
  ReportPickleMembers(source, zip, nullptr, limits, artifact);
}

}  // namespace

bool ProbeZip(const ProbeWindow& window) {
  if (StartsWithWord(window.head, "PK\x03\x04")) return true;
  if (StartsWithWord(window.head, "PK\x05\x06") && window.size < kTailBytes) return true;
  return IsProgram(window.head) && ProbeTrailingZip(window);
}

bool ProbeTrailingZip(const ProbeWindow& window) {
  if (!TailHasEnd(window)) return false;
  if (window.source == nullptr) return true;
  Limits limits;
  limits.max_zip_directory_bytes = 64ULL << 20;
  auto zip = ZipDirectory::Read(*window.source, limits);
  if (!zip.ok()) return zip.error().code == ErrorCode::kLimitExceeded;
  return zip.value().entry_count() > 0;
}

void ParseZip(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
              Artifact& artifact) {
  auto read = ZipDirectory::Read(source, limits);
  if (!read.ok()) {
    ParseDamaged(source, read.error(), limits, artifact);
    return;
  }
  const ZipDirectory& zip = read.value();
  const bool program = IsProgram(window.head);
  ReportDirectory(zip, window.head, artifact);
  if (program && ParseLlamafile(source, zip, window.head, artifact)) return;
  CheckSeveralPickles(zip, artifact);
  const std::string folder = FindTorchFolder(zip);
  if (!folder.empty()) {
    ParsePytorchZip(source, zip, folder, false, limits, artifact);
    return;
  }
  ParseOther(source, zip, limits, artifact);
}

}  // namespace weighbridge
