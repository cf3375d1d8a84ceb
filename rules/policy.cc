#include "rules/policy.h"

#include <algorithm>

#include <re2/re2.h>

#include "rules/country_codes.h"
#include "rules/json_places.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

bool IsSector(const std::string& text) {
  for (const char* known :
       {"us-dod", "us-intelligence", "us-federal-civilian", "us-doe", "us-congress",
        "eu-government", "it-government", "de-government", "cz-government", "dk-government",
        "au-government", "au-sa-government", "tw-government", "kr-government", "in-government",
        "cn-service", "private"}) {
    if (text == known) return true;
  }
  return text.size() == 11 && text.rfind("us-state-", 0) == 0 && IsLower(text[9]) &&
         IsLower(text[10]);
}

namespace {

class PolicyReader {
 public:
  explicit PolicyReader(std::vector<std::string>& errors) : errors_(errors) {}

  Policy Read(const Json& json) {
    Policy policy;
    if (!json.is_object()) {
      Fail("", "expected an object");
      return policy;
    }
    RefuseUnknown(
        json, "",
        {"$schema", "name", "context", "packs", "gate", "deny", "allow", "unlisted", "waivers"});
    policy.name = Text(json, "", "name");
    if (const Json* context = Object(json, "context")) policy.context = ReadContext(*context);
    if (const Json* packs = Find(json, "packs")) policy.packs = Strings(*packs, "/packs");
    if (const Json* gate = Object(json, "gate")) ReadGate(*gate, policy);
    policy.deny = ReadLists(json, "deny");
    policy.allow = ReadLists(json, "allow");
    ReadUnlisted(json, policy);
    ReadWaivers(json, policy);
    return policy;
  }

 private:
  Context ReadContext(const Json& json) {
    Context context;
    RefuseUnknown(json, "/context", {"country", "sector", "activity", "destinations"});
    if (json.contains("country")) {
      context.country = Text(json, "/context", "country");
      if (!IsCountryCode(*context.country))
        Fail("/context/country", Quote(*context.country) + " is not an ISO 3166 alpha-2 code");
    }
    if (json.contains("sector")) {
      context.sector = Text(json, "/context", "sector");
      if (!IsSector(*context.sector))
        Fail("/context/sector",
             Quote(*context.sector) + " is not a known sector; see rules/README.md");
    }
    if (const Json* list = Find(json, "activity")) {
      context.activity = Strings(*list, "/context/activity");
      for (const std::string& activity : *context.activity) {
        const std::vector<std::string> known{"use", "distribute", "export", "reexport", "procure"};
        if (std::find(known.begin(), known.end(), activity) == known.end()) {
          Fail("/context/activity", Quote(activity) + " is not one of " + Join(known, ", "));
        }
      }
    }
    if (const Json* list = Find(json, "destinations")) {
      context.destinations = Strings(*list, "/context/destinations");
      for (const std::string& country : *context.destinations) {
        if (!IsCountryCode(country))
          Fail("/context/destinations", Quote(country) + " is not an ISO 3166 alpha-2 code");
      }
    }
    return context;
  }

  void ReadGate(const Json& json, Policy& policy) {
    RefuseUnknown(json, "/gate", {"fail_on", "fail_on_undecided"});
    if (json.contains("fail_on")) {
      const std::string text = Text(json, "/gate", "fail_on");
      const auto outcome = ParseOutcome(text);
      if (outcome)
        policy.fail_on = *outcome;
      else
        Fail("/gate/fail_on",
             Quote(text) +
                 " is not one of none, notice, review, restricted, licence-required, prohibited");
    }
    if (const Json* flag = Find(json, "fail_on_undecided")) {
      if (flag->is_boolean())
        policy.fail_on_undecided = flag->get<bool>();
      else
        Fail("/gate/fail_on_undecided", "expected true or false");
    }
  }

  std::vector<PolicyList> ReadLists(const Json& json, const char* key) {
    std::vector<PolicyList> entries;
    const Json* list = Find(json, key);
    if (list == nullptr) return entries;
    const std::string at = std::string("/") + key;
    if (!list->is_array()) {
      Fail(at, "expected a list");
      return entries;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string here = at + "/" + std::to_string(i);
      const Json& item = (*list)[i];
      if (!item.is_object()) {
        Fail(here, "expected an object");
        continue;
      }
      std::vector<std::string> known{"id",      "publisher", "country", "family",
                                     "licence", "digest",    "reason"};
      if (std::string_view(key) == "deny") known.emplace_back("outcome");
      RefuseUnknown(item, here, known);
      PolicyList entry;
      entry.id = Text(item, here, "id");
      if (entry.id.empty())
        entry.id = "POLICY-" + std::string(key == std::string("deny") ? "DENY-" : "ALLOW-") +
                   std::to_string(i + 1);
      entry.publisher = Pattern(item, here, "publisher");
      entry.country = Pattern(item, here, "country");
      CheckCountries(entry.country, here + "/country");
      entry.family = Pattern(item, here, "family");
      entry.licence = Pattern(item, here, "licence");
      entry.digest = Pattern(item, here, "digest");
      entry.reason = Text(item, here, "reason");
      if (item.contains("outcome")) {
        const auto outcome = ParseOutcome(Text(item, here, "outcome"));
        if (outcome && *outcome != Outcome::kNone)
          entry.outcome = *outcome;
        else
          Fail(here + "/outcome",
               "not one of notice, review, restricted, licence-required, prohibited");
      }
      if ((entry.publisher + entry.country + entry.family + entry.licence + entry.digest).empty()) {
        Fail(here, "matches nothing: give publisher, country, family, licence or digest");
      }
      entries.push_back(std::move(entry));
    }
    return entries;
  }

  // An allow list with nothing to make exceptions from would do nothing: it is then the
  // list of all that is allowed.
  void ReadUnlisted(const Json& json, Policy& policy) {
    if (policy.deny.empty() && !policy.allow.empty()) policy.unlisted = Outcome::kReview;
    if (!json.contains("unlisted")) return;
    const std::string text = Text(json, "", "unlisted");
    const auto outcome = ParseOutcome(text);
    if (!outcome) {
      return Fail("/unlisted",
                  Quote(text) +
                      " is not one of none, notice, review, restricted, licence-required, "
                      "prohibited");
    }
    policy.unlisted = *outcome;
  }

  // A subject that is no RE2 pattern may still be a glob: "**/model.gguf".
  void CheckSubject(const std::string& text, const std::string& at) {
    const RE2 expression(text, RE2::Quiet);
    if (!expression.ok() && text.find_first_of("*?") == std::string::npos)
      Fail(at + "/subject", "neither a pattern (" + expression.error() + ") nor a glob");
  }

  void ReadWaivers(const Json& json, Policy& policy) {
    const Json* list = Find(json, "waivers");
    if (list == nullptr) return;
    if (!list->is_array()) return Fail("/waivers", "expected a list");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string at = "/waivers/" + std::to_string(i);
      const Json& item = (*list)[i];
      if (!item.is_object()) {
        Fail(at, "expected an object");
        continue;
      }
      RefuseUnknown(item, at, {"rule", "subject", "reason", "owner", "expires"});
      PolicyWaiver waiver;
      waiver.rule = Pattern(item, at, "rule");
      waiver.subject = Text(item, at, "subject");
      CheckSubject(waiver.subject, at);
      waiver.reason = Text(item, at, "reason");
      waiver.owner = Text(item, at, "owner");
      waiver.expires = Text(item, at, "expires");
      for (const auto& [key, value] : {std::pair{"rule", &waiver.rule},
                                       {"reason", &waiver.reason},
                                       {"owner", &waiver.owner},
                                       {"expires", &waiver.expires}}) {
        if (value->empty()) Fail(at + "/" + key, "a waiver needs it");
      }
      if (!waiver.expires.empty() && !IsIsoDate(waiver.expires))
        Fail(at + "/expires", Quote(waiver.expires) + " is not a date (YYYY-MM-DD)");
      policy.waivers.push_back(std::move(waiver));
    }
  }

  const Json* Object(const Json& json, const char* key) {
    const Json* value = Find(json, key);
    if (value == nullptr || value->is_object()) return value;
    Fail(std::string("/") + key, "expected an object");
    return nullptr;
  }

  std::string Text(const Json& json, const std::string& at, const char* key) {
    const Json* value = Find(json, key);
    if (value == nullptr) return {};
    if (value->is_string()) return value->get<std::string>();
    Fail(at + "/" + key, "expected a text");
    return {};
  }

  std::string Pattern(const Json& json, const std::string& at, const char* key) {
    const std::string text = Text(json, at, key);
    const RE2 expression(text, RE2::Quiet);
    if (!expression.ok()) Fail(at + "/" + key, "not a pattern: " + expression.error());
    return text;
  }

  std::vector<std::string> Strings(const Json& json, const std::string& at) {
    std::vector<std::string> texts;
    if (!json.is_array()) {
      Fail(at, "expected a list of texts");
      return texts;
    }
    for (const Json& item : json) {
      if (item.is_string())
        texts.push_back(item.get<std::string>());
      else
        Fail(at, "expected a list of texts");
    }
    return texts;
  }

  void RefuseUnknown(const Json& json, const std::string& at,
                     const std::vector<std::string>& known) {
    for (const auto& [key, value] : json.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      const std::string near = Nearest(key, known);
      Fail(at + "/" + key,
           "unknown key" + (near.empty() ? "" : " (did you mean \"" + near + "\"?)"));
    }
  }

  // A list's country is a pattern; one that only names codes names ones that exist.
  void CheckCountries(const std::string& pattern, const std::string& at) {
    const bool plain = std::all_of(pattern.begin(), pattern.end(),
                                   [](char c) { return c == '|' || (c >= 'A' && c <= 'Z'); });
    if (pattern.empty() || !plain) return;
    for (const std::string& code : Split(pattern, '|')) {
      if (!IsCountryCode(code)) Fail(at, Quote(code) + " is not an ISO 3166 alpha-2 code");
    }
  }

  void Fail(const std::string& at, const std::string& message) {
    errors_.push_back((at.empty() ? "/" : at) + ": " + message);
  }

  std::vector<std::string>& errors_;
};

}  // namespace

Result<Policy> ParsePolicy(std::string_view text, const std::string& file_name) {
  const std::string file = Printable(file_name);
  auto json = ParseJson(text, Limits{}, {.refuse_duplicate_keys = true, .allow_comments = true});
  if (!json.ok()) return Error{ErrorCode::kInvalidArgument, file + ":" + json.error().message};
  std::vector<std::string> errors;
  Policy policy = PolicyReader(errors).Read(json.value());
  if (!errors.empty())
    return Error{ErrorCode::kInvalidArgument, Join(WithPlaces(text, file, errors), "\n")};
  return policy;
}

std::string ExamplePolicy() {
  return R"({
  // Weighbridge policy. Every key may be left out; what is not said is unknown, and
  // rules that need it then answer "depends on".
  "name": "example",

  // Who deploys, where and for what.
  "context": {
    "country": "US",              // seat of the deployer, ISO 3166 alpha-2
    "sector": "private",          // us-dod, us-federal-civilian, us-state-tx, au-government, ...
    "activity": ["use"],          // use, distribute, export, reexport, procure
    "destinations": []            // where it is sent, ISO 3166 alpha-2
  },

  // Packs that apply; leave out for all. `weighbridge list rules` shows their names.
  // "packs": ["us-dod", "licences"],

  // Exit 1 when a settled finding is at or above this outcome.
  "gate": {
    "fail_on": "prohibited",      // none, notice, review, restricted, licence-required, prohibited
    "fail_on_undecided": false
  },

  // Own rules, by publisher, country (headquarters or parent), family, licence, digest
  // (SHA-256): all that an entry names must match. Patterns are RE2 and must match the
  // whole text. A model of which that is not known gets a finding that "depends on" it.
  "deny": [
    // {"id": "POLICY-NO-FOO", "publisher": "foo.*", "outcome": "prohibited", "reason": "not approved"}
  ],
  // Exceptions from "deny"; without "deny", the list of all that is allowed. Only a
  // model that surely matches is allowed.
  "allow": [
    // {"publisher": "our-company", "reason": "our own models"}
  ],
  // What it means that no entry of "allow" matches; left out: "review" where there is an
  // allow list and no deny list, else "none".
  // "unlisted": "review",

  // A waiver ends on its last day; after that it is reported and no longer waives. One
  // that meets nothing is reported too. "rule" is a rule's id (RE2). "subject" is the
  // model's id, display name, hub id, the SHA-256 of a weight file, or the location as the
  // report writes it: the text itself or RE2, for a location also a glob (* within a
  // folder, ** across). Without "subject", any.
  "waivers": [
    // {"rule": "US-FASCSA-2026-01", "subject": ".*r1-distill.*", "reason": "ticket 123", "owner": "security@example.com", "expires": "2027-01-31"}
  ]
}
)";
}

}  // namespace weighbridge
