// HTTP as far as a registry needs it: GET, one answer at a time, the body as a Stream.
// The interface lets tests count and fake; MakeHttpTransport() is the real thing, over
// Boost.Beast and OpenSSL.
//
// Certificates and host names are always checked, against the system's CA store or
// $SSL_CERT_FILE / $SSL_CERT_DIR. Plain HTTP goes to loopback addresses only, and only
// when that was allowed. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/archive/stream.h"
#include "scanner/registry/url.h"

namespace weighbridge {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  Url url;
  std::vector<HttpHeader> headers;
};

// The body must be read before the next request, or is given up.
class HttpResponse : public Stream {
 public:
  virtual int status() const = 0;
  // "" when absent; repeated headers are joined with ", ".
  virtual std::string Header(std::string_view name) const = 0;
  // Bytes, when the server states them.
  virtual std::optional<std::uint64_t> content_length() const = 0;
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  virtual Result<std::unique_ptr<HttpResponse>> Get(const HttpRequest& request) = 0;
};

struct HttpOptions {
  bool plain_to_loopback = false;
  std::uint32_t connect_timeout_ms = 15'000;
  // For the headers, and for every 64 KiB of a body: slower is given up.
  std::uint32_t read_timeout_ms = 30'000;
  // Signed storage URLs and cookies are long; above this is an attack.
  std::uint32_t max_header_bytes = 64 << 10;
  std::stop_token stop;
};

std::unique_ptr<HttpTransport> MakeHttpTransport(HttpOptions options);

// The whole body, or kLimitExceeded above `limit`.
Result<std::string> ReadBody(HttpResponse& response, std::size_t limit, const std::string& what);

}  // namespace weighbridge
