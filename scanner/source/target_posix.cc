#include <array>

#include <sys/stat.h>

#include "scanner/base/text.h"
#include "scanner/source/target.h"

namespace weighbridge {
namespace {

struct Scheme {
  std::string_view prefix;
  TargetKind kind;
};
constexpr std::array<Scheme, 7> kSchemes{{
    {"dir:", TargetKind::kDirectory},
    {"file:", TargetKind::kFile},
    {"oci-dir:", TargetKind::kOciDirectory},
    {"docker-archive:", TargetKind::kDockerArchive},
    {"oci-archive:", TargetKind::kOciArchive},
    {"registry:", TargetKind::kRegistry},
    {"host:", TargetKind::kHost},
}};

bool WantsDirectory(TargetKind kind) {
  return kind == TargetKind::kDirectory || kind == TargetKind::kOciDirectory;
}

}  // namespace

TargetName ParseTarget(std::string_view given) {
  if (given == "host:") return {TargetKind::kHost, "/"};
  for (const Scheme& scheme : kSchemes) {
    if (given.size() > scheme.prefix.size() && given.starts_with(scheme.prefix)) {
      return {scheme.kind, std::string(given.substr(scheme.prefix.size()))};
    }
  }
  return {TargetKind::kPath, std::string(given)};
}

Status CheckTarget(const TargetName& target) {
  if (target.kind == TargetKind::kPath || target.kind == TargetKind::kRegistry ||
      target.kind == TargetKind::kHost) {
    return {};
  }
  struct stat info {};
  if (stat(target.name.c_str(), &info) != 0) return {};  // the walk says why
  if (WantsDirectory(target.kind) != S_ISDIR(info.st_mode)) {
    return Error{ErrorCode::kInvalidArgument,
                 Printable(target.name) +
                     (WantsDirectory(target.kind) ? ": not a directory" : ": not a file")};
  }
  if (target.kind == TargetKind::kOciDirectory &&
      stat((target.name + "/oci-layout").c_str(), &info) != 0) {
    return Error{ErrorCode::kInvalidArgument,
                 Printable(target.name) + ": not an OCI layout: it holds no oci-layout file"};
  }
  return {};
}

bool FormatFits(TargetKind kind, std::string_view format) {
  // `docker save` of Docker 25 and later is an OCI layout too.
  if (kind == TargetKind::kDockerArchive) return format == "docker_save";
  if (kind == TargetKind::kOciArchive) return format == "oci_layout" || format == "docker_save";
  return true;
}

}  // namespace weighbridge
