// Fuzzes what is recognised without a parser of its own: structures, JSON documents,
// flatbuffers, HDF5 attributes and the claims of fixed signatures.
#include "scanner/formats/signatures.h"
#include "scanner/formats/structures.h"
#include "tests/support/fuzz_format.h"

namespace {

// The parsers leave an artifact without format when they do not know the bytes.
template <void (*kParse)(const weighbridge::ByteSource&, const weighbridge::ProbeWindow&,
                         const weighbridge::Limits&, weighbridge::Artifact&)>
void OrNone(const weighbridge::ByteSource& source, const weighbridge::ProbeWindow& window,
            const weighbridge::Limits& limits, weighbridge::Artifact& artifact) {
  kParse(source, window, limits, artifact);
  if (artifact.format.empty()) artifact.format = "none";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  testing::FuzzFormat(&ProbeStructure, &OrNone<&ParseStructure>, data, size);
  return testing::FuzzFormat(&ProbeSignature, &OrNone<&ParseSignature>, data, size);
}
