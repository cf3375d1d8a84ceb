// Installing: one bundle at a time, whole or not at all, never an older one unasked.
#include "scanner/bundles/data_folder.h"

#include <filesystem>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/bundle_builder.h"
#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

std::string Version(const std::string& version, const std::string& date = "2026-11-24") {
  BundleManifest manifest = TinyManifest();
  manifest.version = version;
  manifest.date = date;
  manifest.expires = DaysAfter(date, manifest.valid_days);
  return TinyBundle(manifest);
}

InstallRequest Into(const std::string& folder, bool force = false) {
  InstallRequest request;
  request.folder = folder;
  request.key_id = "0123456789abcdef";
  request.today = "2026-12-01";
  request.force = force;
  request.embedded_version = "2026.10.1";
  request.embedded_date = "2026-10-01";
  return request;
}

Result<Installed> Install(const InstallRequest& request, const std::string& bytes) {
  return InstallBundle(request, ParseBundle(bytes).value(), bytes);
}

std::size_t FilesIn(const std::string& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

TEST_CASE("install: the one before is kept, the one before that is not") {
  const Scratch scratch;
  const std::string folder = scratch / "a/b";
  CHECK(ReadInstalled(folder).error().code == ErrorCode::kNotFound);
  REQUIRE(Install(Into(folder), Version("2026.11.1")).ok());
  REQUIRE(Install(Into(folder), Version("2026.11.2")).ok());
  const std::string third = Version("2026.11.3");
  REQUIRE(Install(Into(folder), third).ok());
  InstalledState state = ReadInstalled(folder).value();
  CHECK(state.current->version == "2026.11.3");
  CHECK(state.current->key_id == "0123456789abcdef");
  CHECK(state.current->file_sha256 == Sha256OfBytes(third));
  CHECK_FALSE(state.current->forced);
  CHECK(state.previous->version == "2026.11.2");
  CHECK(*ReadInstalledBundle(folder, *state.current).value() == third);
  CHECK(FilesIn(folder) == 4);  // two bundles, the state, the lock
  CHECK(Install(Into(folder), third).value().already);
  CHECK(ReadInstalled(folder).value().previous->version == "2026.11.2");

  state = RollBack(folder).value();
  CHECK(state.current->version == "2026.11.2");
  CHECK(state.current->forced);
  CHECK(ReadInstalled(folder).value().previous->version == "2026.11.3");
}

TEST_CASE("install: rollback and expiry are refused, unless forced") {
  const Scratch scratch;
  const std::string folder = scratch.path();
  CHECK(Install(Into(folder), Version("2026.9.9")).error().message ==
        "rollback: 2026.9.9 of 2026-11-24 is older than 2026.10.1 of 2026-10-01, which the "
        "program carries");
  CHECK(ReadInstalled(folder).error().code == ErrorCode::kNotFound);
  REQUIRE(Install(Into(folder), Version("2026.11.5", "2026-11-05")).ok());
  InstallRequest late = Into(folder);
  late.today = "2028-01-01";
  struct Row {
    InstallRequest request;
    std::string bytes, message;
  };
  const std::vector<Row> rows{
      {Into(folder), Version("2026.11.4", "2026-11-05"),
       "rollback: 2026.11.4 of 2026-11-05 is older than 2026.11.5 of 2026-11-05, as installed"},
      {Into(folder), Version("2026.11.6", "2026-11-04"),
       "rollback: 2026.11.6 of 2026-11-04 is older than 2026.11.5 of 2026-11-05, as installed"},
      {Into(folder), Version("2026.11.5", "2026-11-06"),
       "rollback: 2026.11.5 of 2026-11-06 is the version in use, with other content, as installed"},
      {late, Version("2026.11.6"), "the bundle expired on 2027-05-23"},
  };
  for (const Row& row : rows) {
    const auto refused = Install(row.request, row.bytes);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message == row.message);
    CHECK(ReadInstalled(folder).value().current->version == "2026.11.5");
  }
  const auto forced = Install(Into(folder, true), rows[0].bytes);
  REQUIRE(forced.ok());
  CHECK(forced.value().notes == std::vector<std::string>{rows[0].message});
  CHECK(ReadInstalled(folder).value().current->version == "2026.11.4");
  CHECK(ReadInstalled(folder).value().current->forced);
}

TEST_CASE("install: what an interrupted one left changes nothing, and goes with the next") {
  const Scratch scratch;
  const std::string folder = scratch.path();
  REQUIRE(Install(Into(folder), Version("2026.11.1")).ok());
  const std::string next = Version("2026.11.2");
  scratch.Write(".incoming-AbCdEf", next.substr(0, 700));  // stopped while writing
  scratch.Write(Sha256OfBytes(next) + ".wbdb", next);      // stopped before the state
  scratch.Write("keep.txt", "not ours");
  CHECK(ReadInstalled(folder).value().current->version == "2026.11.1");
  REQUIRE(Install(Into(folder), Version("2026.11.3")).ok());
  CHECK(FilesIn(folder) == 5);  // two bundles, the state, the lock, what is not ours
  CHECK(std::filesystem::exists(folder + "/keep.txt"));
  CHECK(ReadInstalled(folder).value().previous->version == "2026.11.1");
}

TEST_CASE("install: many at once leave one sound state") {
  const Scratch scratch;
  const std::string folder = scratch.path();
  std::vector<std::thread> threads;
  for (int i = 1; i <= 8; ++i) {
    threads.emplace_back([&folder, i] {
      const auto done = Install(Into(folder), Version("2026.11." + std::to_string(i)));
      if (!done.ok() && !done.error().message.starts_with("rollback: ")) std::abort();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const InstalledState state = ReadInstalled(folder).value();
  CHECK(state.current->version == "2026.11.8");
  CHECK(ParseBundle(*ReadInstalledBundle(folder, *state.current).value()).ok());
  CHECK(FilesIn(folder) == (state.previous ? 4 : 3));
}

TEST_CASE("folder: a state that is not sound, or that others may write, is not believed") {
  const Scratch scratch;
  const std::string folder = scratch.path(), path = folder + "/installed.json";
  const std::string bytes = Version("2026.11.1");
  REQUIRE(Install(Into(folder), bytes).ok());
  const std::string sound = ReadWholeFile(path, 1 << 16).value();
  CHECK(ReadWholeFile(path, 10).error().code == ErrorCode::kLimitExceeded);
  for (std::size_t size = 0; size + 2 < sound.size(); ++size) {
    scratch.Write("installed.json", sound.substr(0, size));
    CHECK(ReadInstalled(folder).error().code == ErrorCode::kMalformed);
  }
  std::string climbing = sound;
  climbing.replace(climbing.find(Sha256OfBytes(bytes)), 64,
                   "../../../etc/passwd" + std::string(45, 'a'));
  scratch.Write("installed.json", climbing);
  CHECK(ReadInstalled(folder).error().message == path + ": damaged: an entry is not sound");
  // A damaged state is replaced by the next update, with a note.
  const auto again = Install(Into(folder), bytes);
  CHECK(again.value().notes == std::vector<std::string>{path + ": damaged: an entry is not sound"});
  CHECK(ReadInstalled(folder).value().current->version == "2026.11.1");
  REQUIRE(chmod(path.c_str(), 0666) == 0);
  CHECK(ReadInstalled(folder).error().message ==
        path + ": belongs to another user, or everybody may write to it");
  std::filesystem::remove(path);
  std::filesystem::create_symlink("/etc/hostname", path);
  CHECK_FALSE(ReadInstalled(folder).ok());
}

TEST_CASE("folder: keys of the administrator, and no file that is none") {
  const Scratch scratch;
  CHECK(KeysOf(scratch.path()).value().empty());
  const PrivateKey key = PrivateKey::Generate().value();
  scratch.Write("keys/ours.pem", key.PublicPem().value());
  scratch.Write("keys/readme.txt", "not a key");
  REQUIRE(KeysOf(scratch.path()).value().size() == 1);
  CHECK(KeysOf(scratch.path()).value()[0].id == key.public_key().id);
  scratch.Write("keys/other.pem", "x");
  CHECK(KeysOf(scratch.path()).error().message ==
        scratch / "keys/other.pem" + ": no public key in PEM");
}

TEST_CASE("folder: files are never overwritten") {
  const Scratch scratch;
  REQUIRE(WriteNewFile(scratch / "k", "one", 0600).ok());
  struct stat info {};
  REQUIRE(stat((scratch / "k").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK_FALSE(WriteNewFile(scratch / "k", "two", 0600).ok());
  CHECK(ReadWholeFile(scratch / "k", 10).value() == "one");
}

}  // namespace
}  // namespace weighbridge
