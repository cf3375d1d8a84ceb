#include "rules/predicates.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

Verdict Known(bool value) { return {value ? Truth::kTrue : Truth::kFalse, {}}; }
Verdict Missing(const char* fact) { return {Truth::kUnknown, {fact}}; }

bool Names(const Json& list, std::string_view text) {
  const std::string lower = ToLower(text);
  return std::any_of(list.begin(), list.end(), [&](const Json& item) {
    return ToLower(item.get<std::string>()) == lower;
  });
}

using PublisherTest = std::function<bool(const PublisherFact&)>;

// Any publisher of the chain decides "yes". "No" needs a known origin; else the
// candidates that structure leaves decide together.
Verdict AnyPublisher(const ModelFacts& facts, const PublisherTest& test) {
  if (std::any_of(facts.publishers.begin(), facts.publishers.end(), test)) return Known(true);
  if (facts.origin_known) return Known(false);
  if (facts.candidates.empty()) return Missing("model.origin");
  const auto hits = std::count_if(facts.candidates.begin(), facts.candidates.end(), test);
  if (hits == 0) return Known(false);
  if (static_cast<std::size_t>(hits) == facts.candidates.size()) return Known(true);
  return Missing("model.origin");
}

Verdict LineagePublisher(const Json& list, const Question& q) {
  return AnyPublisher(q.facts, [&](const PublisherFact& p) { return Names(list, p.ns); });
}

// Who developed this model or the base that it comes from; a publisher in between
// does not count.
Verdict Developer(const Json& list, const Question& q) {
  return AnyPublisher(q.facts, [&](const PublisherFact& p) {
    return p.role != "lineage" && Names(list, p.ns);
  });
}

Verdict PublisherCountry(const Json& list, const Question& q) {
  return AnyPublisher(q.facts, [&](const PublisherFact& p) {
    return Names(list, p.country) ||
           std::any_of(p.parent_countries.begin(), p.parent_countries.end(),
                       [&](const std::string& country) { return Names(list, country); });
  });
}

Verdict ParentCompany(const Json& list, const Question& q) {
  return AnyPublisher(q.facts, [&](const PublisherFact& p) {
    return std::any_of(p.parents.begin(), p.parents.end(),
                       [&](const std::string& parent) { return Names(list, parent); });
  });
}

// A listing counts from the day it was published; an empty day counts as always.
Verdict Listed(const Json& list, const Question& q) {
  return AnyPublisher(q.facts, [&](const PublisherFact& p) {
    return std::any_of(p.listings.begin(), p.listings.end(), [&](const ListingFact& listing) {
      const bool named = std::any_of(list.begin(), list.end(), [&](const Json& item) {
        return listing.list.find(item.get<std::string>()) != std::string::npos;
      });
      return named && listing.listed_on <= q.as_of;
    });
  });
}

Verdict Family(const Json& list, const Question& q) {
  if (q.facts.family.empty()) return Missing("model.family");
  return Known(Names(list, q.facts.family));
}

Verdict ModelName(const Json& pattern, const Question& q) {
  const RE2 expression(pattern.get<std::string>(), RE2::Quiet);
  if (q.facts.names.empty()) return Missing("model.name");
  return Known(std::any_of(q.facts.names.begin(), q.facts.names.end(), [&](const std::string& name) {
    return RE2::FullMatch(name, expression);
  }));
}

// No licence known is not "another licence".
Verdict Licence(const Json& list, const Question& q) {
  const auto names = [&](const std::string& id) { return Names(list, id); };
  if (std::any_of(q.facts.licences.begin(), q.facts.licences.end(), names)) return Known(true);
  const bool vague = q.facts.licences.empty() ||
                     std::all_of(q.facts.licences.begin(), q.facts.licences.end(), [](const std::string& id) {
                       return id == "other" || id == "unknown";
                     });
  if (vague) return Missing("model.licence");
  return Known(false);
}

Verdict LicencePattern(const Json& pattern, const Question& q) {
  const RE2 expression(pattern.get<std::string>(), RE2::Quiet);
  return Known(std::any_of(q.facts.licences.begin(), q.facts.licences.end(), [&](const std::string& id) {
    return RE2::FullMatch(ToLower(id), expression);
  }));
}

Verdict Modality(const Json& list, const Question& q) {
  if (q.facts.modality.empty()) return Missing("model.modality");
  return Known(Names(list, q.facts.modality));
}

Verdict TrainingFlopsAbove(const Json& limit, const Question& q) {
  if (!q.facts.training_flops) return Missing("model.training_flops");
  return Known(*q.facts.training_flops > limit.get<double>());
}

// Release months compare as text: "2024-12" < "2025-01".
Verdict ReleasedFrom(const Json& month, const Question& q) {
  if (q.facts.released.empty()) return Missing("model.released");
  return Known(q.facts.released.substr(0, 7) >= month.get<std::string>());
}

Verdict ReleasedBefore(const Json& month, const Question& q) {
  if (q.facts.released.empty()) return Missing("model.released");
  return Known(q.facts.released.substr(0, 7) < month.get<std::string>());
}

Verdict Country(const Json& list, const Question& q) {
  if (!q.context.country) return Missing("context.country");
  const std::string& country = *q.context.country;
  return Known(Names(list, country) || (Names(list, "EU") && IsEuMember(country)));
}

// A fact that no scan can see: always unknown, and named.
Verdict Unknown(const Json& list, const Question&) {
  Verdict verdict{Truth::kUnknown, {}};
  for (const Json& item : list) verdict.missing.insert(item.get<std::string>());
  return verdict;
}

// "us-state-" with the trailing hyphen stands for every sector that begins so.
Verdict Sector(const Json& list, const Question& q) {
  if (!q.context.sector) return Missing("context.sector");
  return Known(std::any_of(list.begin(), list.end(), [&](const Json& item) {
    const std::string name = item.get<std::string>();
    return name.back() == '-' ? q.context.sector->rfind(name, 0) == 0 : *q.context.sector == name;
  }));
}

Verdict Activity(const Json& list, const Question& q) {
  if (!q.context.activity) return Missing("context.activity");
  return Known(std::any_of(q.context.activity->begin(), q.context.activity->end(),
                           [&](const std::string& activity) { return Names(list, activity); }));
}

Verdict Destination(const Json& list, const Question& q) {
  if (!q.context.destinations) return Missing("context.destinations");
  return Known(std::any_of(q.context.destinations->begin(), q.context.destinations->end(),
                           [&](const std::string& country) {
                             return Names(list, country) || (Names(list, "EU") && IsEuMember(country));
                           }));
}

}  // namespace

bool IsEuMember(const std::string& country) {
  static constexpr std::array<std::string_view, 27> kMembers{
      "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
      "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};
  return std::find(kMembers.begin(), kMembers.end(), country) != kMembers.end();
}

const std::vector<Predicate>& Predicates() {
  static const std::vector<Predicate> table{
      {"lineage_publisher", "strings", &LineagePublisher},
      {"developer", "strings", &Developer},
      {"publisher_country", "strings", &PublisherCountry},
      {"parent_company", "strings", &ParentCompany},
      {"listed", "strings", &Listed},
      {"family", "strings", &Family},
      {"model_name", "pattern", &ModelName},
      {"licence", "strings", &Licence},
      {"licence_pattern", "pattern", &LicencePattern},
      {"modality", "strings", &Modality},
      {"training_flops_above", "number", &TrainingFlopsAbove},
      {"released_from", "month", &ReleasedFrom},
      {"released_before", "month", &ReleasedBefore},
      {"unknown", "strings", &Unknown},
      {"country", "strings", &Country},
      {"sector", "strings", &Sector},
      {"activity", "strings", &Activity},
      {"destination", "strings", &Destination},
  };
  return table;
}

}  // namespace weighbridge
