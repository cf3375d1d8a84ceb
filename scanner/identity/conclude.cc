// How the layers are weighed, strongest first:
//
//   digest of the bytes, computed   names the published file; its origin is verified
//   structure with one origin       inferred; claimed when a claim agrees
//   structure with several origins  a claim or the tokenizer may pick one (claimed),
//                                   else they are the candidates
//   claims alone                    claimed
//
// A claim that contradicts the tensors is a conflict and feeds nothing.
#include "scanner/identity/conclude.h"

#include <algorithm>

#include "scanner/identity/conclusion.h"

namespace weighbridge {

void Conclusion::Finish() {
  std::stable_sort(identity_.evidence.begin(), identity_.evidence.end(),
                   [](const Evidence& a, const Evidence& b) {
                     if (a.grade != b.grade) return a.grade > b.grade;
                     return a.confidence > b.confidence;
                   });
}

void ConcludeIdentity(const std::vector<Artifact>& artifacts, ModelTable& table,
                      const std::vector<Model>& models, Model& model) {
  model.identity = {};
  model.conflicts.clear();
  if (FilesOf(artifacts, model).empty()) return;
  Conclusion(artifacts, table, models, model).Run();
}

void IdentifyModels(const std::vector<Artifact>& artifacts, const Catalog& catalog,
                    std::vector<Model>& models) {
  ModelTable table(catalog);
  // Adapters last: their bases may lie in the same scan.
  for (Model& model : models) {
    if (!model.is_adapter) ConcludeIdentity(artifacts, table, models, model);
  }
  for (Model& model : models) {
    if (model.is_adapter) ConcludeIdentity(artifacts, table, models, model);
  }
}

}  // namespace weighbridge
