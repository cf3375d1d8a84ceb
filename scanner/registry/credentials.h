// Credentials from docker's configuration file: the entries under "auths", which
// `docker login` and `skopeo login` write.
//
//   {"auths": {"registry.example:5000": {"auth": base64("user:password")}},
//    "credsStore": "...", "credHelpers": {"host": "..."}}
//
// Credential helpers are programs, and none is ever run: when the configuration leaves
// a host to one, that is said.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "weighbridge/result.h"

namespace weighbridge {

struct Credentials {
  std::string user;
  std::string password;
  // The value of an Authorization header.
  std::string Basic() const;
};

class CredentialStore {
 public:
  // The text of a config.json.
  static Result<CredentialStore> Parse(std::string_view text);
  // $DOCKER_CONFIG/config.json, else ~/.docker/config.json; no file, no credentials.
  static Result<CredentialStore> OfThisUser();

  // For "docker.io", "ghcr.io", "127.0.0.1:5000".
  std::optional<Credentials> For(std::string_view domain) const;
  // Why there are none, when the configuration speaks of the host; else "".
  std::string WhyNone(std::string_view domain) const;

 private:
  std::map<std::string, Credentials> by_domain_;
  std::map<std::string, std::string> unusable_;  // domain -> reason
  std::string helper_;                           // of all hosts
};

// Standard alphabet, padding required; nothing for anything else.
std::optional<std::string> DecodeBase64(std::string_view text);
std::string EncodeBase64(std::string_view bytes);

}  // namespace weighbridge
