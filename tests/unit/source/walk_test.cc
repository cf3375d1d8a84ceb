#include "scanner/source/walk.h"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "scanner/source/store_link.h"
#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

struct Outcome {
  std::vector<std::string> files;  // sorted, relative to the scratch folder
  Coverage coverage;
  std::vector<Diagnostic> diagnostics;
};

Outcome Run(const Scratch& scratch, WalkOptions options) {
  auto walk = Walk::Start(std::move(options));
  REQUIRE(walk.ok());
  Outcome outcome;
  std::mutex mutex;
  walk.value()->Run([&](const WalkedFile& file) {
    const std::lock_guard lock(mutex);
    outcome.files.push_back(file.location.substr(scratch.path().size() + 1));
    return Visit::kUnrecognised;
  });
  std::sort(outcome.files.begin(), outcome.files.end());
  outcome.coverage = walk.value()->coverage();
  outcome.diagnostics = walk.value()->diagnostics();
  CHECK(outcome.coverage.Balanced());
  return outcome;
}

TEST_CASE("the address of a walked file opens it again") {
  const Scratch scratch;
  scratch.Write("top", "1");
  scratch.Write("a/b/deep", "22");
  scratch.Write("alone", "333");
  WalkOptions options;
  options.targets = {scratch.path() + "/", scratch.path() + "/alone"};
  auto walk = Walk::Start(options);
  REQUIRE(walk.ok());
  std::vector<std::string> seen;
  walk.value()->Run([&](const WalkedFile& file) {
    const FileAddress address = file.Address();
    auto again = walk.value()->Reopen(address);
    REQUIRE(again.ok());
    CHECK(again.value()->stamp() == file.file.stamp());
    seen.push_back(file.location.substr(scratch.path().size()) + " = " +
                   std::to_string(address.root) + ":" + address.path);
    return Visit::kUnrecognised;
  });
  std::sort(seen.begin(), seen.end());
  CHECK(seen == std::vector<std::string>{"/a/b/deep = 0:a/b/deep", "/alone = 0:alone",
                                         "/alone = 1:alone", "/top = 0:top"});
}

TEST_CASE("every file is seen once, whatever the thread count") {
  const Scratch scratch;
  for (int d = 0; d < 20; ++d) {
    for (int f = 0; f < 30; ++f) {
      scratch.Write("d" + std::to_string(d) + "/e/f" + std::to_string(f), "x");
    }
  }
  for (const unsigned jobs : {1u, 2u, 8u}) {
    CAPTURE(jobs);
    WalkOptions options;
    options.targets = {scratch.path()};
    options.jobs = jobs;
    const Outcome outcome = Run(scratch, options);
    CHECK(outcome.files.size() == 600);
    CHECK(std::adjacent_find(outcome.files.begin(), outcome.files.end()) == outcome.files.end());
    CHECK(outcome.coverage.files_seen == 600);
    CHECK(outcome.coverage.directories == 41);
  }
}

TEST_CASE("links, FIFOs and sockets are counted, never opened") {
  const Scratch scratch;
  scratch.Write("a", "x");
  std::filesystem::create_symlink("/etc/passwd", scratch / "link");
  std::filesystem::create_directory_symlink("/etc", scratch / "folder");
  REQUIRE(mkfifo((scratch / "fifo").c_str(), 0600) == 0);
  WalkOptions options;
  options.targets = {scratch.path()};
  const Outcome outcome = Run(scratch, options);
  CHECK(outcome.files == std::vector<std::string>{"a"});
  CHECK(outcome.coverage.files_seen == 4);
  CHECK(outcome.coverage.skipped.at("symbolic link") == 2);
  CHECK(outcome.coverage.skipped.at("device, FIFO or socket") == 1);
}

TEST_CASE("hub store links are followed inside their store only") {
  const Scratch scratch;
  scratch.Write("hub/models--a--b/blobs/0123", "weights");
  scratch.Write("hub/models--c--d/blobs/9999", "other");
  scratch.Write("hub/models--a--b/snapshots/rev/real.txt", "x");
  const std::string snapshot = scratch / "hub/models--a--b/snapshots/rev/";
  std::filesystem::create_symlink("../../blobs/0123", snapshot + "model.safetensors");
  std::filesystem::create_symlink("../../../models--c--d/blobs/9999", snapshot + "stolen");
  std::filesystem::create_symlink("/etc/passwd", snapshot + "absolute");
  std::filesystem::create_symlink("../../blobs/gone", snapshot + "gone");
  WalkOptions options;
  options.targets = {scratch / "hub/models--a--b/snapshots"};
  const Outcome outcome = Run(scratch, options);
  CHECK(outcome.files ==
        std::vector<std::string>{"hub/models--a--b/snapshots/rev/model.safetensors",
                                 "hub/models--a--b/snapshots/rev/real.txt"});
  CHECK(outcome.coverage.skipped.at("symbolic link") == 3);
  REQUIRE(outcome.diagnostics.size() == 1);
  CHECK(outcome.diagnostics[0].message == "store link points to a file that is not there");
}

TEST_CASE("excludes prune and are counted") {
  const Scratch scratch;
  scratch.Write("keep/a", "x");
  scratch.Write("drop/b", "x");
  scratch.Write("keep/c.tmp", "x");
  WalkOptions options;
  options.targets = {scratch.path()};
  options.excludes = {Glob("drop/"), Glob("*.tmp")};
  const Outcome outcome = Run(scratch, options);
  CHECK(outcome.files == std::vector<std::string>{"keep/a"});
  CHECK(outcome.coverage.skipped.at("excluded") == 2);
}

TEST_CASE("a folder that cannot be read is a failure with a diagnostic") {
  if (geteuid() == 0) return;  // root reads everything
  const Scratch scratch;
  scratch.Write("closed/a", "x");
  chmod((scratch / "closed").c_str(), 0);
  WalkOptions options;
  options.targets = {scratch.path()};
  const Outcome outcome = Run(scratch, options);
  chmod((scratch / "closed").c_str(), 0700);
  CHECK(outcome.coverage.failed == 1);
  REQUIRE(outcome.diagnostics.size() == 1);
  CHECK(outcome.diagnostics[0].code == ErrorCode::kPermission);
}

TEST_CASE("targets that cannot be opened") {
  auto missing = Walk::Start({.targets = {"no/such/thing"}, .excludes = {}, .limits = {}});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message == "no/such/thing: open: No such file or directory");
  auto pseudo = Walk::Start({.targets = {"/proc"}, .excludes = {}, .limits = {}});
  REQUIRE_FALSE(pseudo.ok());
  CHECK(pseudo.error().message == "/proc: on a proc file system, which holds no stored files");
}

TEST_CASE("ResolveInStore") {
  struct Row {
    const char* link;
    const char* text;
    const char* target;
  };
  const Row rows[] = {
      {"/h/models--a--b/snapshots/r/f", "../../blobs/1", "/h/models--a--b/blobs/1"},
      {"/h/models--a--b/snapshots/r/sub/f", "../../../blobs/1", "/h/models--a--b/blobs/1"},
      {"/h/models--a--b/snapshots/r/f", "../../blobs/../../x", ""},
      {"/h/models--a--b/snapshots/r/f", "../../blobs/d/1", ""},
      {"/h/models--a--b/snapshots/r/f", "/h/models--a--b/blobs/1", ""},
      {"/h/models--a--b/refs/f", "../blobs/1", ""},
      {"/h/other/snapshots/r/f", "../../blobs/1", ""},
      {"/h/models--a--b/snapshots/r/f", "../../../../../../../etc", ""},
      {"/h/models--a--b/snapshots/r/f", "", ""},
      {"/h/models/a--b/snapshots/master/f", "../../blobs/0123456789abcdef0123456789abcdef01234567",
       "/h/models/a--b/blobs/0123456789abcdef0123456789abcdef01234567"},
      {"/h/models/a--b/snapshots/master/f", "../../blobs/passwd", ""},
      {"/s/huggingface/org/n/snapshots/x/f",
       "../../blobs/sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
       "/s/huggingface/org/n/blobs/"
       "sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
      {"/s/huggingface/org/n/snapshots/x/f",
       "../../../m/blobs/sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
       ""},
      {"/o/manifests/h/n/m/t",
       "../../../../blobs/sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
       "/o/blobs/sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
      {"/o/manifests/h/n/m/t", "../../../../../etc/passwd", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.link);
    CAPTURE(row.text);
    CHECK(ResolveInStore(row.link, row.text) == row.target);
  }
}

TEST_CASE("mounts tell remote and pseudo file systems from local ones") {
  const Mounts mounts = Mounts::Parse(
      "36 35 0:53 / /mnt/share rw - nfs4 server:/x rw\n"
      "37 35 0:22 / /proc rw,nosuid shared:12 - proc proc rw\n"
      "38 35 8:1 / / rw - ext4 /dev/sda1 rw\n"
      "broken line\n");
  CHECK(mounts.Of(makedev(0, 53)).kind == MountKind::kRemote);
  CHECK(mounts.Of(makedev(0, 53)).type == "nfs4");
  CHECK(mounts.Of(makedev(0, 22)).kind == MountKind::kPseudo);
  CHECK(mounts.Of(makedev(8, 1)).kind == MountKind::kLocal);
  CHECK(mounts.Of(makedev(9, 9)).kind == MountKind::kLocal);
  CHECK(Mounts::KindOfType("fuse.sshfs") == MountKind::kRemote);
  CHECK(Mounts::KindOfType("fuse.mergerfs") == MountKind::kLocal);
  CHECK(Mounts::KindOfType("tmpfs") == MountKind::kLocal);
}

}  // namespace
}  // namespace weighbridge
