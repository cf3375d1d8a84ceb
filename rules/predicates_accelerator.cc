// The predicates about accelerators, and about the Country Groups of places (15 CFR part
// 740, Supplement No. 1). Several products that a device may be decide together.
#include <algorithm>
#include <functional>

#include <re2/re2.h>

#include "rules/classify.h"
#include "rules/classify_entries.h"
#include "rules/predicates.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

Verdict Known(bool value) { return {value ? Truth::kTrue : Truth::kFalse, {}, {}}; }
Verdict Missing(const std::string& fact) { return {Truth::kUnknown, {fact}, {}}; }

bool Names(const Json& list, std::string_view text) {
  const std::string lower = ToLower(text);
  return std::any_of(list.begin(), list.end(),
                     [&](const Json& item) { return ToLower(item.get<std::string>()) == lower; });
}

// All candidates together; where they differ, which product it is decides.
Verdict EachProduct(const Question& q, const std::function<Verdict(const ProductFact&)>& ask) {
  if (q.accelerator == nullptr || q.accelerator->products.empty())
    return Missing("accelerator.product");
  Truth lowest = Truth::kTrue;
  Verdict all{Truth::kFalse, {}, {}};
  for (const ProductFact& product : q.accelerator->products) {
    Verdict one = ask(product);
    lowest = std::min(lowest, one.truth);
    all.truth = std::max(all.truth, one.truth);
    all.missing.merge(one.missing);
  }
  if (lowest == all.truth) return all;
  all.truth = Truth::kUnknown;
  all.missing.insert("accelerator.product");
  return all;
}

// "die area" is "accelerator.die-area"; rates of several precisions are one fact.
std::string NeedFact(const std::string& need) {
  if (need.starts_with("rates of")) return "accelerator.rates";
  if (need.starts_with("bits that")) return "accelerator.tf32-bits";
  std::string fact = "accelerator." + ToLower(need);
  std::replace(fact.begin(), fact.end(), ' ', '-');
  return fact;
}

std::string Same(const std::string& eccn) { return eccn; }

Verdict Entry(const Json& list, const Question& q, std::string (*spelling)(const std::string&)) {
  return EachProduct(q, [&](const ProductFact& product) {
    const Classification& found = product.classification;
    if (!found.eccn.empty()) return Known(Names(list, spelling(found.eccn)));
    const auto hits =
        std::count_if(found.candidates.begin(), found.candidates.end(),
                      [&](const std::string& eccn) { return Names(list, spelling(eccn)); });
    if (!found.candidates.empty() && hits == 0) return Known(false);
    if (!found.candidates.empty() && static_cast<std::size_t>(hits) == found.candidates.size())
      return Known(true);
    Verdict verdict{Truth::kUnknown, {}, {}};
    for (const std::string& need : found.needs) verdict.missing.insert(NeedFact(need));
    if (verdict.missing.empty()) verdict.missing.insert("accelerator.eccn");
    return verdict;
  });
}

Verdict Eccn(const Json& list, const Question& q) { return Entry(list, q, &Same); }
Verdict ComputerEccn(const Json& list, const Question& q) { return Entry(list, q, &ComputerEntry); }

Verdict Not(Verdict verdict) {
  if (verdict.truth == Truth::kUnknown) return verdict;
  return Known(verdict.truth == Truth::kFalse);
}

// Both readings of TF32 must agree, and a lower bound never shows that a line is not met.
Verdict TppOf(const ProductFact& product, double line) {
  const Classification& found = product.classification;
  if (found.terms.empty()) return Missing("accelerator.dense-rates");
  const bool low = AtLeast(found.tpp, line);
  const bool high = AtLeast(found.tpp_tf32_at_32, line);
  if (low && high) return Known(true);
  if (found.tpp_is_lower_bound) return Missing("accelerator.rates");
  return low == high ? Known(false) : Missing("accelerator.tf32-bits");
}

Verdict TppAtLeast(const Json& line, const Question& q) {
  return EachProduct(q, [&](const ProductFact& p) { return TppOf(p, line.get<double>()); });
}

Verdict TppBelow(const Json& line, const Question& q) {
  return EachProduct(q, [&](const ProductFact& p) { return Not(TppOf(p, line.get<double>())); });
}

Verdict BandwidthOf(const ProductFact& product, double line) {
  if (!product.memory_bandwidth_gbs) return Missing("accelerator.memory-bandwidth");
  return Known(AtLeast(*product.memory_bandwidth_gbs, line));
}

Verdict BandwidthAtLeast(const Json& line, const Question& q) {
  return EachProduct(q, [&](const ProductFact& p) { return BandwidthOf(p, line.get<double>()); });
}

Verdict BandwidthBelow(const Json& line, const Question& q) {
  return EachProduct(q,
                     [&](const ProductFact& p) { return Not(BandwidthOf(p, line.get<double>())); });
}

Verdict Vendor(const Json& list, const Question& q) {
  return EachProduct(q, [&](const ProductFact& p) { return Known(Names(list, p.vendor)); });
}

Verdict Product(const Json& pattern, const Question& q) {
  const RE2 expression(pattern.get<std::string>(), RE2::Quiet);
  return EachProduct(q, [&](const ProductFact& p) {
    return Known(RE2::FullMatch(p.id, expression) ||
                 std::any_of(p.names.begin(), p.names.end(), [&](const std::string& name) {
                   return RE2::FullMatch(name, expression);
                 }));
  });
}

Verdict DesignerCountry(const Json& list, const Question& q) {
  return EachProduct(q, [&](const ProductFact& p) {
    if (p.designer_country.empty()) return Missing("accelerator.designer-country");
    return Known(Names(list, p.designer_country));
  });
}

Verdict Segment(const Json& list, const Question& q) {
  using Kind = AcceleratorFigures::Segment;
  return EachProduct(q, [&](const ProductFact& p) {
    if (p.segment == Kind::kUnknown) return Missing("accelerator.market-segment");
    return Known(Names(list, p.segment == Kind::kDatacenter ? "datacenter" : "not-datacenter"));
  });
}

// A place is meant when an entry names it or one of its groups ("*" is any place), and no
// entry with "!" in front does.
bool IsPlace(const Json& list, const std::string& country, const Question& q) {
  std::vector<std::string> words{"*", country};
  if (q.groups != nullptr && *q.groups) {
    for (std::string& group : (*q.groups)(country, q.as_of)) words.push_back(std::move(group));
  }
  bool named = false;
  for (const std::string& word : words) {
    if (Names(list, "!" + word)) return false;
    named = named || Names(list, word);
  }
  return named;
}

Verdict DestinationGroup(const Json& list, const Question& q) {
  const Context& context = q.context;
  if (context.destinations) {
    return Known(
        std::any_of(context.destinations->begin(), context.destinations->end(),
                    [&](const std::string& country) { return IsPlace(list, country, q); }));
  }
  const bool stays =
      context.activity && std::none_of(context.activity->begin(), context.activity->end(),
                                       [](const std::string& activity) {
                                         return activity == "distribute" || activity == "export" ||
                                                activity == "reexport";
                                       });
  return stays ? Known(false) : Missing("context.destinations");
}

Verdict HeadquartersGroup(const Json& list, const Question& q) {
  if (!q.context.country) return Missing("context.country");
  return Known(IsPlace(list, *q.context.country, q));
}

}  // namespace

std::vector<Predicate> AcceleratorPredicates() {
  return {
      {"eccn", "strings", &Eccn, "accelerator"},
      {"computer_eccn", "strings", &ComputerEccn, "accelerator"},
      {"tpp_at_least", "number", &TppAtLeast, "accelerator"},
      {"tpp_below", "number", &TppBelow, "accelerator"},
      {"memory_bandwidth_at_least", "number", &BandwidthAtLeast, "accelerator"},
      {"memory_bandwidth_below", "number", &BandwidthBelow, "accelerator"},
      {"vendor", "strings", &Vendor, "accelerator"},
      {"product", "pattern", &Product, "accelerator"},
      {"designer_country", "strings", &DesignerCountry, "accelerator"},
      {"segment", "strings", &Segment, "accelerator"},
      {"destination_group", "strings", &DestinationGroup, "accelerator"},
      {"headquarters_group", "strings", &HeadquartersGroup, "accelerator"},
  };
}

}  // namespace weighbridge
