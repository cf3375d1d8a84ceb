// Project roots: the nearest folder above a file that holds a manifest or is under
// version control; else the member or target that holds it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "weighbridge/location.h"

namespace weighbridge {

class ProjectRoots {
 public:
  explicit ProjectRoots(std::vector<std::string> targets = {}) : targets_(std::move(targets)) {}
  // Call for each file of the walk; files that mark no root cost little.
  void See(const Location& file);
  std::string RootOf(const Location& file) const;

 private:
  static constexpr std::size_t kMaxRoots = 200'000;  // of a scan; bounds memory
  std::vector<std::string> targets_;
  std::set<std::string> roots_;
};

}  // namespace weighbridge
