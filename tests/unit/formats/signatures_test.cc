// Fixed signatures: the smallest bytes of every row are recognised as that row, one byte
// fewer or a damaged magic is not.
#include "scanner/formats/signatures.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/format_run.h"

namespace weighbridge::testing {
namespace {

Bytes SmallestOf(const Signature& row) {
  Bytes bytes(static_cast<std::size_t>(row.smallest), 0x01);
  std::copy(row.bytes.begin(), row.bytes.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(row.offset));
  return bytes;
}

TEST_CASE("every signature is recognised, and only as itself") {
  CHECK(Signatures().size() > 40);
  for (const Signature& row : Signatures()) {
    CAPTURE(row.id);
    Bytes bytes = SmallestOf(row);
    REQUIRE(row.offset + row.bytes.size() <= bytes.size());
    CHECK(Probes(&ProbeSignature, bytes));
    const Artifact artifact = ParseBytes(&ParseSignature, bytes);
    CHECK(artifact.format == row.id);
    CHECK(artifact.kind == row.kind);
    CHECK(artifact.inspection == Inspection::kNotInspected);
    CHECK_FALSE(artifact.not_inspected_reason.empty());
    CHECK(artifact.tensors.empty());
    bytes.pop_back();
    CHECK_FALSE(Probes(&ProbeSignature, bytes));
    bytes.push_back(0x01);
    bytes[static_cast<std::size_t>(row.offset)] ^= 0x40;
    // (A damaged CYPTRKNN still holds RKNN.)
    CHECK(ParseBytes(&ParseSignature, bytes).format != row.id);
  }
}

}  // namespace
}  // namespace weighbridge::testing
