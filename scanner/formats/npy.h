// NumPy array (numpy/numpy: numpy.lib.format)
//
//   0    6  "\x93NUMPY"
//   6    2  major, minor: 1.0, 2.0, 3.0
//   8    2  header length, u16le (2.0 and 3.0: u32le, 4 bytes)
//   …       Python dict literal {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
//           padded with spaces, '\n' last
//   …       data
//
// Claims: "npy:descr", "npy:shape". The literal is read by a small grammar, never
// evaluated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/formats/format.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct NpyHeader {
  std::string descr;  // "<f4"; of a structured type the literal text
  bool structured = false;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  bool has_object = false;  // elements are pickled
};

// The dict literal of an array header.
Result<NpyHeader> ReadNpyLiteral(std::string_view text);

// Where the data begin, 0 when the header ends nowhere.
struct NpyData {
  std::uint64_t start = 0;
  bool objects = false;  // the header says that they are a pickle
};
// Reads header and layout into `artifact`. Pickled elements are for the caller to walk.
NpyData ParseNpyArray(const ByteSource& source, const Limits& limits, Artifact& artifact);

bool ProbeNpy(const ProbeWindow& window);
void ParseNpy(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
              Artifact& artifact);

}  // namespace weighbridge
