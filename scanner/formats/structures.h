// Formats without a fixed signature that are told by their structure and recognised only:
// protobufs of other frameworks, XML and JSON models, LevelDB tables, msgpack, cpio.
// Claims: coreml:{author,license,short_description,version}, mindir:{ir_version,
// producer_name}, tensorflow:tensorflow_version, mnn:{bizCode,mnn_uuid},
// tfjs:{format,generatedBy,convertedBy}, keras:{keras_version,backend,class_name,
// registered_name}, spacy:{name,lang,author,license,url,version}.
#pragma once

#include <string_view>
#include <vector>

#include "scanner/formats/format.h"
#include "scanner/formats/json_head.h"

namespace weighbridge {

struct Structure {
  std::string_view id;
  std::string_view name;
  int tier;
  ArtifactKind kind;
  bool (*matches)(const ProbeWindow& window);                       // allocates nothing
  void (*describe)(const ProbeWindow& window, Artifact& artifact);  // nullptr: no claims
};
const std::vector<Structure>& Structures();

// The same for JSON documents, told by their top-level keys.
struct JsonStructure {
  std::string_view id;
  std::string_view name;
  int tier;
  ArtifactKind kind;
  bool (*matches)(const JsonHead& json);
  void (*describe)(const JsonHead& json, Artifact& artifact);  // nullptr: no claims
};
const std::vector<JsonStructure>& JsonStructures();

bool ProbeStructure(const ProbeWindow& window);
void ParseStructure(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                    Artifact& artifact);

// Matchers of structures_protobuf.cc.
bool IsSavedModel(const ProbeWindow& window);
bool IsGraphDef(const ProbeWindow& window);
bool IsSentencePiece(const ProbeWindow& window);
bool IsCoreMl(const ProbeWindow& window);
bool IsMindIr(const ProbeWindow& window);
bool IsPaddleProgram(const ProbeWindow& window);
void DescribeCoreMl(const ProbeWindow& window, Artifact& artifact);
void DescribeMindIr(const ProbeWindow& window, Artifact& artifact);

// Of structures_older.cc.
bool IsCaffe(const ProbeWindow& window);
bool IsCaffe2(const ProbeWindow& window);
bool IsMindSporeCheckpoint(const ProbeWindow& window);
bool IsMetaGraph(const ProbeWindow& window);
void DescribeMetaGraph(const ProbeWindow& window, Artifact& artifact);
void DescribeSavedModel(const ProbeWindow& window, Artifact& artifact);

// Of structures_flatbuffer.cc.
bool IsMnn(const ProbeWindow& window);
bool IsMegEngineV2(const ProbeWindow& window);
void DescribeMnn(const ProbeWindow& window, Artifact& artifact);
void DescribeTflite(const ProbeWindow& window, Artifact& artifact);
void DescribeOrt(const ProbeWindow& window, Artifact& artifact);

// Of structures_text.cc.
bool IsAr(const ProbeWindow& window);
bool IsCntk2(const ProbeWindow& window);
bool IsDarknet(const ProbeWindow& window);
bool IsExecuTorch(const ProbeWindow& window);
bool IsMarianBinary(const ProbeWindow& window);
bool IsMlModelC(const ProbeWindow& window);
bool IsPaddleLite(const ProbeWindow& window);
bool IsTfHub(const ProbeWindow& window);
bool IsTorch7(const ProbeWindow& window);
bool IsTriton(const ProbeWindow& window);
bool IsWeka(const ProbeWindow& window);
void DescribeExecuTorch(const ProbeWindow& window, Artifact& artifact);
void DescribePaddleLite(const ProbeWindow& window, Artifact& artifact);

// Of hdf5.cc: a superblock behind a user block, at 512, 1024, 2048 ... of the head.
bool IsHdf5WithUserBlock(const ProbeWindow& window);
void DescribeHdf5(const ProbeWindow& window, Artifact& artifact);

}  // namespace weighbridge
