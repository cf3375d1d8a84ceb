// Licences as texts: which phrases tell one from another. A marker row is met when
// all its phrases stand in the text and none of its counter-phrases does; phrases
// are compared after NormaliseLicenceText. Pure and thread-safe.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

struct LicenceMarker {
  const char* id;  // SPDX id, or the key of the licence table
  const char* name;
  const char* group;        // only the first row met of one group counts; "" stands alone
  const char* territories;  // excluded by the text itself: "EU|GB|KR", "" none
  bool model_licence;       // written for model weights
  std::array<const char*, 4> phrases;  // all of these; nullptr ends the list
  std::array<const char*, 3> never;    // none of these
};

// The whole table, in order of precedence.
std::span<const LicenceMarker> LicenceMarkers();

// Lower case; every run of what is neither an ASCII letter, a digit nor '+' becomes
// one space; no space at either end.
std::string NormaliseLicenceText(std::string_view text);

// Rows met by a normalised text, in table order.
std::vector<const LicenceMarker*> FindLicences(const std::string& normalised);

// True when a model licence's first phrase stands in the normalised text. Cheap.
bool HasModelLicenceMarker(const std::string& normalised);

}  // namespace weighbridge
