// What every writer shares: escaped text, ordered JSON, derived identifiers and the
// few conclusions that all reports must state alike.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "sbom/writer.h"
#include "weighbridge/report.h"

namespace weighbridge {

using OrderedJson = nlohmann::ordered_json;

// Sets object[key] to the Escaped() value unless that is empty: for places and ids.
void PutPlace(OrderedJson& object, const char* key, const std::string& value);
// Sets object[key] to the Printable() value unless that is empty.
void PutText(OrderedJson& object, const char* key, std::string_view value);
// Sets object[key] to the array unless it is empty.
void PutArray(OrderedJson& object, const char* key, OrderedJson array);
OrderedJson TextArray(const std::vector<std::string>& values);
// Two-space indent and a final newline; never throws.
std::string DumpDocument(const OrderedJson& document);

// The grade of the origin as reports state it: unknown without a concluded origin.
Grade OriginGrade(const Identity& identity);
// True when the identity leaves at least two candidates, and so no origin.
bool HasCandidates(const Identity& identity);
// Never empty: the concluded name, else the file or folder name, else "unnamed model".
std::string ModelName(const Model& model);
// True when all of the model lies there and was understood.
bool IsComplete(const Model& model);
// True when nothing was missed: the scan ended, and nothing failed or stayed closed.
bool IsComplete(const Report& report);
// "2.1 GB": decimal units, as file managers and hubs count.
std::string ByteCount(std::uint64_t bytes);
// The products of the catalogue that the accelerator is, or may be.
std::vector<const AcceleratorProduct*> ProductsOf(const Report& report,
                                                  const Accelerator& accelerator);
// Total size of the model's weight files.
std::uint64_t WeightBytes(const Report& report, const Model& model);
// The report's timestamp; midnight of as_of, else of 1970-01-01, when it has none.
std::string Timestamp(const Report& report);

// Every rule the report or the options name, sorted by id, each once.
std::vector<WriterRule> RulesOf(const Report& report, const WriterOptions& options);
// Of those, the ones that have findings.
std::vector<WriterRule> RulesWithFindings(const Report& report, const WriterOptions& options);

// SARIF's kind and level; a finding that is not a failure has level "none".
std::string FindingKind(const Finding& finding);
std::string FindingLevel(const Finding& finding);
const char* LevelOf(Outcome outcome);

std::string Sha256Hex(std::string_view text);
// "urn:uuid:..." from the first 16 bytes of SHA-256(text), marked as version 8
// (RFC 9562: vendor-specific).
std::string UuidUrn(std::string_view text);

// "acme/models:1.0, layer 1 of 4 (sha256:...), deleted by a later layer".
std::string ImageText(const ImagePlace& place);
OrderedJson ImageList(const std::vector<ImagePlace>& places);
// "ollama (pid 4242, container 0123456789ab), mapped".
std::string ProcessText(const ProcessUse& use);
OrderedJson ProcessList(const std::vector<ProcessUse>& uses);

}  // namespace weighbridge
