// Evidence: one observation about a model, never stated as more than it is.
#pragma once

#include <string>

#include "weighbridge/location.h"

namespace weighbridge {

// How an observation was established. Ordered: stronger is greater.
enum class Grade { kUnknown, kInferred, kClaimed, kVerified };
const char* GradeName(Grade grade);  // "verified", "claimed", "inferred", "unknown"

struct Evidence {
  // CycloneDX component.evidence.identity.methods.technique: "hash-comparison",
  // "manifest-analysis", "binary-analysis", "filename", "attestation", "other".
  std::string technique;
  std::string
      field;  // "origin", "developer", "family", "base", "licence", "name", "uploader", "tokenizer"
  std::string value;
  double confidence = 0.0;  // 0..1
  Grade grade = Grade::kUnknown;
  Location location;  // where it was observed
  std::string note;   // one sentence for `explain`

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

}  // namespace weighbridge
