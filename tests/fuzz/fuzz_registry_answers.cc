// What registries send: WWW-Authenticate and Location headers, manifests, and docker's
// configuration. The first byte says which.
#include <cstdint>
#include <cstdlib>

#include "scanner/registry/challenge.h"
#include "scanner/registry/credentials.h"
#include "scanner/registry/manifest.h"
#include "scanner/registry/url.h"
#include "weighbridge/bytes.h"

namespace {

using namespace weighbridge;

void Redirect(std::string_view text) {
  const auto base = ParseUrl("https://registry.example:5000/v2/a/blobs/b?c");
  const auto url = ResolveUrl(base.value(), text);
  if (!url.ok()) return;
  // A request line and a Host header are made of these.
  if (url.value().target.find_first_of(" \r\n") != std::string::npos) std::abort();
  if (url.value().host.find_first_of(" \r\n/@") != std::string::npos) std::abort();
  const auto again = ParseUrl(url.value().ToString());
  if (!again.ok() || !again.value().SameOrigin(url.value())) std::abort();
}

void Manifest(std::string_view text) {
  const auto document = ParseManifestDocument(text, "application/json", Limits{});
  if (!document.ok()) return;
  static_cast<void>(ChooseManifests(document.value().manifests, "", false).ok());
  for (const Descriptor& layer : document.value().layers) ShapeOf(layer.media_type);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 65536) return 0;
  const std::string_view text = AsText({data + 1, size - 1});
  switch (data[0]) {
    case 'c': ParseChallenges(text); break;
    case 'u': Redirect(text); break;
    case 'm': Manifest(text); break;
    case 'd': static_cast<void>(CredentialStore::Parse(text).ok()); break;
    default: break;
  }
  return 0;
}
