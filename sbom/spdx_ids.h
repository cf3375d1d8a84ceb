// The identifiers of the SPDX licence list.
#pragma once

#include <string>
#include <string_view>

namespace weighbridge {

// The identifier as the list spells it ("apache-2.0" -> "Apache-2.0"; SPDX ids compare
// without case), "" when the list has no such licence.
std::string FindSpdxId(std::string_view text);

}  // namespace weighbridge
