// Settings that point a client at a host: OPENAI_BASE_URL, base_url=, apiBase: and the like.
#pragma once

#include <string>
#include <string_view>

namespace weighbridge {

// In lower case: a variable by which a vendor's client is pointed elsewhere.
bool IsClientSetting(std::string_view name);

// "OPENAI_BASE_URL" before the host at `at` on its line, or on the line before (Kubernetes
// writes name: and value: in two); "" when no such setting stands there. `lower` is the
// text in lower case.
std::string SettingBefore(std::string_view text, std::string_view lower, std::size_t at);

// The host of a URL that follows a setting's name, which ends at `end`; "" when none does.
// Never its user, password, port or path.
std::string HostAfter(std::string_view lower, std::size_t end);

}  // namespace weighbridge
