// Formats without a fixed signature that are told by their structure and recognised only:
// protobufs of other frameworks, XML and JSON models, LevelDB tables, msgpack, cpio.
// Claims: coreml:{author,license,short_description,version}, mindir:{ir_version,
// producer_name}.
#pragma once

#include <string_view>
#include <vector>

#include "scanner/formats/format.h"

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

bool ProbeStructure(const ProbeWindow& window);
void ParseStructure(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                    Artifact& artifact);

// Matchers of structures_protobuf.cc.
bool IsSavedModel(const ProbeWindow& window);
bool IsGraphDef(const ProbeWindow& window);
bool IsSentencePiece(const ProbeWindow& window);
bool IsCoreMl(const ProbeWindow& window);
bool IsMindIr(const ProbeWindow& window);
bool IsCaffe(const ProbeWindow& window);
bool IsPaddleProgram(const ProbeWindow& window);
void DescribeCoreMl(const ProbeWindow& window, Artifact& artifact);
void DescribeMindIr(const ProbeWindow& window, Artifact& artifact);

}  // namespace weighbridge
