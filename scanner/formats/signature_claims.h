// What a format with a fixed signature says about itself near its start: version, names,
// producer. Claims: ascend:name, rknn:{version,target_platform,network_platform,
// ori_network_platform}, onnx:{producer_name,producer_version,domain,doc_string} of ORT,
// tflite:description; those of HDF5 are in hdf5.cc.
#pragma once

#include <string_view>

#include "scanner/formats/format.h"

namespace weighbridge {

void DescribeSignature(std::string_view id, const ProbeWindow& window, Artifact& artifact);

}  // namespace weighbridge
