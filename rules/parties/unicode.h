// Code points of UTF-8 text, for folding names. Bytes that are not UTF-8
// become U+FFFD, one each.
#pragma once

#include <string>
#include <string_view>

namespace weighbridge {

std::u32string CodePoints(std::string_view text);

}  // namespace weighbridge
