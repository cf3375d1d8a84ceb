#include "rules/rule_example.h"

#include <algorithm>
#include <set>

#include "rules/country_codes.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

class ExampleReader {
 public:
  explicit ExampleReader(std::vector<std::string>& errors) : errors_(errors) {}

  RuleExample Read(const Json& json, const std::string& at, const std::string& subject) {
    RuleExample example;
    example.pointer = at;
    if (!IsObject(json, at)) return example;
    const char* key = subject == "model" ? "model" : "accelerator";
    RefuseUnknown(json, at, {key, "context", "as_of", "expect", "depends_on", "note"});
    example.is_accelerator = subject != "model";
    example.note = Text(json, at, "note");
    example.as_of = Text(json, at, "as_of");
    if (!example.as_of.empty() && !IsIsoDate(example.as_of))
      Fail(at + "/as_of", Quote(example.as_of) + " is not a date (YYYY-MM-DD)");
    example.expect = Text(json, at, "expect");
    if (!ParseOutcome(example.expect)) Fail(at + "/expect", "expected an outcome, or none");
    example.depends_on = Texts(json, at, "depends_on");
    std::sort(example.depends_on.begin(), example.depends_on.end());
    if (example.expect == "none" && !example.depends_on.empty())
      Fail(at + "/depends_on", "what does not match depends on nothing");
    for (const char* part : {key, "context", "as_of"}) {
      if (const Json* value = Find(json, part)) example.facts[part] = *value;
    }
    ReadSubject(json, at, key, example);
    if (const Json* context = Find(json, "context"))
      example.context = ReadContext(*context, at + "/context");
    return example;
  }

 private:
  void ReadSubject(const Json& json, const std::string& at, const char* key, RuleExample& example) {
    const std::string here = at + "/" + key;
    const Json* subject = Find(json, key);
    if (subject == nullptr) return Fail(here, "an example has a subject");
    if (!example.is_accelerator) {
      example.model = ReadModel(*subject, here);
      return;
    }
    if (!subject->is_array()) {
      example.accelerator.products.push_back(ReadProduct(*subject, here));
      return;
    }
    for (std::size_t i = 0; i < subject->size(); ++i) {
      example.accelerator.products.push_back(
          ReadProduct((*subject)[i], here + "/" + std::to_string(i)));
    }
  }

  ModelFacts ReadModel(const Json& json, const std::string& at) {
    ModelFacts facts;
    if (!IsObject(json, at)) return facts;
    RefuseUnknown(json, at,
                  {"publishers", "candidates", "names", "family", "licences", "modality",
                   "training_flops", "released"});
    facts.model_id = "example";
    facts.publishers = Publishers(json, at, "publishers");
    facts.candidates = Publishers(json, at, "candidates");
    facts.origin_known = !facts.publishers.empty();
    facts.names = Texts(json, at, "names");
    facts.family = Text(json, at, "family");
    facts.licences = Texts(json, at, "licences");
    facts.modality = Text(json, at, "modality");
    facts.training_flops = Number(json, at, "training_flops");
    facts.released = Text(json, at, "released");
    if (!facts.released.empty() && !IsIsoDate(facts.released + "-01"))
      Fail(at + "/released", "expected a month, YYYY-MM");
    return facts;
  }

  std::vector<PublisherFact> Publishers(const Json& json, const std::string& at, const char* key) {
    std::vector<PublisherFact> publishers;
    EachOf(json, at, key, [&](const Json& item, const std::string& here) {
      RefuseUnknown(
          item, here,
          {"namespace", "name", "country", "parents", "parent_countries", "role", "listings"});
      PublisherFact fact;
      fact.ns = Text(item, here, "namespace");
      if (fact.ns.empty()) Fail(here + "/namespace", "expected a text");
      fact.name = Text(item, here, "name");
      if (fact.name.empty()) fact.name = fact.ns;
      fact.country = Text(item, here, "country");
      fact.parents = Texts(item, here, "parents");
      fact.parent_countries = Texts(item, here, "parent_countries");
      fact.role = Text(item, here, "role");
      if (fact.role.empty()) fact.role = publishers.empty() ? "origin" : "lineage";
      Expect(here + "/role", fact.role, {"origin", "developer", "lineage", "candidate"});
      fact.listings = Listings(item, here);
      publishers.push_back(std::move(fact));
    });
    return publishers;
  }

  std::vector<ListingFact> Listings(const Json& json, const std::string& at) {
    std::vector<ListingFact> listings;
    EachOf(json, at, "listings", [&](const Json& item, const std::string& here) {
      RefuseUnknown(item, here, {"list", "party", "listed_on", "citation"});
      ListingFact fact{Text(item, here, "list"), Text(item, here, "party"),
                       Text(item, here, "listed_on"), Text(item, here, "citation")};
      if (fact.list.empty()) Fail(here + "/list", "expected a text");
      if (!fact.listed_on.empty() && !IsIsoDate(fact.listed_on))
        Fail(here + "/listed_on", Quote(fact.listed_on) + " is not a date (YYYY-MM-DD)");
      listings.push_back(std::move(fact));
    });
    return listings;
  }

  ProductFact ReadProduct(const Json& json, const std::string& at) {
    ProductFact fact;
    if (!IsObject(json, at)) return fact;
    RefuseUnknown(json, at,
                  {"product", "names", "vendor", "designer_country", "segment",
                   "memory_bandwidth_gbs", "eccn", "eccn_candidates", "needs", "tpp",
                   "tpp_tf32_at_32", "tpp_is_lower_bound", "listings"});
    fact.id = Text(json, at, "product");
    fact.names = Texts(json, at, "names");
    fact.vendor = Text(json, at, "vendor");
    fact.designer_country = Text(json, at, "designer_country");
    fact.segment = Segment(Text(json, at, "segment"), at);
    fact.memory_bandwidth_gbs = Number(json, at, "memory_bandwidth_gbs");
    fact.listings = Listings(json, at);
    Classification& found = fact.classification;
    found.eccn = Text(json, at, "eccn");
    found.candidates = Texts(json, at, "eccn_candidates");
    found.needs = Texts(json, at, "needs");
    if (const auto tpp = Number(json, at, "tpp")) {
      found.tpp = *tpp;
      found.tpp_tf32_at_32 = Number(json, at, "tpp_tf32_at_32").value_or(*tpp);
      found.terms.push_back({"example", *tpp, 1, *tpp});
    }
    if (const Json* bound = Find(json, "tpp_is_lower_bound")) {
      if (!bound->is_boolean()) Fail(at + "/tpp_is_lower_bound", "expected true or false");
      found.tpp_is_lower_bound = bound->is_boolean() && bound->get<bool>();
    }
    return fact;
  }

  AcceleratorFigures::Segment Segment(const std::string& word, const std::string& at) {
    using Kind = AcceleratorFigures::Segment;
    if (word.empty()) return Kind::kUnknown;
    Expect(at + "/segment", word, {"datacenter", "not-datacenter"});
    return word == "datacenter" ? Kind::kDatacenter : Kind::kNotDatacenter;
  }

  Context ReadContext(const Json& json, const std::string& at) {
    Context context;
    if (!IsObject(json, at)) return context;
    RefuseUnknown(json, at, {"country", "sector", "activity", "destinations"});
    if (Find(json, "country") != nullptr) context.country = Text(json, at, "country");
    if (context.country) ExpectCountry(at + "/country", *context.country);
    if (Find(json, "sector") != nullptr) context.sector = Text(json, at, "sector");
    if (context.sector && !IsSector(*context.sector))
      Fail(at + "/sector", Quote(*context.sector) + " is not a sector");
    if (Find(json, "activity") != nullptr) context.activity = Texts(json, at, "activity");
    for (const std::string& word : context.activity.value_or(std::vector<std::string>()))
      Expect(at + "/activity", word, {"use", "distribute", "export", "reexport", "procure"});
    if (Find(json, "destinations") != nullptr)
      context.destinations = Texts(json, at, "destinations");
    for (const std::string& word : context.destinations.value_or(std::vector<std::string>()))
      ExpectCountry(at + "/destinations", word);
    return context;
  }

  void ExpectCountry(const std::string& at, const std::string& word) {
    if (!IsCountryCode(word)) Fail(at, Quote(word) + " is not an ISO 3166 alpha-2 code");
  }

  void Expect(const std::string& at, const std::string& word,
              const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), word) == known.end())
      Fail(at, Quote(word) + " is not one of " + Join(known, ", "));
  }

  template <typename F>
  void EachOf(const Json& json, const std::string& at, const char* key, F read) {
    const Json* list = Find(json, key);
    if (list == nullptr) return;
    const std::string here = at + "/" + key;
    if (!list->is_array()) return Fail(here, "expected a list");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string item = here + "/" + std::to_string(i);
      if (IsObject((*list)[i], item)) read((*list)[i], item);
    }
  }

  bool IsObject(const Json& json, const std::string& at) {
    if (!json.is_object()) Fail(at, "expected an object");
    return json.is_object();
  }

  std::string Text(const Json& json, const std::string& at, const char* key) {
    const Json* value = Find(json, key);
    if (value == nullptr) return {};
    if (value->is_string()) return value->get<std::string>();
    Fail(at + "/" + key, "expected a text");
    return {};
  }

  std::vector<std::string> Texts(const Json& json, const std::string& at, const char* key) {
    std::vector<std::string> texts;
    const Json* list = Find(json, key);
    if (list == nullptr) return texts;
    const bool sound = list->is_array() && std::all_of(list->begin(), list->end(),
                                                       [](const Json& i) { return i.is_string(); });
    if (!sound) {
      Fail(at + "/" + key, "expected a list of texts");
      return texts;
    }
    for (const Json& item : *list) texts.push_back(item.get<std::string>());
    return texts;
  }

  std::optional<double> Number(const Json& json, const std::string& at, const char* key) {
    const Json* value = Find(json, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_number()) return value->get<double>();
    Fail(at + "/" + key, "expected a number");
    return std::nullopt;
  }

  void RefuseUnknown(const Json& json, const std::string& at,
                     const std::vector<std::string>& known) {
    for (const auto& [key, value] : json.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      const std::string near = Nearest(key, known);
      Fail(at + "/" + key,
           "unknown field" + (near.empty() ? "" : " (did you mean \"" + near + "\"?)"));
    }
  }

  void Fail(const std::string& at, const std::string& message) {
    errors_.push_back(at + ": " + message);
  }

  std::vector<std::string>& errors_;
};

// Keys whose values differ; a part that one of them lacks counts each of its keys.
std::size_t KeysApart(const Json* a, const Json* b) {
  static const Json nothing = Json::object();
  const Json& left = a == nullptr ? nothing : *a;
  const Json& right = b == nullptr ? nothing : *b;
  if (!left.is_object() || !right.is_object()) return left == right ? 0 : 1;
  std::set<std::string> keys;
  for (const auto& [key, value] : left.items()) keys.insert(key);
  for (const auto& [key, value] : right.items()) keys.insert(key);
  return static_cast<std::size_t>(std::count_if(keys.begin(), keys.end(), [&](const auto& key) {
    const auto x = left.find(key);
    const auto y = right.find(key);
    return x == left.end() || y == right.end() || *x != *y;
  }));
}

}  // namespace

std::vector<RuleExample> ReadExamples(const Json& list, const std::string& pointer,
                                      const std::string& subject,
                                      std::vector<std::string>& errors) {
  std::vector<RuleExample> examples;
  if (!list.is_array()) {
    errors.push_back(pointer + ": expected a list of examples");
    return examples;
  }
  ExampleReader reader(errors);
  for (std::size_t i = 0; i < list.size(); ++i) {
    examples.push_back(reader.Read(list[i], pointer + "/" + std::to_string(i), subject));
  }
  return examples;
}

std::size_t FactsApart(const RuleExample& a, const RuleExample& b) {
  const char* subject = a.is_accelerator ? "accelerator" : "model";
  return KeysApart(Find(a.facts, subject), Find(b.facts, subject)) +
         KeysApart(Find(a.facts, "context"), Find(b.facts, "context")) +
         (a.as_of == b.as_of ? 0U : 1U);
}

}  // namespace weighbridge
