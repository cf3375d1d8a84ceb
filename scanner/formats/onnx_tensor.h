// One TensorProto of an ONNX graph: where its elements lie, in this file or beside it.
#pragma once

#include "scanner/formats/header_notes.h"
#include "scanner/formats/protobuf_reader.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

// Adds the tensor in `field` to artifact.tensors, and its external file, when it has
// one with a plain relative name, to artifact.external_files.
void AddOnnxTensor(ProtobufInput& input, const ProtoField& field, Artifact& artifact,
                   HeaderNotes& notes);

}  // namespace weighbridge
