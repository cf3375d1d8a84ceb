// What a 401 answer asks for: WWW-Authenticate (RFC 9110, 11.6.1).
//
//   Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull"
//   Basic realm="registry"
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

struct Challenge {
  std::string scheme;                         // lower case
  std::map<std::string, std::string> params;  // names in lower case; the first of a name counts
  std::string Param(const char* name) const {
    const auto found = params.find(name);
    return found == params.end() ? std::string() : found->second;
  }
};

// All challenges of one header line; what cannot be read ends the list. Never fails.
std::vector<Challenge> ParseChallenges(std::string_view header);

}  // namespace weighbridge
