// Small database bundles: sound ones with the embedded data, and tiny ones whose parts
// are sound to the container and the manifest alone.
#pragma once

#include <string>

#include "scanner/bundles/bundle.h"

namespace weighbridge {

inline BundleManifest TinyManifest() {
  BundleManifest manifest;
  manifest.version = "2026.11.24";
  manifest.date = "2026-11-24";
  manifest.valid_days = 180;
  manifest.expires = "2027-05-23";
  manifest.previous_version = "2026.10.1";
  return manifest;
}

inline std::string TinyBundle(const BundleManifest& manifest = TinyManifest()) {
  return WriteBundle(manifest, {{"services.tsv", "services"},
                                {"packs/eu.json", "{}"},
                                {"catalog.sqlite", "catalogue"},
                                {"packs/china.json", ""}})
      .value();
}

inline std::string Signed(const std::string& bytes, const PrivateKey& key) {
  const Bundle bundle = ParseBundle(bytes).value();
  return WithSignature(bundle, key.SignatureText(bundle.manifest_text).value());
}

// With one part of that bundle replaced by other bytes, digests made anew.
inline std::string WithPart(const std::string& bytes, const std::string& name,
                            std::string_view content) {
  const Bundle bundle = ParseBundle(bytes).value();
  std::vector<TarMember> parts = bundle.parts;
  for (TarMember& part : parts) {
    if (part.name == name) part.bytes = content;
  }
  return WriteBundle(bundle.manifest, parts).value();
}

}  // namespace weighbridge
