// Structure: which published models have the dimensions that were recovered from
// tensor shapes. A row fits when every field that both know agrees; a row that
// disagrees in one core field does not fit. Rope theta and max position take no part
// (they are not reliable in rows copied from siblings).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/identity/catalog.h"

namespace weighbridge {

using Dimensions = std::map<std::string, std::uint64_t>;

struct Fit {
  bool fits = true;
  std::size_t matched = 0;   // core fields that both know and that agree
  bool vocab_known = false;  // the row states a vocabulary
  bool vocab_exact = false;
  bool ffn_known = false;                // a feed-forward width was compared
  bool kv_known = false;                 // key/value heads were compared
  std::vector<std::string> differences;  // "hidden_size is 3584 in the tensors, 4096 published"
};

// `layers_are_partial`: shards are missing, so the layer count is a lower bound.
Fit CompareShape(const ModelRow& row, const Dimensions& dimensions, bool layers_are_partial);

struct StructureMatch {
  std::vector<ModelRow> rows;        // that fit, in the catalogue's order
  std::vector<std::string> origins;  // namespaces of their roots, one each publisher, sorted
  std::string origin;                // the one to report when all are of one publisher
  std::size_t matched = 0;           // fewest matched fields among the rows
  bool only_low_confidence = false;  // rows fit, but all are hints
  bool vocab_exact = false;          // a row states this very vocabulary size
};

// `all` are the rows of the whole catalogue, for partial layers; else not looked at.
StructureMatch MatchStructure(const Catalog& catalog, const std::vector<ModelRow>& all,
                              const Dimensions& dimensions, bool layers_are_partial);

// What tensors of a configuration's model_type (or GGUF architecture) look like.
// "" when `model_type` is compatible with the tensors or not known; else the reason,
// "llama has no biases on q, k and v".
std::string ArchitectureContradiction(const std::string& model_type, const Dimensions& dimensions,
                                      bool gguf);

// Whether ArchitectureContradiction can say anything about it.
bool KnowsArchitecture(std::string_view model_type);

// "Qwen2ForCausalLM" -> "qwen2".
std::string TypeOfClass(std::string_view model_class);
// The row's model_type, else that of its class.
std::string ModelTypeOf(const ModelRow& row);

}  // namespace weighbridge
