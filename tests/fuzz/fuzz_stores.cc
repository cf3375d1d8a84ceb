// Stores: records "path US content" separated by RS are inspected as side-cars (content
// that begins with GGUF counts as weights), joined and checked.
#include <cstdint>
#include <string>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/sidecars/sidecars.h"
#include "scanner/stores/stores.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const std::string input(reinterpret_cast<const char*>(data), size);
  std::vector<Artifact> artifacts;
  Limits limits;
  limits.max_json_values = 1 << 14;
  for (const std::string& record : Split(input, '\x1e')) {
    const std::size_t cut = record.find('\x1f');
    if (cut == std::string::npos || artifacts.size() >= 64) continue;
    const std::string text = record.substr(cut + 1);
    Artifact artifact;
    artifact.location.path = record.substr(0, cut);
    artifact.size_bytes = text.size();
    const std::string folder = artifact.location.Folder();
    const MemorySource source(text);
    ProbeWindow window;
    window.head = AsBytes(text).first(text.size() < kHeadBytes ? text.size() : kHeadBytes);
    window.source = &source;
    window.size = text.size();
    window.file_name = artifact.location.FileName();
    window.folder_name = std::string_view(folder).substr(folder.rfind('/') + 1);
    if (text.rfind("GGUF", 0) == 0) {
      artifact.kind = ArtifactKind::kWeights;
      artifact.format = "gguf";
      artifact.sha256 = std::string(64, '0');
    } else if (!InspectSideCar(source, window, limits, artifact)) {
      continue;
    }
    artifacts.push_back(std::move(artifact));
  }
  JoinStores(artifacts);
  CheckStores(artifacts);
  for (const Artifact& artifact : artifacts) {
    if (artifact.kind == ArtifactKind::kWeights && !artifact.ClaimOr("store:path").empty() &&
        artifact.ClaimOr("store:kind").empty()) {
      __builtin_trap();
    }
  }
  return 0;
}
