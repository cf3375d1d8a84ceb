#include "scanner/bundles/data_folder.h"

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/bundles/folder_files.h"

namespace weighbridge {
namespace {

constexpr const char* kSystemFolder = "/var/lib/weighbridge";
constexpr const char* kStateFile = "installed.json";
constexpr std::uint64_t kStateFormat = 1;
constexpr std::size_t kMaxStateBytes = 64 << 10;
constexpr std::size_t kMaxKeyBytes = 16 << 10;
constexpr std::size_t kMaxKeys = 64;

std::string BundleName(const InstalledBundle& bundle) { return bundle.file_sha256 + ".wbdb"; }

nlohmann::ordered_json JsonOf(const std::optional<InstalledBundle>& bundle) {
  if (!bundle) return {};
  return {{"file_sha256", bundle->file_sha256},
          {"digest", bundle->digest},
          {"version", bundle->version},
          {"date", bundle->date},
          {"expires", bundle->expires},
          {"key_id", bundle->key_id},
          {"forced", bundle->forced}};
}

bool IsDigest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// False for an entry that is there and not sound: its digest becomes a file name.
bool ReadEntry(const Json& state, const char* key, std::optional<InstalledBundle>& out) {
  const Json* entry = Find(state, key);
  if (entry == nullptr || entry->is_null()) return true;
  InstalledBundle bundle;
  bundle.file_sha256 = StringOr(*entry, "file_sha256");
  bundle.digest = StringOr(*entry, "digest");
  bundle.version = StringOr(*entry, "version");
  bundle.date = StringOr(*entry, "date");
  bundle.expires = StringOr(*entry, "expires");
  bundle.key_id = StringOr(*entry, "key_id");
  const Json* forced = Find(*entry, "forced");
  bundle.forced = forced != nullptr && forced->is_boolean() && forced->get<bool>();
  if (!IsDigest(bundle.file_sha256) || !IsDigest(bundle.digest) ||
      !IsDatabaseVersion(bundle.version) || !IsIsoDate(bundle.date) || !IsIsoDate(bundle.expires)) {
    return false;
  }
  out = std::move(bundle);
  return true;
}

Status WriteState(const std::string& folder, const InstalledState& state) {
  const nlohmann::ordered_json out{{"format", kStateFormat},
                                   {"current", JsonOf(state.current)},
                                   {"previous", JsonOf(state.previous)}};
  return ReplaceFile(
      folder, kStateFile,
      out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

std::vector<std::string> KeptBundles(const InstalledState& state) {
  std::vector<std::string> kept;
  if (state.current) kept.push_back(state.current->file_sha256);
  if (state.previous) kept.push_back(state.previous->file_sha256);
  return kept;
}

// Why the bundle may not replace what is in use, one a line.
std::vector<std::string> Refusals(const InstallRequest& request, const Bundle& bundle,
                                  const InstalledState& state) {
  std::vector<std::string> refusals;
  if (bundle.manifest.expires < request.today) {
    refusals.push_back("the bundle expired on " + bundle.manifest.expires);
  }
  std::string fault = RollbackFault(bundle, request.embedded_version, request.embedded_date, "");
  if (!fault.empty()) {
    refusals.push_back("rollback: " + fault + ", which the program carries");
  }
  if (!state.current) return refusals;
  fault = RollbackFault(bundle, state.current->version, state.current->date, state.current->digest);
  if (!fault.empty()) refusals.push_back("rollback: " + fault + ", as installed");
  return refusals;
}

}  // namespace

std::vector<std::string> DataFolders(const std::string& data_dir) {
  if (!data_dir.empty()) return {data_dir};
  if (IsRoot()) return {kSystemFolder};
  const std::string home = HomeDataFolder();
  if (home.empty()) return {kSystemFolder};
  return {home, kSystemFolder};
}

Result<InstalledState> ReadInstalled(const std::string& folder) {
  const std::string path = folder + "/" + kStateFile;
  auto text = ReadRegularFile(path, kMaxStateBytes, true);
  if (!text.ok()) return std::move(text).error();
  const auto damaged = [&](const std::string& what) {
    return Error{ErrorCode::kMalformed, Printable(path) + ": damaged: " + what};
  };
  auto parsed = ParseJson(text.value(), Limits(), {.refuse_duplicate_keys = true});
  if (!parsed.ok()) return damaged(parsed.error().message);
  const Json& root = parsed.value();
  const Json* format = root.is_object() ? Find(root, "format") : nullptr;
  if (format == nullptr || *format != kStateFormat) return damaged("its format is another");
  InstalledState state;
  if (!ReadEntry(root, "current", state.current) || !ReadEntry(root, "previous", state.previous))
    return damaged("an entry is not sound");
  return state;
}

Result<std::shared_ptr<const std::string>> ReadInstalledBundle(const std::string& folder,
                                                               const InstalledBundle& installed) {
  auto bytes = ReadRegularFile(folder + "/" + BundleName(installed), kMaxBundleBytes, true);
  if (!bytes.ok()) return std::move(bytes).error();
  return std::shared_ptr<const std::string>(
      std::make_shared<std::string>(std::move(bytes).value()));
}

Result<std::vector<PublicKey>> KeysOf(const std::string& folder) {
  std::vector<PublicKey> keys;
  const std::string place = folder + "/keys";
  for (const std::string& name : NamesIn(place, ".pem")) {
    if (keys.size() == kMaxKeys)
      return Error{ErrorCode::kLimitExceeded, Printable(place) + ": more than 64 keys"};
    auto text = ReadRegularFile(place + "/" + name, kMaxKeyBytes, true);
    if (!text.ok()) return std::move(text).error();
    auto key = PublicKeyFromPem(text.value(), place + "/" + name);
    if (!key.ok()) return std::move(key).error();
    keys.push_back(key.value());
  }
  return keys;
}

Result<Installed> InstallBundle(const InstallRequest& request, const Bundle& bundle,
                                const std::string& bytes) {
  if (Status made = MakeFolder(request.folder); !made.ok()) return std::move(made).error();
  auto lock = FolderLock::Take(request.folder);
  if (!lock.ok()) return std::move(lock).error();
  Installed done;
  auto found = ReadInstalled(request.folder);
  if (found.ok()) {
    done.state = std::move(found).value();
  } else if (found.error().code == ErrorCode::kMalformed) {
    done.notes.push_back(found.error().message);  // replaced by what is installed now
  } else if (found.error().code != ErrorCode::kNotFound) {
    return std::move(found).error();
  }
  InstalledBundle fresh{Sha256OfBytes(bytes),
                        bundle.Digest(),
                        bundle.manifest.version,
                        bundle.manifest.date,
                        bundle.manifest.expires,
                        request.key_id,
                        false};
  const std::vector<std::string> refusals = Refusals(request, bundle, done.state);
  if (!refusals.empty() && !request.force) {
    return Error{ErrorCode::kInvalidArgument, Join(refusals, "\n")};
  }
  fresh.forced = !refusals.empty();
  done.notes.insert(done.notes.end(), refusals.begin(), refusals.end());
  std::optional<InstalledBundle>& current = done.state.current;
  if (current && current->file_sha256 == fresh.file_sha256) {
    auto there = ReadInstalledBundle(request.folder, *current);
    done.already = there.ok() && *there.value() == bytes;
    if (done.already && current->forced == fresh.forced) return done;
  } else if (current) {
    done.state.previous = current;
  }
  Status wrote = ReplaceFile(request.folder, BundleName(fresh), bytes);
  current = std::move(fresh);
  if (wrote.ok()) wrote = WriteState(request.folder, done.state);
  if (!wrote.ok()) return std::move(wrote).error();
  RemoveLeftovers(request.folder, KeptBundles(done.state));
  return done;
}

Result<InstalledState> RollBack(const std::string& folder) {
  auto lock = FolderLock::Take(folder);
  if (!lock.ok()) return std::move(lock).error();
  auto state = ReadInstalled(folder);
  if (!state.ok()) return std::move(state).error();
  if (!state.value().previous) {
    return Error{ErrorCode::kNotFound, Printable(folder) + ": no previous database is kept"};
  }
  auto bytes = ReadInstalledBundle(folder, *state.value().previous);
  if (!bytes.ok()) return std::move(bytes).error();
  auto bundle = ParseBundle(*bytes.value());
  if (!bundle.ok()) return std::move(bundle).error();
  if (bundle.value().Digest() != state.value().previous->digest) {
    return Error{ErrorCode::kMalformed, Printable(folder) + ": the previous database is damaged"};
  }
  std::swap(state.value().current, state.value().previous);
  state.value().current->forced = true;
  Status wrote = WriteState(folder, state.value());
  if (!wrote.ok()) return std::move(wrote).error();
  return state;
}

}  // namespace weighbridge
