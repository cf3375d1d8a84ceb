#include "scanner/pipeline/live_stores.h"

#include <unistd.h>

#include "scanner/images/place.h"
#include "scanner/source/overlay_folder.h"

namespace weighbridge {
namespace {

LayerFolders::Answer AnswerOf(OverlayAnswer answer) {
  switch (answer) {
    case OverlayAnswer::kNeither: return LayerFolders::Answer::kNeither;
    case OverlayAnswer::kHolds: return LayerFolders::Answer::kHolds;
    case OverlayAnswer::kDeletes: return LayerFolders::Answer::kDeletes;
    case OverlayAnswer::kUnknown: break;
  }
  return LayerFolders::Answer::kUnknown;
}

}  // namespace

std::vector<Artifact> LiveDocuments(const std::vector<Artifact>& artifacts, Inspector& inspector) {
  std::vector<Artifact> documents;
  for (const Artifact& artifact : artifacts) {
    if (!IsLiveDocument(artifact)) continue;
    for (const Diagnostic& diagnostic : artifact.diagnostics) inspector.Report(diagnostic);
    documents.push_back(artifact);
  }
  return documents;
}

WalkedFolders::WalkedFolders(const Walk& walk) : walk_(walk), trusted_(SeesTrustedAttributes()) {}

LayerFolders::Reply WalkedFolders::Ask(const Location& folder, const std::string& path) const {
  if (!folder.members.empty() || exhausted()) return {};
  ++questions_;
  auto opened = walk_.OpenFolder(folder.path);
  if (!opened.ok()) return {};
  const OverlayReply reply = AskOverlayFolder(opened.value(), path, trusted_);
  close(opened.value());
  return {AnswerOf(reply.answer), reply.size};
}

void PlaceFiles(const Walk& walk, std::vector<Artifact> documents, Inspector& inspector,
                std::vector<Artifact>& artifacts) {
  const WalkedFolders folders(walk);
  const bool all = PlaceInImages(inspector.layers(), inspector.layer_links(), artifacts,
                                 {std::move(documents), &folders});
  const auto say = [&](const char* text) {
    inspector.Report({Severity::kWarning, ErrorCode::kLimitExceeded, {}, text});
  };
  if (!all) say("too many layers in stores of container engines: some images are not named");
  if (folders.exhausted()) {
    say("too many layers above files in stores of container engines: whether some files show in "
        "their image is unknown");
  }
}

}  // namespace weighbridge
