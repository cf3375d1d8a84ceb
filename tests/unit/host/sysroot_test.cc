#include "scanner/source/sysroot.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

TEST_CASE("nothing outside of the root is read") {
  const Scratch scratch;
  scratch.Write("outside", "secret");
  scratch.Write("root/etc/name", "inside\n");
  scratch.Write("root/etc/long", std::string(200'000, 'x'));
  namespace fs = std::filesystem;
  fs::create_symlink("../../outside", scratch / "root/etc/up");
  fs::create_symlink(scratch / "outside", scratch / "root/etc/absolute");
  fs::create_symlink("/etc/name", scratch / "root/etc/host");
  fs::create_symlink("loop", scratch / "root/etc/loop");
  fs::create_directory_symlink("../..", scratch / "root/etc/folder");
  auto opened = Sysroot::Open(scratch / "root");
  REQUIRE(opened.ok());
  const Sysroot& root = opened.value();
  const struct {
    const char* path;
    std::size_t max;
    const char* text;  // null: refused
  } rows[] = {
      {"/etc/name", 100, "inside\n"}, {"etc/name", 100, "inside\n"},
      {"/etc/name", 3, "ins"},        {"/etc/host", 100, "inside\n"},
      {"/etc/up", 100, nullptr},      {"/etc/absolute", 100, nullptr},
      {"/etc/loop", 100, nullptr},    {"/etc", 100, nullptr},
      {"/../outside", 100, nullptr},  {"/absent", 100, nullptr},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    auto text = root.ReadBeginning(row.path, row.max);
    CHECK(text.ok() == (row.text != nullptr));
    if (text.ok() && row.text != nullptr) CHECK(text.value() == row.text);
  }
  CHECK(root.ReadText("/etc/long", 1U << 20).value().size() == 200'000);
  CHECK(root.ReadText("/etc/long").error().message == "more than 65536 bytes");
  bool more = false;
  CHECK(root.Entries("/etc", &more).value().size() == 7);
  CHECK_FALSE(more);
  CHECK(root.Entries("/etc", &more, 2).value().size() == 2);
  CHECK(more);
  CHECK_FALSE(root.Entries("/etc/name", &more).ok());
  CHECK(root.Folder("/etc/folder") == fs::canonical(scratch / "root").string());
  CHECK_FALSE(root.Folder("/etc/name"));
  CHECK(root.LinkText("/etc/host") == "/etc/name");
  CHECK(root.LinkText("/etc/name").empty());
  CHECK(root.Place("/etc/name") == root.root() + "/etc/name");
}

}  // namespace
}  // namespace weighbridge
