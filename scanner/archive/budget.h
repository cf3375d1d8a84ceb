// ArchiveBudget: what opening one file of a walk may cost, over everything nested in
// it. A budget that is spent ends the reading of that file, never the scan.
//
// The ratio alone cannot tell a bomb (zeros compress 30,000:1, formats reference
// 6.5), so it counts only after a floor.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "weighbridge/limits.h"
#include "weighbridge/result.h"

namespace weighbridge {

class ArchiveBudget {
 public:
  // `input_bytes`: size of the outermost file.
  ArchiveBudget(const Limits& limits, std::uint64_t input_bytes, std::stop_token stop)
      : limits_(limits),
        input_bytes_(input_bytes),
        stop_(std::move(stop)),
        started_(std::chrono::steady_clock::now()) {}

  // Each counts first and then says whether the budget still holds. Once spent it
  // stays spent, and error() says why.
  bool CountMember();
  bool CountExpanded(std::uint64_t bytes);
  bool CountScratch(std::uint64_t bytes);
  void ReturnScratch(std::uint64_t bytes) { scratch_ -= bytes; }
  bool Enter();  // one nesting level deeper; Leave() even when it says false
  void Leave() { --depth_; }

  // A fresh budget of the same size, for reading something a second time.
  ArchiveBudget Anew() const { return {limits_, input_bytes_, stop_}; }

  bool spent() const { return !error_.message.empty(); }
  // Requires: spent().
  const Error& error() const { return error_; }
  // True when the expansion, not the caller's patience, was the reason.
  bool bomb() const { return bomb_; }
  const Limits& limits() const { return limits_; }

 private:
  bool Spend(ErrorCode code, std::string reason, bool bomb);

  const Limits& limits_;
  const std::uint64_t input_bytes_;
  std::stop_token stop_;
  std::chrono::steady_clock::time_point started_;
  std::uint64_t members_ = 0;
  std::uint64_t expanded_ = 0;
  std::uint64_t scratch_ = 0;
  std::uint32_t depth_ = 0;
  Error error_{ErrorCode::kLimitExceeded, ""};
  bool bomb_ = false;
};

}  // namespace weighbridge
