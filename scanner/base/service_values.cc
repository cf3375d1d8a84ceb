// The words of hosted services.
#include "weighbridge/service.h"

namespace weighbridge {

const char* ServiceRoleName(ServiceRole role) {
  switch (role) {
    case ServiceRole::kUnknown: return "unknown";
    case ServiceRole::kPublisher: return "publisher";
    case ServiceRole::kCloud: return "cloud";
    case ServiceRole::kGateway: return "gateway";
    case ServiceRole::kLocal: return "local";
    case ServiceRole::kClient: return "client";
  }
  return "unknown";
}

const char* ServiceTechniqueName(ServiceTechnique technique) {
  switch (technique) {
    case ServiceTechnique::kEndpoint: return "endpoint";
    case ServiceTechnique::kBaseUrl: return "base-url";
    case ServiceTechnique::kRemoteModel: return "remote-model";
    case ServiceTechnique::kVariable: return "variable";
    case ServiceTechnique::kPackage: return "package";
    case ServiceTechnique::kModelId: return "model-id";
  }
  return "endpoint";
}

const char* ServiceStrengthName(ServiceStrength strength) {
  switch (strength) {
    case ServiceStrength::kMention: return "mention";
    case ServiceStrength::kWeak: return "weak";
    case ServiceStrength::kMedium: return "medium";
    case ServiceStrength::kStrong: return "strong";
  }
  return "weak";
}

std::string ServiceId(const ServiceUse& use) {
  std::string id = use.service.empty() ? "unknown service" : use.service;
  if (!use.endpoint.empty()) id += " at " + use.endpoint;
  if (!use.root.empty()) id += " in " + use.root;
  return id;
}

}  // namespace weighbridge
