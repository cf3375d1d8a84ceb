// One hit of one file, before hits are joined to uses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weighbridge/service.h"

namespace weighbridge {

struct ServiceHit {
  // Rows of the table of services; several when the item fits several, none when an
  // address is none that the table knows, or a model's id names no service.
  std::vector<std::size_t> services;
  ServiceTechnique technique = ServiceTechnique::kEndpoint;
  std::string matched;
  std::string endpoint;  // hostname, for kEndpoint, kBaseUrl and kRemoteModel
  std::string setting;   // kBaseUrl: the name that is set
  ServiceModel model;    // kModelId, kRemoteModel
  bool named_as_model = false;
  Location location;
  std::uint64_t line = 0;
  ServiceStrength strength = ServiceStrength::kWeak;
  bool unverified = false;
  std::uint64_t repeats = 1;  // of the same thing in the same file
};

}  // namespace weighbridge
