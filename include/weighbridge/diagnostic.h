// Diagnostic: what could not be read or believed, where and why. A Diagnostic is
// about our reading; a Finding is about the subject.
#pragma once

#include <string>

#include "weighbridge/location.h"
#include "weighbridge/result.h"

namespace weighbridge {

enum class Severity { kNote, kWarning, kError };

// What a built-in rule makes a Finding of; everything else is kNone. The message is
// for people and may be worded anew, the kind is what programs go by.
enum class DiagnosticKind {
  kNone,
  kPathTraversal,        // a name or reference leads out of its folder
  kNameControl,          // a name hides characters
  kLinkEscape,           // a link leads out of its archive
  kArchiveBomb,          // expands beyond the limits
  kArchiveDifferential,  // two readers would disagree
  kDigestMismatch,       // the bytes are not those that a name or index states
  kIndexMismatch,        // the shards do not hold what their index says
  kMissingPart,          // a file that this one speaks of is not there
  kDeletedInUse,         // removed from the file system, and still mapped by a process
};

struct Diagnostic {
  Severity severity = Severity::kWarning;
  ErrorCode code = ErrorCode::kMalformed;
  Location location;
  std::string message;  // already free of control characters
  DiagnosticKind kind = DiagnosticKind::kNone;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

}  // namespace weighbridge
