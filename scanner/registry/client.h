// RegistryClient: the OCI distribution API (v1.1) as a reader uses it.
//
//   GET /v2/<name>/manifests/<tag or digest>
//   GET /v2/<name>/blobs/<digest>              with Range for a part
//   401 -> WWW-Authenticate: Bearer -> token -> once more; Basic -> once more
//   307 -> blob storage, without our credentials
//
// Everything a server says is bounded: manifests 4 MiB (distribution-spec, "pushing
// manifests"), error bodies 64 KiB, five redirects. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "scanner/registry/credentials.h"
#include "scanner/registry/http.h"
#include "scanner/registry/reference.h"

namespace weighbridge {

struct FetchedManifest {
  std::string digest;      // computed, "sha256:<hex>"
  std::string media_type;  // Content-Type without parameters
  std::string text;
};

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

class RegistryClient {
 public:
  static constexpr std::size_t kMaxManifestBytes = 4 << 20;

  // `insecure`: a loopback registry is asked by plain HTTP. The transport must outlive
  // the client.
  RegistryClient(const Reference& reference, CredentialStore credentials, bool insecure,
                 HttpTransport& transport);

  // By tag or digest. A digest is verified, and so is what the server says it is.
  Result<FetchedManifest> GetManifest(const std::string& wanted);
  // A small blob, whole and verified.
  Result<std::string> GetBlob(const std::string& digest, std::size_t limit);
  // The body of a blob. With a range the answer is 206 with exactly that range, or 200
  // from the start when the server ignores ranges.
  Result<std::unique_ptr<HttpResponse>> OpenBlob(const std::string& digest,
                                                 std::optional<ByteRange> range);

  std::uint64_t requests() const { return requests_; }

 private:
  Result<std::unique_ptr<HttpResponse>> Get(const std::string& target,
                                            const std::vector<HttpHeader>& headers,
                                            const std::string& what);
  Result<std::unique_ptr<HttpResponse>> Follow(HttpRequest request);
  Status Authorise(const HttpResponse& refusal);
  Status FetchToken(const std::string& realm, const std::string& service, const std::string& scope);
  Error Explain(HttpResponse& response, const std::string& what);

  const Reference reference_;
  const CredentialStore credentials_;
  const bool insecure_;
  HttpTransport& transport_;
  Url origin_;
  std::string authorization_;  // for origin_ only
  std::uint64_t requests_ = 0;
};

// SHA-256 or SHA-512 of the text, spelled like `digest`'s algorithm.
std::string DigestOf(std::string_view algorithm, std::string_view text);

}  // namespace weighbridge
