// ONNX: a serialised ModelProto. Field numbers are those of onnx/onnx.proto:
//
//   ModelProto   1 ir_version  2 producer_name  3 producer_version  4 domain
//                5 model_version  6 doc_string  7 graph  8 opset_import
//                14 metadata_props  20 training_info  25 functions  26 configuration
//   GraphProto   1 node  2 name  5 initializer  10 doc_string  11 input  12 output
//   TensorProto  1 dims  2 data_type  4,5,7,10,11 typed data  8 name  9 raw_data
//                13 external_data  14 data_location
//
// Claims: onnx:ir_version, producer_name, producer_version, domain, doc_string,
// model_version, opset ("domain:version", repeated), graph_name, metadata:<key>.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbeOnnx(const ProbeWindow& window);
void ParseOnnx(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
               Artifact& artifact);

}  // namespace weighbridge
