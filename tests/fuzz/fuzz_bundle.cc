// Database bundles: the container with its manifest, the manifest alone, and a signature.
#include <cstdlib>

#include "scanner/bundles/bundle.h"
#include "weighbridge/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const std::string_view bytes = AsText({data, size});
  // There is one written form: what is read is what would be written.
  const auto members = ReadTarContainer(bytes);
  if (members.ok() && WriteTarContainer(members.value()) != bytes) std::abort();
  const auto manifest = ParseManifest(bytes);
  if (manifest.ok() && WriteManifest(manifest.value()) != bytes) std::abort();
  const auto bundle = ParseBundle(bytes);
  static const PrivateKey key = PrivateKey::Generate().value();
  if (bundle.ok()) {
    const auto state =
        CheckSignature(bundle.value().manifest_text, bundle.value().signature, {key.public_key()})
            .state;
    if (state == SignatureState::kGood) std::abort();  // nobody has signed with this key
  }
  (void)CheckSignature("manifest", bytes, {key.public_key()});
  // OpenSSL sets up its decoders anew each time, which is slow.
  if (bytes.starts_with("-----BEGIN ")) (void)PublicKeyFromPem(bytes, "fuzz");
  return 0;
}
