// db update and rollback: what is installed, and what was before.
#include <filesystem>

#include "scanner/base/text.h"
#include "scanner/bundles/data_folder.h"
#include "scanner/bundles/fetch.h"
#include "scanner/bundles/folder_files.h"
#include "scanner/cli/bundle_trust.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/database_cli.h"
#include "scanner/cli/output.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxCandidates = 64;

int Fail(const std::string& messages, int code = kExitError) {
  for (const std::string& message : Split(messages, '\n')) Complain(message);
  return code;
}

struct Faults {
  std::vector<std::string> lines;
  bool unreadable = false;  // something could not be read or fetched at all
};

struct Candidate {
  std::string bytes;
  std::string key_id, version;
};

// The bundle at `path`, verified; what is wrong with it goes to `faults`.
std::optional<Candidate> Verified(const std::string& path, Result<std::string> bytes,
                                  const std::vector<PublicKey>& keys, Faults& faults) {
  if (!bytes.ok()) {
    faults.lines.push_back(bytes.error().message);
    faults.unreadable = true;
    return std::nullopt;
  }
  const BundleVerdict verdict = JudgeBundle(bytes.value(), keys);
  for (const std::string& fault : verdict.faults)
    faults.lines.push_back(Printable(path) + ": " + fault);
  if (!verdict.faults.empty()) return std::nullopt;
  Candidate found{{}, verdict.key_id, verdict.bundle->manifest.version};
  found.bytes = std::move(bytes).value();
  return found;
}

// Of a folder, the newest bundle that is sound.
std::optional<Candidate> Newest(const std::string& folder, const std::vector<PublicKey>& keys,
                                Faults& faults) {
  std::optional<Candidate> best;
  const std::vector<std::string> names = NamesIn(folder, ".wbdb");
  if (names.empty()) faults.lines.push_back(Printable(folder) + ": holds no *.wbdb");
  if (names.size() > kMaxCandidates) {
    faults.lines.push_back(Printable(folder) + ": more than 64 bundles");
    return std::nullopt;
  }
  for (const std::string& name : names) {
    const std::string path = folder + "/" + name;
    auto found = Verified(path, ReadWholeFile(path, kMaxBundleBytes), keys, faults);
    if (found && (!best || CompareVersions(found->version, best->version) > 0))
      best = std::move(found);
  }
  return best;
}

std::optional<Candidate> Fetch(const CommandLine& line, const std::vector<PublicKey>& keys,
                               Faults& faults) {
  const std::string& from = line.db.from;
  std::error_code ignored;
  if (std::filesystem::is_directory(from, ignored)) return Newest(from, keys, faults);
  if (!IsWebAddress(from))
    return Verified(from, ReadWholeFile(from, kMaxBundleBytes), keys, faults);
  HttpOptions options;
  options.plain_to_loopback = line.scan.insecure;
  const auto transport = MakeHttpTransport(std::move(options));
  return Verified(from, FetchBundle(*transport, from), keys, faults);
}

std::string Named(const InstalledBundle& bundle) { return bundle.version + " of " + bundle.date; }

}  // namespace

int RunDatabaseUpdate(const CommandLine& line) {
  auto keys = TrustedKeys(line);
  if (!keys.ok()) return Fail(keys.error().message);
  Faults faults;
  const std::optional<Candidate> found = Fetch(line, keys.value(), faults);
  if (!faults.lines.empty()) Fail(Join(faults.lines, "\n"));
  if (!found) return Fail("nothing was installed", faults.unreadable ? kExitError : kExitGated);
  auto bundle = ParseBundle(found->bytes);
  auto embedded = Catalog::Open("");
  if (!bundle.ok() || !embedded.ok()) return Fail("nothing was installed");
  const DatabaseInfo own = embedded.value()->Info();
  InstallRequest request;
  request.folder = DataFolders(line.scan.database_folder).front();
  request.key_id = found->key_id;
  request.today = DayOfReport(line.scan);
  request.force = line.db.force;
  request.embedded_version = own.version;
  request.embedded_date = own.date;
  auto installed = InstallBundle(request, bundle.value(), found->bytes);
  if (!installed.ok()) {
    const bool refused = installed.error().code == ErrorCode::kInvalidArgument;
    return Fail(installed.error().message + "\nnothing was installed" +
                    (refused ? "; --force passes over this" : ""),
                refused ? kExitGated : kExitError);
  }
  for (const std::string& note : installed.value().notes) Complain("in spite of: " + note);
  const InstalledState& state = installed.value().state;
  const std::string folder = Printable(request.folder);
  std::string text =
      installed.value().already
          ? "database " + Named(*state.current) + " is installed already, in " + folder
          : "database " + Named(*state.current) + " is installed in " + folder +
                ", signed by key " + state.current->key_id;
  if (state.previous && !installed.value().already)
    text += "; " + Named(*state.previous) + " is kept";
  Status wrote = WriteDocument("", text + "\n");
  return wrote.ok() ? kExitClean : Fail(wrote.error().message);
}

int RunDatabaseRollback(const CommandLine& line) {
  const std::string folder = DataFolders(line.scan.database_folder).front();
  auto state = RollBack(folder);
  if (!state.ok()) return Fail(state.error().message);
  Status wrote = WriteDocument("", "database " + Named(*state.value().current) +
                                       " is in use again, in " + Printable(folder) + "; " +
                                       Named(*state.value().previous) + " is kept\n");
  return wrote.ok() ? kExitClean : Fail(wrote.error().message);
}

}  // namespace weighbridge
