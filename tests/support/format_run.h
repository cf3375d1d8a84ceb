// Runs one format over bytes, the way the scanner does: head and tail windows, then
// the parser when the probe says yes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "scanner/formats/format.h"

namespace weighbridge::testing {

using Bytes = std::vector<std::uint8_t>;

// Keeps the bytes that a ProbeWindow looks at.
class Opened {
 public:
  explicit Opened(Bytes bytes, std::string name = "file") : name_(std::move(name)), source_(bytes) {
    const std::size_t head = std::min(bytes.size(), kHeadBytes);
    const std::size_t tail = std::min(bytes.size(), kTailBytes);
    head_.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(head));
    tail_.assign(bytes.end() - static_cast<std::ptrdiff_t>(tail), bytes.end());
  }

  ProbeWindow window() const {
    ProbeWindow window;
    window.head = head_;
    window.tail = tail_;
    window.source = &source_;
    window.size = source_.size();
    window.file_name = name_;
    return window;
  }
  const ByteSource& source() const { return source_; }

 private:
  std::string name_;
  Bytes head_;
  Bytes tail_;
  MemorySource source_;
};

using Probe = bool (*)(const ProbeWindow&);
using Parse = void (*)(const ByteSource&, const ProbeWindow&, const Limits&, Artifact&);

inline bool Probes(Probe probe, const Bytes& bytes, const std::string& name = "file") {
  const Opened opened(bytes, name);
  return probe(opened.window());
}

inline Artifact ParseBytes(Parse parse, const Bytes& bytes, const std::string& name = "file",
                           const Limits& limits = {}) {
  const Opened opened(bytes, name);
  Artifact artifact;
  artifact.location.path = name;
  artifact.size_bytes = bytes.size();
  parse(opened.source(), opened.window(), limits, artifact);
  return artifact;
}

// All messages, one a line.
inline std::string Messages(const Artifact& artifact) {
  std::string text;
  for (const Diagnostic& diagnostic : artifact.diagnostics) {
    text += std::string(ErrorCodeName(diagnostic.code)) + " " + diagnostic.message + "\n";
  }
  return text;
}

inline Bytes ToBytes(const std::string& text) { return Bytes(text.begin(), text.end()); }

// What must hold of any artifact, whatever the bytes: data lies inside the file and no
// byte belongs to two tensors; a partial inspection says why.
inline bool Sound(const Artifact& artifact, std::uint64_t file_size) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const Tensor& tensor : artifact.tensors) {
    if (!tensor.has_data) {
      if (tensor.bytes != 0) return false;
      continue;
    }
    if (tensor.external_file >= 0) continue;  // lies in another file
    if (tensor.offset > file_size || tensor.bytes > file_size - tensor.offset) return false;
    if (tensor.bytes != 0) ranges.emplace_back(tensor.offset, tensor.offset + tensor.bytes);
  }
  std::sort(ranges.begin(), ranges.end());
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first < ranges[i - 1].second) return false;
  }
  const bool full = artifact.inspection == Inspection::kFull;
  return !artifact.format.empty() && full == artifact.not_inspected_reason.empty();
}

// True when no prefix and no flipped byte of the bytes breaks Sound().
inline bool SoundUnderDamage(Probe probe, Parse parse, Bytes bytes) {
  const auto holds = [&](const Bytes& damaged) {
    Probes(probe, damaged);
    return Sound(ParseBytes(parse, damaged), damaged.size());
  };
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    if (!holds(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))))
      return false;
  }
  for (std::uint8_t& byte : bytes) {
    for (const int mask : {0x01, 0x80, 0xFF}) {
      byte = static_cast<std::uint8_t>(byte ^ mask);
      if (!holds(bytes)) return false;
      byte = static_cast<std::uint8_t>(byte ^ mask);
    }
  }
  return true;
}

}  // namespace weighbridge::testing
