// Version of the library and program, as in CMakeLists.txt.
#pragma once

namespace weighbridge {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace weighbridge
