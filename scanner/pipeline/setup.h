// What a scan is made with: the catalogue, the rules and the policy. Everything that can
// be wrong before anything is read is found here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/policy.h"
#include "rules/rule_set.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/scan.h"

namespace weighbridge {

struct Setup {
  std::unique_ptr<Catalog> catalog;
  std::unique_ptr<RuleSet> rules;
  Policy policy;
  std::vector<std::string> notes;  // on the database: Database::notes
};

// Fails for a database, overlay, pack, policy, gate or date that is refused.
Result<Setup> Prepare(const ScanOptions& options);

// Fills the head of a report: versions, dates, targets, policy, context.
void Describe(const ScanOptions& options, const Setup& setup, Report& report);

}  // namespace weighbridge
