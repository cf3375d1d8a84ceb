// Where the values of a JSON text stand: line and column for messages that know only a
// pointer ("/rules/3/outcome"). One pass over a text that has already parsed.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

struct Place {
  std::size_t line = 1;
  std::size_t column = 1;  // in bytes, from 1
};

// The places of the pointers named, as the readers write them (keys unescaped). A member
// stands at its key. One that is not in the text stands where its nearest parent does.
std::map<std::string, Place> PlacesOf(std::string_view text, const std::set<std::string>& pointers);

// "POINTER: message" becomes "FILE:LINE:COLUMN: POINTER: message".
std::vector<std::string> WithPlaces(std::string_view text, const std::string& file,
                                    const std::vector<std::string>& errors);

}  // namespace weighbridge
