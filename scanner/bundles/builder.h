// Makes a database bundle from the embedded data, or from folders of tables and packs.
// The same input gives the same bytes.
#pragma once

#include <cstdint>
#include <string>

#include "weighbridge/result.h"

namespace weighbridge {

struct BuildRequest {
  std::string catalog_dir;       // as rules/catalog; "" = the embedded catalogue and services
  std::string packs_dir;         // as rules/packs; "" = the embedded packs
  std::string parties_file;      // as db import-list writes it; "" = none
  std::string version;           // "" = the catalogue's
  std::string expires;           // ISO; "" = kValidDays after the catalogue's date
  std::string previous_version;  // "" = not stated
};

inline constexpr std::uint64_t kValidDays = 180;

// Every fault of tables and packs is a line of the message.
Result<std::string> BuildBundle(const BuildRequest& request);

}  // namespace weighbridge
