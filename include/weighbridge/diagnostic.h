// Diagnostic: what could not be read or believed, where and why. A Diagnostic is
// about our reading; a Finding is about the subject.
#pragma once

#include <string>

#include "weighbridge/location.h"
#include "weighbridge/result.h"

namespace weighbridge {

enum class Severity { kNote, kWarning, kError };

struct Diagnostic {
  Severity severity = Severity::kWarning;
  ErrorCode code = ErrorCode::kMalformed;
  Location location;
  std::string message;  // already free of control characters

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

}  // namespace weighbridge
