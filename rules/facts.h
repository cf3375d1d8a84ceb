// Facts: what the rule engine may ask about one model or one accelerator, and the context it is
// asked in. Three-valued: a std::nullopt or an empty known=false means "unknown", and a rule over
// it answers "depends on".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "weighbridge/classification.h"
#include "weighbridge/location.h"
#include "weighbridge/model.h"

namespace weighbridge {

struct ListingFact {
  std::string list;  // "BIS Entity List", "Section 1260H", "OFAC SDN", "NS-CMIC", ...
  std::string party;
  std::string listed_on;  // ISO date; the rule cannot apply before it
  std::string citation;
};

struct PublisherFact {
  std::string ns;  // hub namespace ("deepseek-ai")
  std::string name;
  std::string country;  // "" unknown
  std::vector<std::string> parents;
  std::vector<std::string> parent_countries;
  std::vector<ListingFact> listings;
  std::string role;  // "origin", "developer", "lineage"
};

// What a model's facts are about: a copy of its weights, its publisher's own hosted
// service, or the model as another provider serves it.
enum class ModelSubject { kWeights, kService, kServedElsewhere };

struct ModelFacts {
  ModelSubject subject = ModelSubject::kWeights;
  std::string model_id;
  std::string display_name;
  Location location;
  Grade grade = Grade::kUnknown;
  bool origin_known = false;              // false: publisher tests may be unknown
  std::vector<PublisherFact> publishers;  // whole chain: origin, developer, every ancestor
  std::vector<PublisherFact> candidates;  // when structure leaves several
  std::vector<std::string> names;         // hub ids and display names in the chain, its own first
  std::string family;
  std::vector<std::string> licences;  // licence keys as claimed or recognised
  std::string modality;               // "" unknown
  std::optional<double> training_flops;
  std::string released;              // YYYY-MM of the catalogue row, "" unknown
  std::vector<std::string> digests;  // sha256 of its files
  bool weights_present = true;
};

// What an accelerator is, or may be.
struct ProductFact {
  std::string id;                  // of the catalogue
  std::vector<std::string> names;  // product and aliases
  std::string vendor;
  std::string designer_country;  // "" unknown
  AcceleratorFigures::Segment segment = AcceleratorFigures::Segment::kUnknown;
  std::optional<double> memory_bandwidth_gbs;
  Classification classification;      // as of the day that is asked about
  std::vector<ListingFact> listings;  // of the vendor
};

struct AcceleratorFacts {
  std::string device_id;  // of the report
  std::string display_name;
  Location location;
  std::uint64_t count = 1;
  std::vector<ProductFact> products;  // one: identified; several: candidates; none: not known
};

// The Country Groups ("D:5") of a country on a day; none when it stands in none.
using GroupLookup =
    std::function<std::vector<std::string>(const std::string& iso2, const std::string& as_of)>;

}  // namespace weighbridge
