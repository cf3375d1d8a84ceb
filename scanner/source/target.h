// What the user names as a target, in the words of syft, grype and trivy:
//
//   dir:PATH  file:PATH  oci-dir:PATH  docker-archive:PATH  oci-archive:PATH
//   registry:HOST/NAME[:TAG|@DIGEST]    or a path, whose kind its content shows
//   host:  host:ROOT    the stores and processes of this host, or of one whose root
//                       is mounted or was copied to ROOT
//
// A path that begins like a scheme is written with "./" before it.
#pragma once

#include <string>
#include <string_view>

#include "weighbridge/result.h"

namespace weighbridge {

enum class TargetKind {
  kPath,
  kDirectory,
  kFile,
  kOciDirectory,
  kDockerArchive,
  kOciArchive,
  kRegistry,
  kHost
};

struct TargetName {
  TargetKind kind = TargetKind::kPath;
  std::string name;  // the path or reference, without its scheme
};

TargetName ParseTarget(std::string_view given);

// Whether the path is of the kind that its scheme says: folder or file, and an OCI
// layout where that is promised. A path without a scheme always is. Messages begin
// with the target.
Status CheckTarget(const TargetName& target);

// After the walk: whether a file's format id is what the scheme says.
bool FormatFits(TargetKind kind, std::string_view format);

}  // namespace weighbridge
