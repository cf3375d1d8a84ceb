// Licence statements.
#include "scanner/identity/licence_claims.h"

#include <algorithm>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// What the hub writes where a licence has another spelling as SPDX id.
std::string Normal(std::string_view id) {
  std::string lower = ToLower(Trim(id));
  if (lower.starts_with("other:")) lower.erase(0, 6);
  std::replace(lower.begin(), lower.end(), '_', '-');
  std::replace(lower.begin(), lower.end(), ' ', '-');
  if (lower == "apache-license-2.0" || lower == "apache2.0" || lower == "apache-2")
    return "apache-2.0";
  if (lower == "mit-license") return "mit";
  for (const std::string_view suffix : {"-only", "-or-later"}) {
    if (lower.ends_with(suffix)) lower.resize(lower.size() - suffix.size());
  }
  return lower;
}

// Nothing that could be compared: not stated, or not recognised.
bool IsVague(const std::string& normal) {
  return normal.empty() || normal == "unknown" || normal == "other" || normal == "other-license" ||
         normal == "custom";
}

bool Same(const Catalog& catalog, const std::string& a, const std::string& b) {
  const std::string first = Normal(a);
  const std::string second = Normal(b);
  if (IsVague(first) || IsVague(second) || first == second) return true;
  const auto has = [](const LicenceRow& row, const std::string& id) {
    return std::any_of(row.ids.begin(), row.ids.end(),
                       [&](const std::string& s) { return Normal(s) == id; }) ||
           Normal(row.name) == id;
  };
  for (const auto& [one, other] : {std::pair(first, second), std::pair(second, first)}) {
    const auto row = catalog.LicenceById(one);
    if (row && has(*row, other)) return true;
  }
  // Both lead to one row.
  const auto one = catalog.LicenceById(first);
  const auto two = catalog.LicenceById(second);
  return one && two && one->ids == two->ids;
}

std::string Describe(const LicenceClaim& claim, const std::string& hub_id) {
  const std::string id = Printable(claim.id);
  if (claim.source == "card") return "the model card says " + id;
  if (claim.source == "text") return "the licence text is " + id;
  if (claim.source == "catalogue") return hub_id + " is published under " + id;
  return "the file's metadata says " + id;
}

void Add(std::vector<LicenceClaim>& claims, const std::string& id, const char* source, Grade grade,
         const Location& location) {
  if (id.empty()) return;
  const bool known = std::any_of(claims.begin(), claims.end(), [&](const LicenceClaim& c) {
    return c.id == id && c.source == source;
  });
  if (!known) claims.push_back({id, source, grade, location});
}

}  // namespace

std::vector<LicenceClaim> CollectLicences(const std::vector<const Artifact*>& files,
                                          const std::string& catalogue_licence,
                                          const Location& model) {
  std::vector<LicenceClaim> claims;
  for (const Artifact* file : files) {
    std::vector<std::string> stated = file->ClaimList("card:license");
    const std::string& name = file->ClaimOr("card:license_name");
    for (std::string& id : stated) {
      if (ToLower(id) == "other" && !name.empty()) id = name;
      Add(claims, id, "card", Grade::kClaimed, file->location);
    }
    for (const std::string& id : file->ClaimList("licence:id")) {
      Add(claims, id, "text", Grade::kClaimed, file->location);
    }
    for (const char* key : {"gguf:general.license", "safetensors:license",
                            "safetensors:modelspec.license", "onnx:metadata:license"}) {
      Add(claims, file->ClaimOr(key), "gguf", Grade::kClaimed, file->location);
    }
  }
  Add(claims, catalogue_licence, "catalogue", Grade::kInferred, model);
  return claims;
}

std::vector<Conflict> LicenceConflicts(const Catalog& catalog,
                                       const std::vector<LicenceClaim>& claims,
                                       const std::string& hub_id) {
  std::vector<Conflict> conflicts;
  const auto of = [&](const char* source) {
    std::vector<const LicenceClaim*> found;
    for (const LicenceClaim& claim : claims) {
      if (claim.source == source && !IsVague(Normal(claim.id))) found.push_back(&claim);
    }
    return found;
  };
  const auto compare = [&](const char* left, const char* right) {
    const auto lefts = of(left);
    const auto rights = of(right);
    if (lefts.empty() || rights.empty()) return;
    for (const LicenceClaim* claim : lefts) {
      const bool agrees = std::any_of(rights.begin(), rights.end(), [&](const LicenceClaim* other) {
        return Same(catalog, claim->id, other->id);
      });
      if (agrees) continue;
      conflicts.push_back({"WB-CONFLICT-LICENCE",
                           Describe(*claim, hub_id) + ", but " + Describe(*rights.front(), hub_id) +
                               "; both statements are kept, neither is chosen",
                           claim->location});
    }
  };
  compare("card", "text");
  compare("card", "catalogue");
  compare("gguf", "card");
  compare("gguf", "text");
  if (of("card").empty()) {
    compare("text", "catalogue");
    compare("gguf", "catalogue");
  }
  return conflicts;
}

}  // namespace weighbridge
