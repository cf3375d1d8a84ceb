// A stored native report (-o json) read back, so that its models and accelerators can be
// judged again without a scan. Only what rules ask about is read; the format is that of
// sbom/schema/weighbridge-report.schema.json. What a report does not hold stays unknown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/report.h"
#include "weighbridge/result.h"

namespace weighbridge {

// The parts of a Report that are read: targets, as_of, timestamp, database, context_lines,
// policy_name, complete, models with their weights' digests, services, accelerators, findings.
Result<Report> ReadStoredReport(std::string_view text, const std::string& file_name);

// Findings of the rules and of the policy's own lists for a stored report's models,
// services and accelerators. Publishers, listings and products are looked up in the catalogue of
// today.
std::vector<Finding> JudgeStored(const Report& report, const RuleSet& rules, const Policy& policy,
                                 const std::string& as_of, const Catalog& catalog);

// Adds the report's findings that come from bytes: they stand as they were made.
void KeepFindingsOfBytes(const Report& report, const Catalog& catalog,
                         std::vector<Finding>& findings);

// True for a finding that comes from bytes ("WB-CONFLICT-..."): it cannot be judged again.
bool IsOfBytes(const Finding& finding);

}  // namespace weighbridge
