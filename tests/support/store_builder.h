// Lays out a model store in a scratch folder or in a tar, from the same list of files
// and links, and shortens what a scan says of it to lines.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "scanner/pipeline/hash.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/scan_run.h"
#include "tests/support/scratch.h"
#include "tests/support/tar_builder.h"

// Lists of lines are shown when they differ.
template <>
struct doctest::StringMaker<std::vector<std::string>> {
  static String convert(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += "\n  " + line;
    return String(text.c_str());
  }
};

namespace weighbridge::test {

inline FileDigests DigestsOf(const std::string& bytes) {
  const MemorySource source(bytes);
  HashRequest request;
  request.git_sha1 = true;
  return HashBytes(source, std::move(request), {}, nullptr).value();
}
inline std::string Sha256Of(const std::string& bytes) { return DigestsOf(bytes).sha256; }
inline std::string GitSha1Of(const std::string& bytes) { return DigestsOf(bytes).git_sha1; }

inline std::string TinyGguf(const std::string& name, const std::string& architecture = "llama") {
  const auto bytes = weighbridge::testing::GgufBuilder()
                         .String("general.architecture", architecture)
                         .String("general.name", name)
                         .Tensor("output.weight", {4, 2}, 0, 32)
                         .Build();
  return std::string(bytes.begin(), bytes.end());
}

class StoreBuilder {
 public:
  StoreBuilder& File(const std::string& name, const std::string& bytes) {
    const bool there =  // content-addressed: the same bytes
        std::any_of(members_.begin(), members_.end(),
                    [&](const TarMember& member) { return member.name == name; });
    if (!there) members_.push_back({name, bytes});
    return *this;
  }
  StoreBuilder& Link(const std::string& name, const std::string& target) {
    members_.push_back({name, "", '2', target});
    return *this;
  }

  Report ScanFolder(ScanOptions options = {}) const {
    const Scratch scratch;
    for (const TarMember& member : members_) {
      if (member.type == '0') scratch.Write(member.name, member.data);
    }
    for (const TarMember& member : members_) {
      if (member.type != '2') continue;
      const std::filesystem::path link = scratch / member.name;
      std::filesystem::create_directories(link.parent_path());
      std::filesystem::create_symlink(member.link, link);
    }
    options.targets = {scratch.path()};
    return Shortened(RunScan(options), scratch.path() + "/");
  }
  Report ScanTar(ScanOptions options = {}) const {
    const Scratch scratch;
    scratch.Write("x.tar", BuildTar(members_, TarDialect::kPax));
    options.targets = {scratch.path()};
    return Shortened(RunScan(options), scratch.path() + "/");
  }

 private:
  static Report Shortened(Report report, const std::string& root) {
    for (Artifact& artifact : report.artifacts) artifact.location.path.erase(0, root.size());
    return report;
  }
  std::vector<TarMember> members_;
};

// "repository=a/b path=c ..." of every weight file: the store: claims but kind of key and
// order of claims, sorted.
inline std::vector<std::string> StoreLines(const Report& report) {
  std::vector<std::string> lines;
  for (const Artifact& artifact : report.artifacts) {
    if (artifact.kind != ArtifactKind::kWeights && artifact.kind != ArtifactKind::kAdapter &&
        artifact.kind != ArtifactKind::kProjector) {
      continue;
    }
    std::string line;
    for (const Claim& claim : artifact.claims) {
      if (claim.key.rfind("store:", 0) != 0 || claim.key == "store:model") continue;
      line += (line.empty() ? "" : " ") + claim.key.substr(6) + "=" + claim.value;
    }
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

inline std::vector<std::string> MessagesWith(const Report& report, const std::string& begin) {
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : report.diagnostics) {
    if (diagnostic.message.rfind(begin, 0) == 0) messages.push_back(diagnostic.message);
  }
  return messages;
}

}  // namespace weighbridge::test
