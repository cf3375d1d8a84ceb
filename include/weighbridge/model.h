// Model: weight files and side-cars that belong together, and the Identity that
// was concluded for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "weighbridge/evidence.h"

namespace weighbridge {

// A parent in the lineage of a model, nearest first.
struct Ancestor {
  std::string name;       // hub id where known ("Qwen/Qwen2.5-7B"), else as claimed
  std::string publisher;  // hub namespace, "" when unknown
  std::string relation;   // how the child was made: "base", "finetune", "distillation",
                          // "quantized", "adapter", "merge"
  Grade grade = Grade::kClaimed;
  friend bool operator==(const Ancestor&, const Ancestor&) = default;
};

// One licence statement. Several may stand side by side; they are never joined by a guess.
struct LicenceClaim {
  std::string id;      // SPDX id or key of the licence table; as written when neither
  std::string source;  // "card", "text", "gguf", "catalogue"
  Grade grade = Grade::kClaimed;
  Location location;
  friend bool operator==(const LicenceClaim&, const LicenceClaim&) = default;
};

struct Identity {
  std::string name;              // display name of the model
  std::string version;           // "" when nothing states one
  std::string hub_id;            // "Qwen/Qwen2.5-7B-Instruct" when concluded, else ""
  std::string developer;         // hub namespace of who developed it as published; "" unknown
  std::string developer_name;    // its display name
  std::string uploader;          // re-quantiser or re-uploader, never an origin
  std::string origin_publisher;  // hub namespace of the root base; "" when not concluded
  std::string origin_name;       // its display name
  std::string origin_country;    // ISO 3166 alpha-2 of its headquarters
  std::vector<std::string> lineage_publishers;  // hub namespaces, sorted, distinct
  std::string family;                           // as in the model table
  std::string architecture;                     // "qwen2", "llama": what the tensors are
  Grade grade = Grade::kUnknown;                // of the origin
  std::vector<std::string>
      candidates;  // hub namespaces when structure leaves several; >= 2 or empty
  std::vector<std::string> candidate_models;  // "hub id" rows that the structure fits, capped
  std::vector<Ancestor> ancestors;
  std::vector<LicenceClaim> licences;
  std::string catalogue_licence;   // licence of the catalogue row for hub_id
  std::string quantisation;        // "Q4_K", "gptq", "awq", "" when none
  std::string modality;            // "text", "multimodal", "" unknown
  std::uint64_t parameters = 0;    // counted from tensors; 0 unknown
  double training_flops = 0.0;     // published estimate of the catalogue; 0 unknown
  std::vector<Evidence> evidence;  // in order of strength
};

// A contradiction between two observations; becomes a Finding.
struct Conflict {
  std::string rule_id;  // "WB-CONFLICT-IDENTITY", "WB-CONFLICT-LICENCE", "WB-DIGEST-MISMATCH"
  std::string message;  // says both sides and which one stands
  Location location;    // of the losing claim
};

struct Model {
  std::string id;                    // stable within a report: its sort key
  Location location;                 // folder or file
  std::vector<std::size_t> weights;  // indexes into Report::artifacts
  std::vector<std::size_t> side_cars;
  std::string format;  // of its weights
  // Shards or data files that are not there. With many, the last line is "and N more"
  // and missing_unnamed is that N.
  std::vector<std::string> missing_files;
  std::uint64_t missing_unnamed = 0;
  bool pointer_only = false;  // git-lfs pointer: weights absent
  bool is_adapter = false;
  bool complete = true;       // every weight file there and fully inspected
  std::string layout_digest;  // sha256 over sorted (name, dtype, shape)
  std::string tensor_digest;  // over the distinct per-tensor content digests; "" unless complete
  std::string tokenizer_digest;
  std::map<std::string, std::uint64_t>
      dimensions;  // recovered: hidden_size, num_layers, vocab_size, ...
  Identity identity;
  std::vector<Conflict> conflicts;
};

}  // namespace weighbridge
