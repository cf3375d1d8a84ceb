// A database bundle in memory: container, manifest and parts that agree with it. A ustar
// archive of manifest.json, manifest.sig when it is signed, then the parts in the order
// of the manifest. No name in it is ever used as a file name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scanner/bundles/manifest.h"
#include "scanner/bundles/signing.h"
#include "scanner/bundles/tar_container.h"

namespace weighbridge {

inline constexpr std::size_t kMaxBundleBytes = 512U << 20;

// Views into the bytes that it was read from.
struct Bundle {
  BundleManifest manifest;
  std::string_view manifest_text;
  std::string_view signature;    // the text of manifest.sig, "" when unsigned
  std::vector<TarMember> parts;  // as the manifest has them

  std::string_view Part(std::string_view name) const;  // "" when absent
  // The digest that reports cite: SHA-256 of the manifest, which holds those of all parts.
  std::string Digest() const { return Sha256OfBytes(manifest_text); }
};

// kAllButParties: the imported lists, which may be large, are not digested.
enum class Digests { kAll, kAllButParties };

// Container, manifest, and the size and digest of each part; every fault is a line of the
// message. Not yet asked: who signed it, what the parts hold, whether it has expired.
Result<Bundle> ParseBundle(std::string_view bytes, Digests digests = Digests::kAll);

// Fills in the parts of the manifest. Parts are put into order.
Result<std::string> WriteBundle(BundleManifest manifest, std::vector<TarMember> parts);
// The same bundle with this signature in place of the one that it has.
std::string WithSignature(const Bundle& bundle, const std::string& signature);

// What a reader of this version would refuse in the parts: the catalogue's schema, every
// pack, the services, the lists. Empty when nothing is.
std::vector<std::string> ContentFaults(const Bundle& bundle);

// What sets two versions apart: "" unless the first is older than the second by version or
// date, or is the same version with other content.
std::string RollbackFault(const Bundle& bundle, const std::string& version, const std::string& date,
                          const std::string& digest);

}  // namespace weighbridge
