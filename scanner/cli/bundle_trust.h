// Whose signature counts, and whether a bundle deserves to be installed.
#pragma once

#include <optional>

#include "scanner/bundles/bundle.h"
#include "scanner/cli/options.h"

namespace weighbridge {

inline constexpr std::size_t kMaxKeyFileBytes = 16 << 10;

// --key alone when it is given, else the program's own and those in the data folders.
Result<std::vector<PublicKey>> TrustedKeys(const CommandLine& line);

struct BundleVerdict {
  std::optional<Bundle> bundle;     // when container, manifest and digests are sound
  std::string key_id;               // that signed it, when known and good
  std::vector<std::string> faults;  // all of them
};

// All but age: a view into `bytes`.
BundleVerdict JudgeBundle(const std::string& bytes, const std::vector<PublicKey>& keys);
// Of the signature alone, in words: "signed by key ...", "unsigned", ...
std::string SignatureWords(const SignatureCheck& check);

}  // namespace weighbridge
