#include "scanner/services/settings.h"

#include <algorithm>
#include <array>

#include "scanner/services/text_context.h"

namespace weighbridge {
namespace {

// In lower case, as code and environments write them.
constexpr auto kOverrides =
    std::to_array<std::string_view>({"base_url", "baseurl", "base-url", "api_base", "apibase",
                                     "api-base", "api_host", "apihost", "endpoint"});

}  // namespace

bool IsClientSetting(std::string_view name) {
  if (!name.starts_with("openai_") && !name.starts_with("anthropic_")) return false;
  return std::any_of(kOverrides.begin(), kOverrides.end(), [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  });
}

std::string SettingBefore(std::string_view text, std::string_view lower, std::size_t at) {
  constexpr std::size_t kReach = 160;
  const std::size_t from = at > kReach ? at - kReach : 0;
  std::string_view part = lower.substr(from, at - from);
  std::size_t newlines = 0;
  std::size_t start = part.size();
  while (start > 0 && (part[start - 1] != '\n' || newlines++ == 0)) --start;
  part.remove_prefix(start);
  std::size_t best = std::string_view::npos;
  for (const std::string_view word : kOverrides) {
    const std::size_t found = part.rfind(word);
    if (found != std::string_view::npos && (best == std::string_view::npos || found > best)) {
      best = found;
    }
  }
  if (best == std::string_view::npos) return {};
  std::size_t begin = from + start + best;
  std::size_t end = begin;
  const auto is_name = [](char c) { return IsWordByte(c) || c == '-'; };
  while (begin > 0 && is_name(text[begin - 1]) && end - begin < 64) --begin;
  while (end < text.size() && is_name(text[end]) && end - begin < 64) ++end;
  return std::string(text.substr(begin, end - begin));
}

std::string HostAfter(std::string_view lower, std::size_t end) {
  constexpr std::size_t kReach = 48;
  const std::string_view near = lower.substr(end, kReach);
  const std::size_t scheme = near.find("http");
  if (scheme == std::string_view::npos) return {};
  for (const char c : near.substr(0, scheme)) {
    if (std::string_view(" \t\r\n\"'`:=,(-|value").find(c) == std::string_view::npos) return {};
  }
  std::size_t at = end + scheme + 4;
  if (at < lower.size() && lower[at] == 's') ++at;
  if (lower.substr(at, 3) != "://") return {};
  at += 3;
  std::string_view rest = lower.substr(at, 384);
  const std::size_t stop = std::min(rest.find_first_of("/\"'` \t\r\n,)?#"), rest.size());
  rest = rest.substr(0, stop);
  const std::size_t user = rest.rfind('@');  // what stands before it is a credential
  if (user != std::string_view::npos) rest.remove_prefix(user + 1);
  rest = rest.substr(0, rest.find(':'));
  if (rest.empty() || rest.size() > 253) return {};
  for (const char c : rest) {
    if (!IsWordByte(c) && c != '.' && c != '-') return {};
  }
  return std::string(rest);
}

}  // namespace weighbridge
