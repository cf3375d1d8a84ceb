// Stores of container engines: records "path US content" separated by RS are inspected as
// side-cars (content that begins with GGUF counts as weights) and placed in images. A
// record may lie in a tar: "TAR!path".
#include <cstdint>
#include <string>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/images/place.h"
#include "scanner/sidecars/sidecars.h"

namespace {

using namespace weighbridge;

// Any answer, the same for the same question.
class HashFolders final : public LayerFolders {
 public:
  Reply Ask(const Location& folder, const std::string& path) const override {
    const std::size_t hash = std::hash<std::string>{}(folder.ToString() + path);
    return {static_cast<Answer>(hash % 4), hash % 3};
  }
};

void Inspect(const std::string& path, const std::string& text, std::vector<Artifact>& artifacts) {
  Limits limits;
  limits.max_json_values = 1 << 14;
  Artifact artifact;
  const std::size_t mark = path.find('!');
  artifact.location.path = path.substr(0, mark);
  if (mark != path.npos) artifact.location.members = {path.substr(mark + 1)};
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
    artifact.sha256 = text.size() > 4 ? text.substr(4) : "";
  } else if (!InspectSideCar(source, window, limits, artifact)) {
    return;
  }
  artifacts.push_back(std::move(artifact));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  std::vector<Artifact> artifacts;
  for (const std::string& record : Split(input, '\x1e')) {
    const std::size_t cut = record.find('\x1f');
    if (cut == std::string::npos || artifacts.size() >= 64) continue;
    Inspect(record.substr(0, cut), record.substr(cut + 1), artifacts);
  }
  LiveStores live;
  for (const Artifact& artifact : artifacts) {
    if (IsLiveDocument(artifact)) live.documents.push_back(artifact);
  }
  const HashFolders folders;
  live.folders = &folders;
  PlaceInImages({}, {}, artifacts, live);
  for (const Artifact& artifact : artifacts) {
    for (const ImagePlace& place : artifact.images) {
      if (place.position == 0 || place.position > place.layers) __builtin_trap();
    }
  }
  return 0;
}
