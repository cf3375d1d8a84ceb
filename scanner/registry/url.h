// The few URLs that a registry deals in: absolute http and https ones, without user
// names, and what a Location header says relative to one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weighbridge/result.h"

namespace weighbridge {

struct Url {
  bool tls = true;
  std::string host;  // lower case, without brackets
  std::uint16_t port = 443;
  std::string target = "/";  // path and query

  // Two URLs with the same origin may share credentials.
  bool SameOrigin(const Url& other) const {
    return tls == other.tls && host == other.host && port == other.port;
  }
  std::string HostHeader() const;  // port only when it is not the scheme's own
  std::string ToString() const;
};

Result<Url> ParseUrl(std::string_view text);
// A Location header, absolute or relative (RFC 3986, 5.2, without "..").
Result<Url> ResolveUrl(const Url& base, std::string_view location);
// "host", "host:port" or "[v6]:port" with the scheme's default port.
Result<Url> UrlOfHost(std::string_view host, bool tls);
// "localhost", 127.0.0.0/8, ::1: by the text alone.
bool IsLoopbackName(std::string_view host);
// Percent-encodes everything but RFC 3986's unreserved characters.
std::string PercentEncode(std::string_view text);

}  // namespace weighbridge
