#include "scanner/archive/budget.h"

namespace weighbridge {

bool ArchiveBudget::Spend(ErrorCode code, std::string reason, bool bomb) {
  if (!spent()) {
    error_ = {code, std::move(reason)};
    bomb_ = bomb;
  }
  return false;
}

bool ArchiveBudget::CountMember() {
  if (spent()) return false;
  if (++members_ > limits_.max_archive_members) {
    return Spend(ErrorCode::kLimitExceeded,
                 "more than " + std::to_string(limits_.max_archive_members) + " members", true);
  }
  return true;
}

bool ArchiveBudget::CountExpanded(std::uint64_t bytes) {
  if (spent()) return false;
  expanded_ += bytes;
  if (expanded_ > limits_.max_archive_expanded_bytes) {
    return Spend(
        ErrorCode::kLimitExceeded,
        "expands to more than " + std::to_string(limits_.max_archive_expanded_bytes) + " bytes",
        true);
  }
  if (expanded_ > limits_.archive_ratio_floor_bytes &&
      expanded_ / limits_.max_archive_ratio > input_bytes_) {
    return Spend(ErrorCode::kLimitExceeded,
                 "expands to more than " + std::to_string(limits_.max_archive_ratio) +
                     " times its " + std::to_string(input_bytes_) + " bytes",
                 true);
  }
  if (stop_.stop_requested()) return Spend(ErrorCode::kIo, "interrupted", false);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started_);
  if (static_cast<std::uint64_t>(seconds.count()) > limits_.max_archive_seconds) {
    return Spend(ErrorCode::kLimitExceeded,
                 "took longer than " + std::to_string(limits_.max_archive_seconds) + " seconds",
                 false);
  }
  return true;
}

bool ArchiveBudget::CountScratch(std::uint64_t bytes) {
  if (spent()) return false;
  if (bytes > limits_.max_scratch_bytes || scratch_ > limits_.max_scratch_bytes - bytes)
    return false;
  scratch_ += bytes;
  return true;
}

bool ArchiveBudget::Enter() {
  if (++depth_ <= limits_.max_archive_depth) return !spent();
  return false;
}

}  // namespace weighbridge
