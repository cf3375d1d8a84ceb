// Builders of facts for tests of the rule engine.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "rules/rule_set.h"

namespace weighbridge {

inline PublisherFact Publisher(const std::string& ns, const std::string& country,
                               std::vector<ListingFact> listings = {},
                               const std::string& role = "origin") {
  PublisherFact fact;
  fact.ns = ns;
  fact.name = ns;
  fact.country = country;
  fact.listings = std::move(listings);
  fact.role = role;
  return fact;
}

inline ModelFacts FactsOf(std::vector<PublisherFact> publishers,
                          std::vector<std::string> licences = {},
                          const std::string& modality = "text", const std::string& family = "") {
  ModelFacts facts;
  facts.model_id = "m/model.safetensors";
  facts.location.path = "m/model.safetensors";
  facts.names = {"m"};
  facts.origin_known = !publishers.empty();
  facts.publishers = std::move(publishers);
  facts.licences = std::move(licences);
  facts.modality = modality;
  facts.family = family;
  return facts;
}

inline ModelFacts FactsOfCandidates(std::vector<PublisherFact> candidates) {
  ModelFacts facts = FactsOf({});
  facts.candidates = std::move(candidates);
  return facts;
}

// "ID outcome" for a settled finding, "ID outcome? FACT FACT" for another; sorted.
inline std::vector<std::string> Lines(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    std::string line =
        finding.rule_id + " " + OutcomeName(finding.outcome) + (finding.settled ? "" : "?");
    for (const std::string& fact : finding.depends_on) line += " " + fact;
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace weighbridge
