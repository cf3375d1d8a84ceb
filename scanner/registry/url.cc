#include "scanner/registry/url.h"

#include <algorithm>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxUrlBytes = 16 << 10;  // signed storage URLs reach 2 KiB

Error Refused(std::string_view text, const char* reason) {
  return {ErrorCode::kMalformed, "URL " + Quote(text) + ": " + reason};
}

bool IsHostChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

// A request line must not be split by what a server sent.
bool IsTargetChar(char c) { return c > 0x20 && c < 0x7F; }

}  // namespace

std::string Url::HostHeader() const {
  std::string text = host.find(':') == host.npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string Url::ToString() const { return (tls ? "https://" : "http://") + HostHeader() + target; }

Result<Url> UrlOfHost(std::string_view text, bool tls) {
  Url url;
  url.tls = tls;
  url.port = tls ? 443 : 80;
  std::string_view host = text;
  std::string_view port;
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == text.npos) return Refused(text, "no ] after the address");
    host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    const bool plain =
        std::all_of(host.begin(), host.end(), [](char c) { return IsHostChar(c) || c == ':'; });
    if (!plain) return Refused(text, "not an address");
  } else {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    if (colon != text.npos) port = text.substr(colon);
    if (!std::all_of(host.begin(), host.end(), IsHostChar)) return Refused(text, "not a host name");
  }
  if (host.empty() || host.size() > 255) return Refused(text, "not a host name");
  if (!port.empty()) {
    const auto number = port.front() == ':' ? ParseUint(port.substr(1)) : std::nullopt;
    if (!number || *number == 0 || *number > 65535) return Refused(text, "not a port");
    url.port = static_cast<std::uint16_t>(*number);
  }
  url.host = ToLower(host);
  return url;
}

Result<Url> ParseUrl(std::string_view text) {
  if (text.size() > kMaxUrlBytes) return Refused(text, "longer than 16384 bytes");
  const std::string start = ToLower(text.substr(0, 8));
  const bool tls = start == "https://";
  if (!tls && start.substr(0, 7) != "http://") return Refused(text, "neither https nor http");
  std::string_view rest = text.substr(tls ? 8 : 7);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t end = rest.find_first_of("/?");
  auto url = UrlOfHost(rest.substr(0, end), tls);
  if (!url.ok()) return Refused(text, "host or port cannot be read");
  if (end != rest.npos) {
    url.value().target = rest.substr(end);
    if (rest[end] == '?') url.value().target.insert(0, "/");
  }
  const std::string& target = url.value().target;
  if (!std::all_of(target.begin(), target.end(), IsTargetChar)) {
    return Refused(text, "holds characters that a URL cannot");
  }
  return url;
}

Result<Url> ResolveUrl(const Url& base, std::string_view location) {
  if (location.substr(0, 2) == "//") {
    return ParseUrl((base.tls ? "https:" : "http:") + std::string(location));
  }
  const std::size_t colon = location.find(':');
  if (colon != location.npos && colon < location.find_first_of("/?#")) return ParseUrl(location);
  Url origin = base;
  origin.target.clear();
  std::string path = base.target.substr(0, base.target.find('?'));
  if (location.empty()) return Refused(location, "empty");
  if (location.front() == '/') {
    path.clear();
  } else if (location.front() != '?') {
    path.resize(path.rfind('/') + 1);
  }
  return ParseUrl(origin.ToString() + path + std::string(location));
}

bool IsLoopbackName(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  const std::vector<std::string> parts = Split(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  return std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    const auto number = ParseUint(part);
    return part.size() <= 3 && number && *number <= 255;
  });
}

std::string PercentEncode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (IsHostChar(c)) || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    constexpr char kDigits[] = "0123456789ABCDEF";
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

}  // namespace weighbridge
