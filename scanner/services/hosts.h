// Hostnames of the table against text. A host matches on label boundaries, without case;
// "*" in the table stands for part of one label. Formats reference, part F.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/services/service_table.h"

namespace weighbridge {

// A hostname as it stands in a text: lower case, "*" for each {placeholder}.
struct HostToken {
  std::string host;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool quoted_or_url = false;  // after "//", a quote, "@" of a URL or "="
};

// The host around [at, at + size). Requires: the text is in lower case. Empty host when
// the place is no host: part of an e-mail address, of a call, or longer than a host may be.
HostToken HostAt(std::string_view lower, std::size_t at, std::size_t size);

// True when `host` is `pattern` or a subdomain of it.
bool HostMatches(std::string_view pattern, std::string_view host);

// The longest part of the pattern without "*", by which it is looked for.
std::string_view HostFragment(std::string_view pattern);

// The longest pattern of the table that the host fits; its rows, and whether the entry
// is shared or unverified.
struct HostFit {
  std::vector<std::size_t> rows;
  bool shared = false;
  bool unverified = false;
};
HostFit FitHost(const ServiceTable& table, std::string_view host);

}  // namespace weighbridge
