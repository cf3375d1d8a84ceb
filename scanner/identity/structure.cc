// Which rows of the catalogue the tensors may be.
#include "scanner/identity/structure.h"

#include <algorithm>
#include <set>

#include "scanner/identity/lineage.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {
namespace {

// hidden size and layers, and at least two more that do not follow from them; a row that
// leaves out what the tensors show must pass IsAlone besides.
constexpr std::size_t kFewestFields = 4;

std::uint64_t Get(const Dimensions& dimensions, const char* key) {
  const auto found = dimensions.find(key);
  return found == dimensions.end() ? 0 : found->second;
}

struct Candidate {
  ModelRow row;
  Fit fit;
  std::string origin;
};

// The row's architecture; where nothing is known of that, those of its bases: a wrapper
// keeps its base's tensors.
bool LineFits(const Catalog& catalog, const ModelRow& row, const Dimensions& dimensions) {
  const bool gguf = Get(dimensions, "gguf") != 0;
  const std::string type = ModelTypeOf(row);
  if (KnowsArchitecture(type)) return ArchitectureContradiction(type, dimensions, gguf).empty();
  for (const Ancestor& ancestor : BasesOf(catalog, row)) {
    const auto base = catalog.ModelByHubId(ancestor.name);
    if (base && !ArchitectureContradiction(ModelTypeOf(*base), dimensions, gguf).empty())
      return false;
  }
  return true;
}

// What generates images has no table of words.
bool KindFits(const ModelRow& row, const Dimensions& dimensions) {
  const bool pictures = row.modality == "text-to-image" || row.modality == "text-to-video";
  return !pictures || Get(dimensions, "vocab_size") == 0;
}

// Everything that the tensors show of vocabulary and feed-forward was compared.
bool IsComplete(const Fit& fit, const Dimensions& dimensions) {
  const bool ffn =
      Get(dimensions, "intermediate_size") != 0 || Get(dimensions, "moe_intermediate_size") != 0;
  return (fit.vocab_known || Get(dimensions, "vocab_size") == 0) && (fit.ffn_known || !ffn);
}

// Fits but for vocabulary and feed-forward.
bool SharesGeometry(const Fit& fit) {
  return std::all_of(fit.differences.begin(), fit.differences.end(), [](const std::string& d) {
    return d.starts_with("vocab_size") || d.starts_with("intermediate_size") ||
           d.starts_with("moe_intermediate_size");
  });
}

// No row of another origin has the geometry of this one.
bool IsAlone(const Catalog& catalog, const Candidate& candidate,
             const std::vector<Candidate>& near) {
  return std::all_of(near.begin(), near.end(), [&](const Candidate& other) {
    return !SharesGeometry(other.fit) || SamePublisher(catalog, other.origin, candidate.origin);
  });
}

// Rows that lack the merit go where one of their own origin has it; those of another
// origin stay: a derivative pads or extends what its base states exactly.
template <typename Predicate>
void Prefer(std::vector<Candidate>& candidates, Predicate has_merit) {
  std::set<std::string> origins;
  for (const Candidate& c : candidates) {
    if (has_merit(c)) origins.insert(c.origin);
  }
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(),
                                  [&](const Candidate& c) {
                                    return !has_merit(c) && origins.contains(c.origin);
                                  }),
                   candidates.end());
}

// As Prefer, but over all origins.
template <typename Predicate>
void Require(std::vector<Candidate>& candidates, Predicate has_merit) {
  if (std::none_of(candidates.begin(), candidates.end(), has_merit)) return;
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(),
                                  [&](const Candidate& c) { return !has_merit(c); }),
                   candidates.end());
}

std::vector<Candidate> RowsNear(const Catalog& catalog, const std::vector<ModelRow>& all,
                                const Dimensions& dimensions, bool partial) {
  const std::uint64_t hidden = Get(dimensions, "hidden_size");
  const std::uint64_t layers = Get(dimensions, "num_layers");
  std::vector<ModelRow> rows;
  if (!partial) {
    rows = catalog.ModelsByShape(hidden, layers);
  } else {
    for (const ModelRow& row : all) {
      if (row.hidden_size == hidden && row.num_layers >= layers) rows.push_back(row);
    }
  }
  std::vector<Candidate> near;
  for (ModelRow& row : rows) {
    std::string origin = RootPublisher(catalog, row);
    if (!KindFits(row, dimensions) || IsRepackager(catalog, origin)) continue;
    if (!LineFits(catalog, row, dimensions)) continue;
    Fit fit = CompareShape(row, dimensions, partial);
    near.push_back({std::move(row), std::move(fit), std::move(origin)});
  }
  return near;
}

}  // namespace

StructureMatch MatchStructure(const Catalog& catalog, const std::vector<ModelRow>& all,
                              const Dimensions& dimensions, bool layers_are_partial) {
  StructureMatch match;
  if (Get(dimensions, "hidden_size") == 0 || Get(dimensions, "num_layers") == 0) return match;
  const std::vector<Candidate> near = RowsNear(catalog, all, dimensions, layers_are_partial);
  const std::size_t fewest = layers_are_partial ? kFewestFields - 1 : kFewestFields;
  std::vector<Candidate> fitting;
  for (const Candidate& candidate : near) {
    if (!candidate.fit.fits || candidate.fit.matched < fewest) continue;
    if (!IsComplete(candidate.fit, dimensions) && !IsAlone(catalog, candidate, near)) continue;
    fitting.push_back(candidate);
  }
  // Rows of low confidence are hints: they count only where nothing else fits as well.
  const auto is_sure = [](const Candidate& c) { return c.row.confidence != "low"; };
  const bool sure_is_exact = std::any_of(fitting.begin(), fitting.end(), [&](const Candidate& c) {
    return is_sure(c) && c.fit.vocab_exact;
  });
  Require(fitting,
          [&](const Candidate& c) { return is_sure(c) || (c.fit.vocab_exact && !sure_is_exact); });
  Require(fitting, [](const Candidate& c) { return c.fit.vocab_known; });
  Prefer(fitting, [](const Candidate& c) { return c.fit.vocab_exact; });
  Require(fitting, [](const Candidate& c) { return c.fit.kv_known; });
  std::set<std::string> origins;
  for (Candidate& candidate : fitting) {
    if (match.rows.empty() || candidate.fit.matched < match.matched)
      match.matched = candidate.fit.matched;
    if (candidate.fit.vocab_exact) match.vocab_exact = true;
    origins.insert(candidate.origin);
    match.rows.push_back(std::move(candidate.row));
  }
  match.only_low_confidence =
      !match.rows.empty() &&
      std::all_of(match.rows.begin(), match.rows.end(),
                  [](const ModelRow& row) { return row.confidence == "low"; });
  match.origins = OneEach(catalog, origins);
  match.origin = OnePublisher(catalog, origins);
  return match;
}

}  // namespace weighbridge
