// The folder that holds installed database bundles: what is in it, installing into it, and
// who may change it. Layout (docs: rules/catalog/README.md):
//
//   installed.json    names the bundle in use and the one before; replacing it is the commit
//   SHA256.wbdb       a bundle, named by the digest of its own bytes
//   keys/*.pem        public keys that the administrator trusts
//   lock              held (flock) while something is installed
//
// A file is written under another name in the same folder, synced and renamed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scanner/bundles/bundle.h"

namespace weighbridge {

struct InstalledBundle {
  std::string file_sha256;  // of the bundle's bytes, and its name
  std::string digest;       // of the manifest
  std::string version, date, expires, key_id;
  bool forced = false;  // installed although it is older than what it replaced, or expired
};

struct InstalledState {
  std::optional<InstalledBundle> current, previous;
};

// Where to look, first to last: `data_dir` alone when it is given; /var/lib/weighbridge for
// root; else $XDG_DATA_HOME/weighbridge (~/.local/share/weighbridge), then /var/lib's.
std::vector<std::string> DataFolders(const std::string& data_dir);

// kNotFound when nothing was ever installed there. Refused: what belongs to another user
// than root or this one, or may be written by everybody.
Result<InstalledState> ReadInstalled(const std::string& folder);
// The bytes of an installed bundle, as they were installed or an error that says why not.
Result<std::shared_ptr<const std::string>> ReadInstalledBundle(const std::string& folder,
                                                               const InstalledBundle& installed);
// keys/*.pem, by name. A file that is no key is an error: it was put there to be one.
Result<std::vector<PublicKey>> KeysOf(const std::string& folder);

struct InstallRequest {
  std::string folder;
  std::string key_id;
  std::string today;             // ISO
  bool force = false;            // in spite of expiry and rollback
  std::string embedded_version;  // the floor that the program itself sets
  std::string embedded_date;
};

struct Installed {
  InstalledState state;
  bool already = false;            // it was the bundle in use
  std::vector<std::string> notes;  // what --force passed over
};

// Under the folder's lock: refuses rollback and expiry, then installs. `bundle` was read
// from `bytes`, and its signature is good. The one in use is kept as the previous one.
Result<Installed> InstallBundle(const InstallRequest& request, const Bundle& bundle,
                                const std::string& bytes);
// Puts the previous bundle in use, and keeps the present one as previous.
Result<InstalledState> RollBack(const std::string& folder);

// A whole file, or an error when it is not regular or longer than `limit`.
Result<std::string> ReadWholeFile(const std::string& path, std::size_t limit);
// A new file, synced; fails when one of that name is there. `mode` as in open(2).
Status WriteNewFile(const std::string& path, const std::string& bytes, unsigned mode);

}  // namespace weighbridge
