// Reference: the name of something in a registry, read as docker and skopeo read it
// (github.com/distribution/reference, normalize.go and regexp.go).
//
//   [DOMAIN[:PORT]/]PATH[:TAG][@DIGEST]
//
// A first component is a domain only when it holds '.' or ':', has a capital letter or
// is "localhost"; else the domain is docker.io, where a lone name lies in "library/".
// Without tag and digest the tag is "latest"; a digest wins over a tag.
#pragma once

#include <string>
#include <string_view>

#include "weighbridge/result.h"

namespace weighbridge {

struct Reference {
  std::string domain;      // "docker.io", "127.0.0.1:5000", "[::1]:5000"
  std::string repository;  // "library/alpine"
  std::string tag;         // "" only when there is a digest
  std::string digest;      // "sha256:<hex>", "" when there is none

  std::string Name() const { return domain + "/" + repository; }
  // The full spelling, which reads back as the same value.
  std::string ToString() const;
  // What the API is asked for: the digest, else the tag.
  const std::string& Wanted() const { return digest.empty() ? tag : digest; }
  // Where the API answers: docker.io lives at registry-1.docker.io.
  std::string ApiHost() const;

  friend bool operator==(const Reference&, const Reference&) = default;
};

// The text after "registry:".
Result<Reference> ParseReference(std::string_view text);

// "sha256:<64 hex>" or "sha512:<128 hex>", lower case.
bool IsDigest(std::string_view text);
std::string_view DigestAlgorithm(std::string_view digest);  // "sha256"
std::string_view DigestHex(std::string_view digest);

}  // namespace weighbridge
