#include "scanner/source/target.h"

#include <doctest/doctest.h>

#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

TEST_CASE("schemes of targets") {
  struct Row {
    const char* given;
    TargetKind kind;
    const char* name;
  };
  const Row rows[] = {
      {"models", TargetKind::kPath, "models"},
      {"dir:models", TargetKind::kDirectory, "models"},
      {"file:/a/b.gguf", TargetKind::kFile, "/a/b.gguf"},
      {"oci-dir:./img", TargetKind::kOciDirectory, "./img"},
      {"docker-archive:a.tar", TargetKind::kDockerArchive, "a.tar"},
      {"oci-archive:a.tar", TargetKind::kOciArchive, "a.tar"},
      {"registry:ghcr.io/a/b:1", TargetKind::kRegistry, "ghcr.io/a/b:1"},
      {"host:", TargetKind::kHost, "/"},
      {"host:/mnt/image", TargetKind::kHost, "/mnt/image"},
      {"./dir:models", TargetKind::kPath, "./dir:models"},
      {"dir:", TargetKind::kPath, "dir:"},
      {"unknown:thing", TargetKind::kPath, "unknown:thing"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.given);
    const TargetName target = ParseTarget(row.given);
    CHECK(target.kind == row.kind);
    CHECK(target.name == row.name);
  }
}

TEST_CASE("a scheme promises a kind of target") {
  const Scratch scratch;
  scratch.Write("img/oci-layout", "{}");
  scratch.Write("plain/file", "x");
  const auto check = [&](TargetKind kind, const char* name) {
    const Status status = CheckTarget({kind, scratch / name});
    return status.ok() ? std::string("ok")
                       : status.error().message.substr(scratch.path().size() + 1);
  };
  CHECK(check(TargetKind::kDirectory, "plain") == "ok");
  CHECK(check(TargetKind::kDirectory, "plain/file") == "plain/file: not a directory");
  CHECK(check(TargetKind::kFile, "plain") == "plain: not a file");
  CHECK(check(TargetKind::kOciDirectory, "img") == "ok");
  CHECK(check(TargetKind::kOciDirectory, "plain") ==
        "plain: not an OCI layout: it holds no oci-layout file");
  CHECK(check(TargetKind::kPath, "no/such") == "ok");
  CHECK(FormatFits(TargetKind::kDockerArchive, "docker_save"));
  CHECK_FALSE(FormatFits(TargetKind::kDockerArchive, "tar"));
  CHECK(FormatFits(TargetKind::kOciArchive, "docker_save"));
  CHECK(FormatFits(TargetKind::kPath, "tar"));
}

}  // namespace
}  // namespace weighbridge
