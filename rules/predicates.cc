#include "rules/predicates.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include <re2/re2.h>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

Verdict Known(bool value) { return {value ? Truth::kTrue : Truth::kFalse, {}, {}}; }
Verdict Missing(const char* fact) { return {Truth::kUnknown, {fact}, {}}; }

bool Names(const Json& list, std::string_view text) {
  const std::string lower = ToLower(text);
  return std::any_of(list.begin(), list.end(),
                     [&](const Json& item) { return ToLower(item.get<std::string>()) == lower; });
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
  return AnyPublisher(
      q.facts, [&](const PublisherFact& p) { return p.role != "lineage" && Names(list, p.ns); });
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

std::string ListingText(const ListingFact& listing) {
  return listing.party + " (" + listing.list +
         (listing.listed_on.empty() ? "" : ", since " + listing.listed_on) +
         (listing.citation.empty() ? "" : ", " + listing.citation) + ")";
}

// Whether a listing stands on the day that is asked about. Where the first day of a
// listing is not known, the rule's source shows that it stood there by its own date.
Truth Stands(const ListingFact& listing, const Question& q) {
  if (!listing.listed_on.empty())
    return listing.listed_on <= q.as_of ? Truth::kTrue : Truth::kFalse;
  return !q.source_date.empty() && q.source_date <= q.as_of ? Truth::kTrue : Truth::kUnknown;
}

// The listings of one publisher on the lists that are named.
Verdict ListedPublisher(const Json& lists, const PublisherFact& publisher, const Question& q) {
  Verdict verdict = Known(false);
  for (const ListingFact& listing : publisher.listings) {
    const bool named = std::any_of(lists.begin(), lists.end(), [&](const Json& item) {
      return listing.list.find(item.get<std::string>()) != std::string::npos;
    });
    const Truth stands = named ? Stands(listing, q) : Truth::kFalse;
    if (stands == Truth::kFalse) continue;
    verdict.listings.insert(ListingText(listing));
    verdict.truth = std::max(verdict.truth, stands);
  }
  if (verdict.truth == Truth::kUnknown) verdict.missing = {"listing.listed_on"};
  return verdict;
}

// The listings of an accelerator's makers; of candidates, all or none decide.
Verdict ListedVendor(const Json& lists, const Question& q) {
  const auto& products = q.accelerator->products;
  if (products.empty()) return Missing("accelerator.product");
  Verdict verdict = Known(false);
  Truth lowest = Truth::kTrue;
  for (const ProductFact& product : products) {
    PublisherFact maker;
    maker.listings = product.listings;
    Verdict one = ListedPublisher(lists, maker, q);
    verdict.truth = std::max(verdict.truth, one.truth);
    lowest = std::min(lowest, one.truth);
    verdict.missing.merge(one.missing);
    verdict.listings.merge(one.listings);
  }
  if (lowest == verdict.truth) return verdict;
  verdict.truth = Truth::kUnknown;
  verdict.missing.insert("accelerator.product");
  return verdict;
}

// As AnyPublisher, but a listing of its own may be unknown, and what matched is told.
Verdict Listed(const Json& lists, const Question& q) {
  if (q.accelerator != nullptr) return ListedVendor(lists, q);
  Verdict verdict = Known(false);
  for (const PublisherFact& publisher : q.facts.publishers) {
    Verdict one = ListedPublisher(lists, publisher, q);
    verdict.truth = std::max(verdict.truth, one.truth);
    verdict.missing.merge(one.missing);
    verdict.listings.merge(one.listings);
  }
  if (verdict.truth == Truth::kTrue) verdict.missing.clear();
  if (verdict.truth == Truth::kTrue || q.facts.origin_known) return verdict;
  Verdict left = AnyPublisher(q.facts, [&](const PublisherFact& p) {
    return ListedPublisher(lists, p, q).truth == Truth::kTrue;
  });
  for (const PublisherFact& candidate : q.facts.candidates) {
    verdict.listings.merge(ListedPublisher(lists, candidate, q).listings);
  }
  verdict.missing.merge(left.missing);
  verdict.truth = std::max(verdict.truth, left.truth);
  if (verdict.truth != Truth::kUnknown) verdict.missing.clear();
  return verdict;
}

Verdict Family(const Json& list, const Question& q) {
  if (q.facts.family.empty()) return Missing("model.family");
  return Known(Names(list, q.facts.family));
}

Verdict ModelName(const Json& pattern, const Question& q) {
  const RE2 expression(pattern.get<std::string>(), RE2::Quiet);
  if (q.facts.names.empty()) return Missing("model.name");
  return Known(
      std::any_of(q.facts.names.begin(), q.facts.names.end(),
                  [&](const std::string& name) { return RE2::FullMatch(name, expression); }));
}

// "other" and the like say that there is a licence, not which.
bool IsVague(const std::string& id) {
  const std::string normal = NormalLicence(id);
  return normal.empty() || normal == "other" || normal == "unknown" || normal == "custom";
}

// No licence known is not "another licence".
Verdict AnyLicence(const ModelFacts& facts, const std::function<bool(const std::string&)>& test) {
  const bool hit = std::any_of(facts.licences.begin(), facts.licences.end(),
                               [&](const std::string& id) { return test(NormalLicence(id)); });
  if (hit) return Known(true);
  return HasKnownLicence(facts) ? Known(false) : Missing("model.licence");
}

Verdict Licence(const Json& list, const Question& q) {
  return AnyLicence(q.facts, [&](const std::string& id) {
    return std::any_of(list.begin(), list.end(), [&](const Json& item) {
      return NormalLicence(item.get<std::string>()) == id;
    });
  });
}

Verdict LicencePattern(const Json& pattern, const Question& q) {
  const RE2 expression(pattern.get<std::string>(), RE2::Quiet);
  return AnyLicence(q.facts, [&](const std::string& id) { return RE2::FullMatch(id, expression); });
}

// Known at once: whether any licence statement names a licence.
Verdict LicenceKnown(const Json& wanted, const Question& q) {
  return Known(HasKnownLicence(q.facts) == wanted.get<bool>());
}

Verdict Modality(const Json& list, const Question& q) {
  if (q.facts.modality.empty()) return Missing("model.modality");
  return Known(Names(list, q.facts.modality));
}

Verdict TrainingFlopsAbove(const Json& limit, const Question& q) {
  if (!q.facts.training_flops) return Missing("model.training_flops");
  return Known(*q.facts.training_flops > limit.get<double>());
}

Verdict TrainingFlopsFrom(const Json& limit, const Question& q) {
  if (!q.facts.training_flops) return Missing("model.training_flops");
  return Known(*q.facts.training_flops >= limit.get<double>());
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
  Verdict verdict{Truth::kUnknown, {}, {}};
  for (const Json& item : list) verdict.missing.insert(item.get<std::string>());
  return verdict;
}

// The country whose public bodies a sector names: "us-state-tx", "au-government".
// "" for sectors that reach contractors, who may have their seat anywhere.
std::string HomeOfSector(const std::string& sector) {
  if (sector.rfind("us-state-", 0) == 0) return "US";
  if (sector.size() == 13 && sector.substr(2) == "-government" && sector != "eu-government") {
    return {static_cast<char>(sector[0] - 'a' + 'A'), static_cast<char>(sector[1] - 'a' + 'A')};
  }
  return {};
}

// "us-state-" with the trailing hyphen stands for every sector that begins so. A
// deployer with its seat elsewhere is not a public body of the sector's country.
Verdict Sector(const Json& list, const Question& q) {
  if (q.context.sector) {
    return Known(std::any_of(list.begin(), list.end(), [&](const Json& item) {
      const std::string name = item.get<std::string>();
      return name.back() == '-' ? q.context.sector->rfind(name, 0) == 0 : *q.context.sector == name;
    }));
  }
  const bool elsewhere =
      q.context.country && std::all_of(list.begin(), list.end(), [&](const Json& item) {
        const std::string home = HomeOfSector(item.get<std::string>());
        return !home.empty() && home != *q.context.country;
      });
  return elsewhere ? Known(false) : Missing("context.sector");
}

Verdict Activity(const Json& list, const Question& q) {
  if (!q.context.activity) return Missing("context.activity");
  return Known(std::any_of(q.context.activity->begin(), q.context.activity->end(),
                           [&](const std::string& activity) { return Names(list, activity); }));
}

bool IsSent(const Context& context) {
  return context.activity && std::any_of(context.activity->begin(), context.activity->end(),
                                         [](const std::string& activity) {
                                           return activity == "distribute" ||
                                                  activity == "export" || activity == "reexport";
                                         });
}

// Destinations that are not given are unknown where the activity says that something
// is sent; otherwise nothing is known to leave the deployer's seat.
Verdict Destination(const Json& list, const Question& q) {
  // What a rule about accelerators asks first is where they go.
  if (!q.context.destinations && !q.context.activity && q.accelerator != nullptr)
    return Missing("context.destinations");
  if (!q.context.destinations)
    return IsSent(q.context) ? Missing("context.destinations") : Known(false);
  return Known(std::any_of(q.context.destinations->begin(), q.context.destinations->end(),
                           [&](const std::string& country) {
                             return Names(list, country) ||
                                    (Names(list, "EU") && IsEuMember(country));
                           }));
}

}  // namespace

std::string NormalLicence(const std::string& id) {
  std::string text = ToLower(Trim(id));
  if (text.rfind("other:", 0) == 0) text.erase(0, 6);
  std::string normal;
  for (const char c : text) {
    const bool gap = c == ' ' || c == '(' || c == ')' || c == '_' || c == '-';
    if (!gap)
      normal += c;
    else if (!normal.empty() && normal.back() != '-')
      normal += '-';
  }
  while (!normal.empty() && normal.back() == '-') normal.pop_back();
  return normal;
}

bool HasKnownLicence(const ModelFacts& facts) {
  return std::any_of(facts.licences.begin(), facts.licences.end(),
                     [](const std::string& id) { return !IsVague(id); });
}

const std::vector<std::string_view>& EuMembers() {
  static const std::vector<std::string_view> members{
      "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
      "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};
  return members;
}

bool IsEuMember(const std::string& country) {
  const auto& members = EuMembers();
  return std::find(members.begin(), members.end(), country) != members.end();
}

namespace {

std::vector<Predicate> AllPredicates() {
  std::vector<Predicate> table{
      {"lineage_publisher", "strings", &LineagePublisher},
      {"developer", "strings", &Developer},
      {"publisher_country", "strings", &PublisherCountry},
      {"parent_company", "strings", &ParentCompany},
      {"listed", "strings", &Listed, "any"},
      {"family", "strings", &Family},
      {"model_name", "pattern", &ModelName},
      {"licence", "strings", &Licence},
      {"licence_pattern", "pattern", &LicencePattern},
      {"licence_known", "boolean", &LicenceKnown},
      {"modality", "strings", &Modality},
      {"training_flops_above", "number", &TrainingFlopsAbove},
      {"training_flops_from", "number", &TrainingFlopsFrom},
      {"released_from", "month", &ReleasedFrom},
      {"released_before", "month", &ReleasedBefore},
      {"unknown", "strings", &Unknown, "any"},
      {"country", "strings", &Country, "any"},
      {"sector", "strings", &Sector, "any"},
      {"activity", "strings", &Activity, "any"},
      {"destination", "strings", &Destination, "any"},
  };
  for (const Predicate& predicate : AcceleratorPredicates()) table.push_back(predicate);
  return table;
}

}  // namespace

const std::vector<Predicate>& Predicates() {
  static const std::vector<Predicate> table = AllPredicates();
  return table;
}

}  // namespace weighbridge
