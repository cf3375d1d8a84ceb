// The tables of a catalogue image: what the builder creates and what Open demands.
// A data table is named as its file in rules/catalog and has the same columns; an
// index table maps a normalised key to the rowid of its data table.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "scanner/sqlite/schema.h"

namespace weighbridge {

inline constexpr std::int64_t kCatalogApplicationId = 0x57424431;  // "WBD1"
inline constexpr std::int64_t kCatalogSchemaVersion = 2;           // PRAGMA user_version

inline constexpr auto kCatalogSchema = std::to_array<SqliteTable>({
    {"meta", "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"},
    {"sources", "CREATE TABLE sources(id INTEGER PRIMARY KEY, text TEXT)"},
    {"publishers",
     "CREATE TABLE publishers(id INTEGER PRIMARY KEY, name TEXT, namespaces TEXT, aliases TEXT, "
     "ollama_names TEXT, country TEXT, parent TEXT, parent_country TEXT, kind TEXT, source TEXT, "
     "confidence TEXT)"},
    {"publisher_namespaces",
     "CREATE TABLE publisher_namespaces(key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID"},
    {"publisher_names",
     "CREATE TABLE publisher_names(key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID"},
    {"models",
     "CREATE TABLE models(id INTEGER PRIMARY KEY, hub_id TEXT, family TEXT, model_name TEXT, "
     "publisher TEXT, base_hub_id TEXT, released TEXT, license_id TEXT, "
     "transformers_architecture TEXT, model_type TEXT, gguf_arch TEXT, hidden_size INTEGER, "
     "num_layers INTEGER, num_attention_heads INTEGER, num_key_value_heads INTEGER, "
     "head_dim INTEGER, intermediate_size INTEGER, vocab_size INTEGER, num_experts INTEGER, "
     "experts_per_token INTEGER, moe_intermediate_size INTEGER, kv_lora_rank INTEGER, "
     "q_lora_rank INTEGER, rope_theta REAL, max_position INTEGER, tie_embeddings TEXT, "
     "params_billion REAL, active_params_billion REAL, training_flops REAL, modality TEXT, "
     "source TEXT, confidence TEXT)"},
    {"model_ids", "CREATE TABLE model_ids(key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID"},
    {"model_names",
     "CREATE TABLE model_names(key TEXT, row INTEGER, PRIMARY KEY(key, row)) WITHOUT ROWID"},
    {"model_shapes",
     "CREATE TABLE model_shapes(hidden INTEGER, layers INTEGER, row INTEGER, "
     "PRIMARY KEY(hidden, layers, row)) WITHOUT ROWID"},
    {"hashes",
     "CREATE TABLE hashes(digest BLOB, algorithm TEXT, file_name TEXT, size_bytes INTEGER, "
     "hub_repo TEXT, uploader TEXT, base_model TEXT, origin_publisher TEXT, "
     "lineage_publishers TEXT, origin_basis TEXT, evidence TEXT, format TEXT, source INTEGER, "
     "PRIMARY KEY(digest, algorithm)) WITHOUT ROWID"},
    {"tokenizers",
     "CREATE TABLE tokenizers(id INTEGER PRIMARY KEY, tokenizer_family TEXT, publisher TEXT, "
     "vocab_sizes TEXT, special_tokens TEXT, gguf_pre TEXT, gguf_model TEXT, families TEXT, "
     "source TEXT, confidence TEXT)"},
    {"licences",
     "CREATE TABLE licences(id INTEGER PRIMARY KEY, ids TEXT, name TEXT, version TEXT, "
     "publisher TEXT, territories_excluded TEXT, field_of_use_limits TEXT, user_limits TEXT, "
     "export_clause TEXT, marker_phrase TEXT, source_url TEXT, confidence TEXT)"},
    {"licence_ids", "CREATE TABLE licence_ids(key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID"},
    {"gguf_architectures",
     "CREATE TABLE gguf_architectures(arch TEXT PRIMARY KEY, families TEXT, "
     "typical_publishers TEXT, generic INTEGER, all_publishers_cn TEXT, source TEXT, "
     "confidence TEXT) WITHOUT ROWID"},
    {"listed_parties",
     "CREATE TABLE listed_parties(id INTEGER PRIMARY KEY, party TEXT, list TEXT, listed_on TEXT, "
     "country TEXT, aliases TEXT, publisher_ns TEXT, unmatched_words TEXT, citation TEXT, "
     "source_url TEXT, confidence TEXT)"},
    {"listing_keys",
     "CREATE TABLE listing_keys(key TEXT, kind TEXT, row INTEGER, PRIMARY KEY(key, kind, row)) "
     "WITHOUT ROWID"},
    {"not_listed",
     "CREATE TABLE not_listed(id INTEGER PRIMARY KEY, party TEXT, aliases TEXT, country TEXT, "
     "list TEXT, listed_on TEXT, citation TEXT, source_url TEXT, confidence TEXT)"},
    {"hub_aliases",
     "CREATE TABLE hub_aliases(alias TEXT PRIMARY KEY, hub_id TEXT, source TEXT) WITHOUT ROWID"},
    {"accelerators",
     "CREATE TABLE accelerators(row INTEGER PRIMARY KEY, id TEXT, vendor TEXT, product TEXT, "
     "aliases TEXT, segment TEXT, architecture TEXT, code_target TEXT, pci_vendor TEXT, "
     "pci_devices TEXT, pci_subsystems TEXT, fp64 REAL, fp32 REAL, tf32 REAL, fp16 REAL, "
     "fp8 REAL, int8 REAL, fp4 REAL, int4 REAL, die_area_mm2 REAL, process_nm REAL, "
     "memory_type TEXT, memory_gb REAL, memory_bandwidth_gbs REAL, interconnect_gbs REAL, "
     "ics INTEGER, rates_complete TEXT, unsettled_rates TEXT, published_tpp TEXT, "
     "designer_country TEXT, released TEXT, source TEXT, pci_source TEXT, confidence TEXT, "
     "note TEXT)"},
    {"accelerator_ids",
     "CREATE TABLE accelerator_ids(key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID"},
    {"accelerator_names",
     "CREATE TABLE accelerator_names(key TEXT, row INTEGER, PRIMARY KEY(key, row)) "
     "WITHOUT ROWID"},
    {"accelerator_pci",
     "CREATE TABLE accelerator_pci(key TEXT, row INTEGER, PRIMARY KEY(key, row)) "
     "WITHOUT ROWID"},
    {"country_groups",
     "CREATE TABLE country_groups(iso2 TEXT PRIMARY KEY, country TEXT, groups TEXT, as_of TEXT, "
     "changed_on TEXT, groups_before TEXT, source TEXT, confidence TEXT) WITHOUT ROWID"},
});

inline SqliteSchema CatalogSchema() {
  return {"catalogue", kCatalogApplicationId, kCatalogSchemaVersion, kCatalogSchema};
}

// The key under which a model name is found: lower case, letters and digits only
// (bytes above 0x7f are kept), after the last '/'.
std::string NormalModelName(std::string_view name);

// The key under which an accelerator is found: lower case, letters and digits only,
// without the maker's name in front ("NVIDIA H100 80GB HBM3" is "h10080gbhbm3").
std::string NormalAcceleratorName(std::string_view name);

}  // namespace weighbridge
