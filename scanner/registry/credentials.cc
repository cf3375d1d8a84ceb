#include "scanner/registry/credentials.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "scanner/base/json.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kMaxConfigBytes = 1 << 20;

// "https://index.docker.io/v1/" -> "docker.io", "https://host:5000/v2/" -> "host:5000".
std::string DomainOfKey(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.substr(0, scheme.size()) == scheme) key.remove_prefix(scheme.size());
  }
  std::string domain = ToLower(key.substr(0, key.find('/')));
  if (domain == "index.docker.io" || domain == "registry-1.docker.io") domain = "docker.io";
  return domain;
}

std::optional<Credentials> ReadEntry(const Json& entry) {
  Credentials credentials{StringOr(entry, "username"), StringOr(entry, "password")};
  const std::string auth = StringOr(entry, "auth");
  if (!auth.empty()) {
    const auto plain = DecodeBase64(auth);
    const std::size_t colon = plain ? plain->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    credentials = {plain->substr(0, colon), plain->substr(colon + 1)};
    while (!credentials.password.empty() && credentials.password.back() == '\0') {
      credentials.password.pop_back();  // docker trims them as well
    }
  }
  if (credentials.user.empty()) return std::nullopt;
  return credentials;
}

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j) {
      group = (group << 8) | (j < count ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= count ? kAlphabet[(group >> (18 - 6 * j)) & 63] : '=';
    }
  }
  return out;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    std::size_t padding = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const char c = text[i + j];
      const std::size_t value = kAlphabet.find(c);
      if (c == '=' && i + 4 == text.size() && j >= 2) {
        ++padding;
        group <<= 6;
        continue;
      }
      if (value == kAlphabet.npos || padding != 0) return std::nullopt;
      group = (group << 6) | static_cast<std::uint32_t>(value);
    }
    for (std::size_t j = 0; j + padding < 3; ++j) {
      out += static_cast<char>((group >> (16 - 8 * j)) & 0xFF);
    }
  }
  return out;
}

std::string Credentials::Basic() const { return "Basic " + EncodeBase64(user + ":" + password); }

Result<CredentialStore> CredentialStore::Parse(std::string_view text) {
  CredentialStore store;
  auto parsed = ParseJson(text, Limits{});
  if (!parsed.ok()) return std::move(parsed).error();
  const Json& root = parsed.value();
  if (const Json* auths = Find(root, "auths"); auths != nullptr && auths->is_object()) {
    for (const auto& [key, entry] : auths->items()) {
      const std::string domain = DomainOfKey(key);
      if (auto credentials = ReadEntry(entry)) {
        store.by_domain_.emplace(domain, std::move(*credentials));
      } else if (!StringOr(entry, "identitytoken").empty()) {
        store.unusable_[domain] = "only an identity token is stored, which is not supported";
      } else if (!StringOr(entry, "auth").empty()) {
        store.unusable_[domain] = "its \"auth\" is not base64 of user:password";
      }
    }
  }
  if (const Json* helpers = Find(root, "credHelpers"); helpers != nullptr && helpers->is_object()) {
    for (const auto& [key, entry] : helpers->items()) {
      if (!entry.is_string()) continue;
      store.unusable_[DomainOfKey(key)] = "they are in the credential helper " +
                                          Quote(entry.get<std::string>(), 60) +
                                          ", and weighbridge runs no program";
    }
  }
  store.helper_ = StringOr(root, "credsStore");
  return store;
}

Result<CredentialStore> CredentialStore::OfThisUser() {
  std::string path;
  if (const char* folder = std::getenv("DOCKER_CONFIG"); folder != nullptr && *folder != '\0') {
    path = folder;
  } else if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    path = std::string(home) + "/.docker";
  } else {
    return CredentialStore();
  }
  path += "/config.json";
  std::ifstream file(path, std::ios::binary);
  if (!file) return CredentialStore();
  std::string text(kMaxConfigBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad() || text.size() > kMaxConfigBytes) {
    return Error{ErrorCode::kIo, Printable(path) + ": cannot be read, or larger than 1 MiB"};
  }
  auto store = Parse(text);
  if (!store.ok()) return Error{store.error().code, Printable(path) + ":" + store.error().message};
  return store;
}

std::optional<Credentials> CredentialStore::For(std::string_view domain) const {
  const auto found = by_domain_.find(ToLower(domain));
  if (found == by_domain_.end()) return std::nullopt;
  return found->second;
}

std::string CredentialStore::WhyNone(std::string_view domain) const {
  const auto found = unusable_.find(ToLower(domain));
  if (found != unusable_.end()) return found->second;
  if (helper_.empty()) return {};
  return "the docker configuration leaves credentials to the helper " + Quote(helper_, 60) +
         ", and weighbridge runs no program";
}

}  // namespace weighbridge
