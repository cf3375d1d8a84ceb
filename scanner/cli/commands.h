// One function per command. Each returns the exit code.
#pragma once

#include "rules/rule_set.h"
#include "scanner/cli/options.h"
#include "weighbridge/result.h"

namespace weighbridge {

inline constexpr int kExitClean = 0;
inline constexpr int kExitGated = 1;
inline constexpr int kExitError = 2;

int RunScan(CommandLine& line);
int RunAccelerators(CommandLine& line);
int RunExplain(CommandLine& line);
int RunCompare(CommandLine& line);
int RunClassify(const CommandLine& line);
int RunList(const CommandLine& line);
int RunRulesTest(const CommandLine& line);
int RunRulesLint(const CommandLine& line);
int RunRulesExplain(const CommandLine& line);
int RunRulesDiff(const CommandLine& line);
int RunPolicyInit();
int RunPolicyCheck(const CommandLine& line);
// policy check --report: a stored report judged again under a policy.
int JudgeReport(const CommandLine& line, const Policy& policy, const RuleSet& rules);
int RunVersion(const CommandLine& line);
int RunScreen(const CommandLine& line);
int RunImportList(const CommandLine& line);
int RunDatabase(const CLI::App& db, const CommandLine& line);
int RunDatabaseInfo(const CommandLine& line);
int RunDatabaseUpdate(const CommandLine& line);
int RunDatabaseRollback(const CommandLine& line);

// --as-of, or the day of the report.
Result<std::string> DayAsked(const CommandLine& line);

// "weighbridge: MESSAGE" on standard error.
void Complain(const std::string& message);

}  // namespace weighbridge
