#include "scanner/archive/budget.h"

#include <vector>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

Limits SmallLimits() {
  Limits limits;
  limits.max_archive_members = 3;
  limits.max_archive_expanded_bytes = 10'000;
  limits.max_archive_ratio = 10;
  limits.archive_ratio_floor_bytes = 1000;
  limits.max_archive_depth = 2;
  limits.max_scratch_bytes = 500;
  return limits;
}

TEST_CASE("a budget is spent once and says why") {
  struct Row {
    const char* name;
    std::uint64_t input;
    std::vector<std::uint64_t> expanded;
    const char* reason;  // "" when it holds
  };
  const Row rows[] = {
      {"below the floor any ratio is fine", 1, {1000}, ""},
      {"above the floor within the ratio", 200, {1000, 1000}, ""},
      {"above the ratio", 100, {1000, 101}, "expands to more than 10 times its 100 bytes"},
      {"above the sum", 5000, {9000, 1001}, "expands to more than 10000 bytes"},
  };
  const Limits limits = SmallLimits();
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ArchiveBudget budget(limits, row.input, {});
    bool holds = true;
    for (const std::uint64_t bytes : row.expanded) holds = budget.CountExpanded(bytes);
    // The ratio is a whole number: one more byte than ten times may still hold.
    if (*row.reason != '\0' && holds) holds = budget.CountExpanded(1000);
    CHECK(holds == (*row.reason == '\0'));
    if (*row.reason == '\0') continue;
    CHECK(budget.error().message == row.reason);
    CHECK(budget.bomb());
    CHECK_FALSE(budget.CountMember());
  }
}

TEST_CASE("members, depth and scratch space are limited") {
  const Limits limits = SmallLimits();
  ArchiveBudget budget(limits, 1, {});
  CHECK(budget.Enter());
  CHECK(budget.Enter());
  CHECK_FALSE(budget.Enter());
  budget.Leave();
  CHECK_FALSE(budget.spent());

  CHECK(budget.CountScratch(400));
  CHECK_FALSE(budget.CountScratch(101));
  budget.ReturnScratch(400);
  CHECK(budget.CountScratch(500));
  CHECK_FALSE(budget.CountScratch(~0ULL));

  for (int i = 0; i < 3; ++i) CHECK(budget.CountMember());
  CHECK_FALSE(budget.CountMember());
  CHECK(budget.error().message == "more than 3 members");
  CHECK_FALSE(budget.Anew().spent());
}

TEST_CASE("a stop request ends the expansion and is no bomb") {
  std::stop_source stop;
  const Limits limits;
  ArchiveBudget budget(limits, 1, stop.get_token());
  CHECK(budget.CountExpanded(1));
  stop.request_stop();
  CHECK_FALSE(budget.CountExpanded(1));
  CHECK(budget.error().message == "interrupted");
  CHECK_FALSE(budget.bomb());
}

}  // namespace
}  // namespace weighbridge
