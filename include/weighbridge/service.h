// ServiceUse: evidence that something talks to a model as a hosted service. Only names
// are kept: of variables, hosts, packages and models; never the value of a variable.
// The provider runs the endpoint, the publisher made the model: two facts, two countries.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "weighbridge/evidence.h"
#include "weighbridge/location.h"

namespace weighbridge {

// What a service is. A publisher serves its own models, a cloud its own and those of
// others, a gateway those of others. A client can talk to any compatible endpoint.
enum class ServiceRole { kUnknown, kPublisher, kCloud, kGateway, kLocal, kClient };
const char* ServiceRoleName(ServiceRole role);  // "publisher", "cloud", ..., "unknown"

enum class ServiceTechnique {
  kEndpoint,     // a hostname
  kBaseUrl,      // a setting that points a client at a host
  kRemoteModel,  // a model store's entry that another host runs
  kVariable,     // the name of an environment variable
  kPackage,      // an SDK: declared, locked, installed or imported
  kModelId,      // a model's id
};
const char* ServiceTechniqueName(ServiceTechnique technique);  // "endpoint", "base-url", ...

// kMention: in documentation or a comment; no use by itself. kWeak: others use the same
// thing. kMedium: a thing of this service only. kStrong: its address.
enum class ServiceStrength { kMention, kWeak, kMedium, kStrong };
const char* ServiceStrengthName(ServiceStrength strength);  // "mention", "weak", ...

struct ServiceEvidence {
  ServiceTechnique technique = ServiceTechnique::kEndpoint;
  std::string matched;  // "DEEPSEEK_API_KEY", "OPENAI_BASE_URL -> api.deepseek.com"
  Location location;
  std::uint64_t line = 0;  // from 1; 0: the place has no lines
  ServiceStrength strength = ServiceStrength::kWeak;
  bool unverified = false;  // the table's entry for it was not read at a source
  friend bool operator==(const ServiceEvidence&, const ServiceEvidence&) = default;
};

struct ServiceModel {
  std::string id;         // as written
  std::string publisher;  // hub namespace, "" when the id names none that is known
  std::string country;    // of that publisher, "" unknown
  friend auto operator<=>(const ServiceModel&, const ServiceModel&) = default;
  friend bool operator==(const ServiceModel&, const ServiceModel&) = default;
};

struct ServiceUse {
  std::string service;   // "DeepSeek", "A or B" when the evidence fits both, "" unknown
  std::string provider;  // the company that runs it, "" unknown
  std::string country;   // of the provider, "" unknown
  bool country_unverified = false;
  std::string provider_publisher;  // hub namespace of the provider's own models, "" none
  std::string publisher;           // hub namespace when all models seen have one publisher, else ""
  std::string endpoint;            // hostname where one was seen; "*" stands for a template's part
  ServiceRole role = ServiceRole::kUnknown;
  std::string root;  // project folder, else the target
  std::vector<ServiceModel> models;
  std::vector<ServiceEvidence> evidence;  // strongest first, capped
  std::uint64_t evidence_count = 0;       // all of it, mentions left out
  std::uint64_t mentions = 0;             // in documentation and comments
  // Of "this service is used": claimed (its address is configured), inferred (its
  // variable or package), unknown (a client or a model whose endpoint is not known).
  Grade grade = Grade::kUnknown;
  std::string note;  // one sentence where the grade alone would mislead
};

// "DeepSeek at api.deepseek.com in app": distinct in a report.
std::string ServiceId(const ServiceUse& use);

}  // namespace weighbridge
