#include "scanner/services/hosts.h"

#include <algorithm>

namespace weighbridge {
namespace {

constexpr std::size_t kMaxHostBytes = 253;  // RFC 1035, 2.3.4
constexpr std::size_t kMaxPlaceholderBytes = 64;

bool IsHostByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

// The size of a {placeholder} or ${placeholder} that starts at `at`, 0 when there is none.
std::size_t PlaceholderAfter(std::string_view text, std::size_t at) {
  std::size_t open = at;
  if (open < text.size() && (text[open] == '$' || text[open] == '%')) ++open;
  if (open >= text.size() || (text[open] != '{' && text[open] != '<')) return 0;
  const char closer = text[open] == '{' ? '}' : '>';
  const std::size_t close = text.substr(0, std::min(text.size(), open + kMaxPlaceholderBytes))
                                .find_first_of(std::string("\n\"' ") + closer, open + 1);
  if (close == std::string_view::npos || text[close] != closer) return 0;
  std::size_t end = close + 1;
  if (end < text.size() && text[end] == '}') ++end;  // {{ helm }}
  return end - at;
}

// The same, ending before `at`.
std::size_t PlaceholderBefore(std::string_view text, std::size_t at) {
  if (at == 0 || (text[at - 1] != '}' && text[at - 1] != '>')) return 0;
  const char opener = text[at - 1] == '}' ? '{' : '<';
  const std::size_t from = at > kMaxPlaceholderBytes ? at - kMaxPlaceholderBytes : 0;
  std::size_t open = text.substr(from, at - from).rfind(opener);
  if (open == std::string_view::npos) return 0;
  open += from;
  if (text.substr(open, at - open).find_first_of("\n\"") != std::string_view::npos) return 0;
  if (open > 0 && (text[open - 1] == '$' || text[open - 1] == '{')) --open;
  return at - open;
}

// user@ before a host is a URL's only when "//" opens it.
bool IsUserInfo(std::string_view text, std::size_t at_sign) {
  constexpr std::size_t kMaxUserBytes = 128;
  for (std::size_t i = at_sign; i > 0 && at_sign - i < kMaxUserBytes; --i) {
    const char c = text[i - 1];
    if (c == '/') return i >= 2 && text[i - 2] == '/';
    if (c == ' ' || c == '\n' || c == '"' || c == '\'') return false;
  }
  return false;
}

// "\n" written out before a host: the letter belongs to the escape.
bool IsEscapeLetter(std::string_view text, std::size_t at) {
  return at > 0 && text[at - 1] == '\\' && (text[at] == 'n' || text[at] == 't' || text[at] == 'r');
}

std::size_t BeginOfHost(std::string_view text, std::size_t at, std::string& prefix) {
  std::size_t begin = at;
  while (begin > 0 && at - begin <= kMaxHostBytes) {
    if (IsHostByte(text[begin - 1]) && !IsEscapeLetter(text, begin - 1)) {
      prefix.push_back(text[--begin]);
    } else if (const std::size_t size = PlaceholderBefore(text, begin)) {
      prefix.push_back('*');
      begin -= size;
    } else {
      break;
    }
  }
  std::reverse(prefix.begin(), prefix.end());
  return begin;
}

std::size_t EndOfHost(std::string_view text, std::size_t end, std::string& host) {
  const std::size_t from = end;
  while (end < text.size() && end - from <= kMaxHostBytes) {
    if (IsHostByte(text[end])) {
      host.push_back(text[end++]);
    } else if (const std::size_t size = PlaceholderAfter(text, end)) {
      host.push_back('*');
      end += size;
    } else {
      break;
    }
  }
  return end;
}

// Within one label: "*" in the pattern stands for any bytes but "."; a "*" in the host
// (a placeholder) may be all of what the pattern's "*" stands for.
bool GlobMatches(std::string_view pattern, std::string_view host) {
  std::size_t p = 0;
  std::size_t h = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (h < host.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = h;
    } else if (p < pattern.size() && pattern[p] == host[h]) {
      ++p;
      ++h;
    } else if (star != std::string_view::npos && host[mark] != '.') {
      p = star + 1;
      h = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

HostToken HostAt(std::string_view lower, std::size_t at, std::size_t size) {
  HostToken token;
  std::string prefix;
  token.begin = BeginOfHost(lower, at, prefix);
  token.host = prefix + std::string(lower.substr(at, size));
  token.end = EndOfHost(lower, at + size, token.host);
  const std::size_t last = token.host.find_last_not_of(".-_");
  token.host.resize(last == std::string::npos ? 0 : last + 1);
  if (token.host.size() > kMaxHostBytes) return {};
  const char before = token.begin == 0 ? '\n' : lower[token.begin - 1];
  if (before == '@' && !IsUserInfo(lower, token.begin - 1)) return {};
  if (token.end < lower.size() && lower[token.end] == '(') return {};
  token.quoted_or_url = before == '/' || before == '"' || before == '\'' || before == '`' ||
                        before == '@' || before == '=';
  return token;
}

bool HostMatches(std::string_view pattern, std::string_view host) {
  if (pattern.find('*') == std::string_view::npos) {
    if (host.size() == pattern.size()) return host == pattern;
    return host.size() > pattern.size() && host.ends_with(pattern) &&
           host[host.size() - pattern.size() - 1] == '.';
  }
  // A template's "*" may have been all there was before the fixed part: "-aiplatform...".
  if (host.starts_with("-") || host.starts_with(".")) {
    return GlobMatches(pattern, "*" + std::string(host));
  }
  return GlobMatches(pattern, host);
}

std::string_view HostFragment(std::string_view pattern) {
  std::string_view best;
  while (!pattern.empty()) {
    const std::size_t end = std::min(pattern.find('*'), pattern.size());
    if (end > best.size()) best = pattern.substr(0, end);
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
  }
  return best;
}

HostFit FitHost(const ServiceTable& table, std::string_view host) {
  HostFit fit;
  std::size_t best = 0;
  for (const ServiceItem& item : table.items) {
    if (item.kind != ServiceItemKind::kHost || item.text.size() < best) continue;
    if (!HostMatches(item.text, host)) continue;
    if (item.text.size() > best) fit = {};
    best = item.text.size();
    fit.rows.push_back(item.row);
    fit.shared |= item.shared;
    fit.unverified |= item.unverified;
  }
  return fit;
}

}  // namespace weighbridge
