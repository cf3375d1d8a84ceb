// Catalog: read-only knowledge about publishers, models, tokenizers, file digests,
// licences, listed parties, accelerators and country groups. Backed by one SQLite image (embedded,
// or --db FILE) plus overlays (--db-add FILE.json, which win over the image). Look-ups are by index
// and start-up does not grow with the table sizes.
//
// Ownership: the Catalog owns its connection; rows are returned by value.
// Not thread-safe: used by the single-threaded stages after the barrier.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/classification.h"
#include "weighbridge/report.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct PublisherRow {
  std::string name;  // "Alibaba Qwen"
  std::vector<std::string>
      namespaces;  // hub namespaces; the first is the key used in reports ("Qwen")
  std::vector<std::string> aliases;
  std::vector<std::string> ollama_names;
  std::string country;  // ISO 3166 alpha-2, "" unknown
  std::string parent;
  std::string parent_country;
  std::string kind;  // company, lab, university, individual, community
  std::string source, confidence;
};

struct ModelRow {
  std::string family, model_name, hub_id, publisher /* namespace */, base_hub_id, released,
      license_id;
  std::string transformers_architecture, model_type, gguf_arch;
  std::uint64_t hidden_size = 0, num_layers = 0, num_attention_heads = 0, num_key_value_heads = 0;
  std::uint64_t head_dim = 0, intermediate_size = 0, vocab_size = 0, num_experts = 0;
  std::uint64_t experts_per_token = 0, moe_intermediate_size = 0, kv_lora_rank = 0, q_lora_rank = 0;
  double rope_theta = 0, params_billion = 0, training_flops = 0;
  std::uint64_t max_position = 0;
  std::string tie_embeddings;                // "true", "false", ""
  std::string modality, source, confidence;  // 0 in a number means unknown
};

struct HashRow {
  std::string algorithm, digest, file_name, hub_repo, uploader, base_model, origin_publisher;
  std::uint64_t size_bytes = 0;
  std::vector<std::string> lineage_publishers;
  std::string origin_basis, evidence, format, source;
};

struct TokenizerRow {
  std::string tokenizer_family, publisher;
  std::vector<std::uint64_t> vocab_sizes;
  std::vector<std::string> special_tokens;
  std::vector<std::string> gguf_pre;
  std::string gguf_model, families, source, confidence;
};

struct LicenceRow {
  std::vector<std::string> ids;  // all spellings of the id
  std::string name, version, publisher;
  std::vector<std::string> territories_excluded;  // ISO codes and "EU"
  std::string field_of_use_limits, user_limits, export_clause;
  std::string marker_phrase;  // "" when none is known
  std::string source_url, confidence;
};

struct ListedPartyRow {
  std::string party, country, list, listed_on, citation, source_url, confidence;
  std::vector<std::string> aliases;
};

struct GgufArchRow {
  std::string arch, families, typical_publishers;
  bool generic = false;  // used by several publishers
  std::string confidence;
};

// An accelerator product. A figure of 0 is one that was not found, never none. Rates are
// dense, in 10^12 operations per second; bandwidths in 10^9 bytes per second.
struct AcceleratorRow {
  std::string id;  // "nvidia-h100-sxm5-80gb"
  std::string vendor, product;
  std::vector<std::string> aliases;  // other names, some shared by several products
  std::string segment;               // datacenter, cloud-only, workstation, consumer, embedded
  std::string architecture;
  std::string code_target;                  // compute capability or gfx number
  std::string pci_vendor;                   // four lower-case digits, "" unknown
  std::vector<std::string> pci_devices;     // likewise; several products may share one
  std::vector<std::string> pci_subsystems;  // "10de:157e": tells products of one device id apart
  double fp64 = 0, fp32 = 0, tf32 = 0, fp16 = 0, fp8 = 0, int8 = 0, fp4 = 0, int4 = 0;
  double die_area_mm2 = 0, process_nm = 0;
  std::string memory_type;
  double memory_gb = 0, memory_bandwidth_gbs = 0, interconnect_gbs = 0;
  std::uint64_t ics = 0;       // integrated circuits that the figures add up; 0: one
  std::string rates_complete;  // "true": no rate that is left empty is taken to be higher
  std::vector<std::string> unsettled_rates;  // given, but sources disagree and some say higher
  std::vector<std::uint64_t> published_tpp;  // as others print it; never used to classify
  std::string designer_country;              // ISO 3166 alpha-2
  std::string released, source, pci_source, confidence, note;
};

// What the row says of one integrated circuit, as Classify takes it. A cloud-only part is
// for datacentres; of a workstation part the table does not know how it is marketed.
AcceleratorFigures FiguresOf(const AcceleratorRow& row);

struct CountryGroupRow {
  std::string iso2, country;
  std::vector<std::string> groups;         // "D:1", "A:5": 15 CFR part 740, Supplement No. 1
  std::string as_of;                       // day of the text they were read from
  std::string changed_on;                  // first day of these groups, "" not known to change
  std::vector<std::string> groups_before;  // until the day before
  std::string source, confidence;
};

// The groups of the row on a day.
const std::vector<std::string>& GroupsOn(const CountryGroupRow& row, std::string_view as_of);

class Catalog {
 public:
  // The image compiled into the program, or the file at `path` when not empty.
  static Result<std::unique_ptr<Catalog>> Open(const std::string& path);
  // An image in memory, which `owner` keeps alive; `info` is what it is cited as.
  static Result<std::unique_ptr<Catalog>> OpenImage(std::shared_ptr<const std::string> owner,
                                                    std::string_view image, DatabaseInfo info);
  virtual ~Catalog() = default;

  // Overlay of local knowledge; JSON of schema rules/schema/overlay.schema.json.
  virtual Status AddOverlay(std::string_view json_text, const std::string& name) = 0;

  virtual DatabaseInfo Info() const = 0;

  virtual std::optional<PublisherRow> PublisherByNamespace(
      std::string_view ns) const = 0;  // any case
  virtual std::optional<PublisherRow> PublisherByName(std::string_view name_or_alias) const = 0;
  virtual std::optional<ModelRow> ModelByHubId(std::string_view hub_id) const = 0;  // any case
  // Rows whose model name (part after '/') equals, ignoring case and punctuation.
  virtual std::vector<ModelRow> ModelsByName(std::string_view name) const = 0;
  // Rows with this hidden size and layer count (both known).
  virtual std::vector<ModelRow> ModelsByShape(std::uint64_t hidden, std::uint64_t layers) const = 0;
  virtual std::vector<HashRow> Hashes(std::string_view digest_hex) const = 0;
  virtual std::vector<TokenizerRow> Tokenizers() const = 0;
  virtual std::optional<LicenceRow> LicenceById(std::string_view id) const = 0;
  virtual std::vector<LicenceRow> Licences() const = 0;
  virtual std::optional<GgufArchRow> GgufArch(std::string_view arch) const = 0;
  // Every listing whose party or alias equals (case-insensitive) the publisher's
  // namespace, name, alias, or parent. Never a similarity.
  virtual std::vector<ListedPartyRow> Listings(const PublisherRow& publisher) const = 0;

  virtual std::optional<AcceleratorRow> AcceleratorById(std::string_view id) const = 0;
  // Products with this PCI vendor and device id; several where the id is shared.
  virtual std::vector<AcceleratorRow> AcceleratorsByPci(std::string_view vendor,
                                                        std::string_view device) const = 0;
  // Products whose name, or an alias, equals, ignoring case, punctuation and the maker's
  // name in front. Never a similarity.
  virtual std::vector<AcceleratorRow> AcceleratorsByName(std::string_view name) const = 0;
  // The country's groups. The table has every member of the groups A:5, A:6, D:1, D:4, D:5
  // and E; a country without a row (nullopt) stands in none of these.
  virtual std::optional<CountryGroupRow> CountryGroups(std::string_view iso2) const = 0;

  // For `list`.
  virtual std::vector<PublisherRow> AllPublishers() const = 0;
  virtual std::vector<ModelRow> AllModels() const = 0;
  virtual std::vector<AcceleratorRow> AllAccelerators() const = 0;
  // For `screen`.
  virtual std::vector<ListedPartyRow> AllListedParties() const { return {}; }
};

}  // namespace weighbridge
