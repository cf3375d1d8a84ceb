// Runs the three stages over a list of artifacts, as the pipeline does.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "scanner/identity/identify.h"
#include "tests/support/fake_catalog.h"
#include "tests/support/model_builder.h"

namespace weighbridge::test {

struct Scan {
  std::vector<Artifact> artifacts;
  std::vector<Model> models;

  explicit Scan(std::vector<Artifact> files, const Catalog& catalog = Facts())
      : artifacts(std::move(files)) {
    std::sort(artifacts.begin(), artifacts.end(),
              [](const Artifact& a, const Artifact& b) { return a.location < b.location; });
    models = GroupModels(artifacts);
    for (Model& model : models) FingerprintModel(artifacts, model);
    IdentifyModels(artifacts, catalog, models);
  }
  // Requires: exactly one model.
  const Model& Only() const { return models.at(models.size() == 1 ? 0 : models.size()); }
  const Model& At(const std::string& id) const {
    return *std::find_if(models.begin(), models.end(), [&](const Model& m) { return m.id == id; });
  }
  static const FakeCatalog& Facts() {
    static const FakeCatalog catalog;
    return catalog;
  }
};

inline std::string Names(const std::vector<std::string>& list) { return Join(list, ","); }

// The rule ids of a model's conflicts.
inline std::string Rules(const Model& model) {
  std::vector<std::string> ids;
  for (const Conflict& conflict : model.conflicts) ids.push_back(conflict.rule_id);
  return Join(ids, ",");
}

inline std::string Chain(const Model& model) {
  std::vector<std::string> steps;
  for (const Ancestor& a : model.identity.ancestors) steps.push_back(a.relation + ":" + a.name);
  return Join(steps, " ");
}

}  // namespace weighbridge::test
