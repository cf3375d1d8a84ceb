// Runs the side-car front door over a text as the pipeline would: a MemorySource, a
// window over its head, and an artifact that has location and size. Also shortens
// claims to "key=value" lines, so that tests compare whole lists.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "scanner/sidecars/sidecars.h"

namespace weighbridge {

struct InspectedSideCar {
  bool taken = false;
  Artifact artifact;
};

inline InspectedSideCar InspectText(const std::string& path, const std::string& text,
                                    const Limits& limits = {}) {
  InspectedSideCar result;
  const MemorySource source(text);
  const std::string head = text.substr(0, kHeadBytes);
  result.artifact.location.path = path;
  result.artifact.size_bytes = text.size();
  ProbeWindow window;
  window.head = AsBytes(head);
  window.source = &source;
  window.size = text.size();
  window.file_name = result.artifact.location.FileName();
  const std::string folder = result.artifact.location.Folder();
  window.folder_name = std::string_view(folder).substr(folder.rfind('/') + 1);
  result.taken = InspectSideCar(source, window, limits, result.artifact);
  return result;
}

inline std::vector<std::string> ClaimLines(const Artifact& artifact) {
  std::vector<std::string> lines;
  for (const Claim& claim : artifact.claims) lines.push_back(claim.key + "=" + claim.value);
  return lines;
}

inline std::vector<std::string> DiagnosticLines(const Artifact& artifact) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : artifact.diagnostics) lines.push_back(diagnostic.message);
  return lines;
}

}  // namespace weighbridge
