// Stored reports: reading, and the judging of whatever was accepted.
#include <cstddef>
#include <cstdint>

#include "scanner/pipeline/stored_report.h"
#include "weighbridge/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  static const auto rules = RuleSet::Builtin();
  static const auto catalog = Catalog::Open("");
  if (!rules.ok() || !catalog.ok()) __builtin_trap();
  const auto report = ReadStoredReport(AsText(ByteSpan(data, size)), "r.json");
  if (!report.ok()) {
    if (report.error().message.empty()) __builtin_trap();
    return 0;
  }
  const Policy policy;
  auto findings =
      JudgeStored(report.value(), *rules.value(), policy, report.value().as_of, *catalog.value());
  KeepFindingsOfBytes(report.value(), *catalog.value(), findings);
  ApplyPolicy(policy, report.value().as_of, findings);
  return 0;
}
