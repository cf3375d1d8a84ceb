// What folders of overlay layers answer, in every form in which a deletion is met.
#include "scanner/source/overlay_folder.h"

#include <filesystem>
#include <functional>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

using enum OverlayAnswer;

OverlayAnswer Ask(const Scratch& scratch, const std::string& path, bool trusted = true) {
  const int folder = open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(folder >= 0);
  const OverlayAnswer answer = AskOverlayFolder(folder, path, trusted).answer;
  close(folder);
  return answer;
}

bool SetAttribute(const std::string& path, const char* name, const std::string& value) {
  return lsetxattr(path.c_str(), name, value.data(), value.size(), 0) == 0;
}

TEST_CASE("forms that need neither privilege nor attributes") {
  const Scratch scratch;
  scratch.Write("models/held", "x");
  scratch.Write("file", "x");
  scratch.Write("models/.wh.gone", "");
  scratch.Write(".wh.folder", "");
  scratch.Write("fresh/.wh..wh..opq", "");
  scratch.Write("fresh/held", "x");
  scratch.Write("models/empty", "");
  std::filesystem::create_symlink("/", scratch / "link");
  std::filesystem::create_symlink("held", scratch / "models/link");
  const std::pair<const char*, OverlayAnswer> rows[] = {
      {"models/held", kHolds},     {"models/other", kNeither}, {"other/held", kNeither},
      {"file/below", kHolds},      {"models/gone", kDeletes},  {"folder/deep/x", kDeletes},
      {"fresh/lower", kDeletes},   {"fresh/a/b", kDeletes},    {"fresh/held", kHolds},
      {"link/etc/passwd", kHolds}, {"models/link", kHolds},    {"models/empty", kHolds},
      {"../etc/passwd", kUnknown}, {"models//held", kUnknown}, {"", kUnknown},
      {"models/held/x/y", kHolds}};
  for (const auto& [path, answer] : rows) {
    CAPTURE(path);
    CHECK(Ask(scratch, path) == answer);
  }
}

TEST_CASE("the size of what is held") {
  const Scratch scratch;
  scratch.Write("a", "12345");
  const int folder = open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  CHECK(AskOverlayFolder(folder, "a", true).size == 5);
  close(folder);
}

TEST_CASE("a whiteout is a character device 0:0") {
  const Scratch scratch;
  if (mknod((scratch / "gone").c_str(), S_IFCHR | 0600, makedev(0, 0)) != 0) {
    MESSAGE("skipped: mknod of 0:0 is not allowed here");
    return;
  }
  CHECK(Ask(scratch, "gone") == kDeletes);
  CHECK(Ask(scratch, "gone/below") == kDeletes);
  if (mknod((scratch / "null").c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0) {
    CHECK(Ask(scratch, "null") == kHolds);
  }
}

TEST_CASE("attributes: whiteouts, opaque folders, moved folders") {
  for (const std::string space : {"user", "trusted"}) {
    const Scratch scratch;
    scratch.Write("models/gone", "");
    scratch.Write("models/full", "x");
    scratch.Write("fresh/held", "x");
    scratch.Write("moved/held", "x");
    scratch.Write("partly/held", "x");
    const std::string overlay = space + ".overlay.";
    if (!SetAttribute(scratch / "models/gone", (overlay + "whiteout").c_str(), "y")) {
      MESSAGE("skipped: " << space << " attributes cannot be set here");
      continue;
    }
    CAPTURE(space);
    REQUIRE(SetAttribute(scratch / "models/full", (overlay + "whiteout").c_str(), "y"));
    REQUIRE(SetAttribute(scratch / "fresh", (overlay + "opaque").c_str(), "y"));
    REQUIRE(SetAttribute(scratch / "partly", (overlay + "opaque").c_str(), "x"));
    REQUIRE(
        SetAttribute(scratch / "moved", (overlay + "redirect").c_str(), "/elsewhere/long/name"));
    CHECK(Ask(scratch, "models/gone") == kDeletes);
    CHECK(Ask(scratch, "models/full") == kHolds);  // not empty: no whiteout
    CHECK(Ask(scratch, "fresh/lower") == kDeletes);
    CHECK(Ask(scratch, "fresh/held") == kHolds);
    CHECK(Ask(scratch, "partly/lower") == kNeither);
    CHECK(Ask(scratch, "moved/lower") == kUnknown);
  }
  const Scratch scratch;
  scratch.Write("fresh/held", "x");
  if (SetAttribute(scratch / "fresh", "user.fuseoverlayfs.opaque", "y")) {
    CHECK(Ask(scratch, "fresh/lower") == kDeletes);
  }
}

TEST_CASE("attributes that cannot be seen leave root's layers unknown") {
  const Scratch scratch;
  scratch.Write("models/held", "x");
  struct stat info {};
  REQUIRE(stat(scratch.path().c_str(), &info) == 0);
  const bool root = info.st_uid == 0;
  CHECK(Ask(scratch, "models/lower", false) == (root ? kUnknown : kNeither));
  CHECK(Ask(scratch, "models/held", false) == kHolds);
  if (root && chown(scratch.path().c_str(), 1000, 1000) == 0) {
    CHECK(Ask(scratch, "models/lower", false) == kNeither);
  }
}

TEST_CASE("a folder that may not be read is unknown") {
  if (geteuid() == 0) {
    MESSAGE("skipped: root reads every folder");
    return;
  }
  const Scratch scratch;
  scratch.Write("shut/held", "x");
  std::filesystem::permissions(scratch / "shut", std::filesystem::perms::none);
  CHECK(Ask(scratch, "shut/lower") == kUnknown);
  std::filesystem::permissions(scratch / "shut", std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace weighbridge
