// The columns of every row struct of catalog.h, in one place: the image reader
// selects them in this order, the overlay reader accepts them by this name.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "scanner/identity/catalog.h"

namespace weighbridge {

template <typename Row>
struct CatalogField {
  using Member =
      std::variant<std::string Row::*, std::vector<std::string> Row::*, std::uint64_t Row::*,
                   double Row::*, bool Row::*, std::vector<std::uint64_t> Row::*>;
  const char* name;  // JSON key, and column unless `sql` is given
  Member member;
  const char* sql = "";  // expression to select instead of the column
  char separator = '|';  // of list cells in the image
};

template <typename Row>
using CatalogFields = std::vector<CatalogField<Row>>;

inline CatalogFields<PublisherRow> PublisherFields() {
  using R = PublisherRow;
  return {{"name", &R::name},
          {"namespaces", &R::namespaces},
          {"aliases", &R::aliases},
          {"ollama_names", &R::ollama_names},
          {"country", &R::country},
          {"parent", &R::parent},
          {"parent_country", &R::parent_country},
          {"kind", &R::kind},
          {"source", &R::source},
          {"confidence", &R::confidence}};
}

inline CatalogFields<ModelRow> ModelFields() {
  using R = ModelRow;
  return {{"family", &R::family},
          {"model_name", &R::model_name},
          {"hub_id", &R::hub_id},
          {"publisher", &R::publisher},
          {"base_hub_id", &R::base_hub_id},
          {"released", &R::released},
          {"license_id", &R::license_id},
          {"transformers_architecture", &R::transformers_architecture},
          {"model_type", &R::model_type},
          {"gguf_arch", &R::gguf_arch},
          {"hidden_size", &R::hidden_size},
          {"num_layers", &R::num_layers},
          {"num_attention_heads", &R::num_attention_heads},
          {"num_key_value_heads", &R::num_key_value_heads},
          {"head_dim", &R::head_dim},
          {"intermediate_size", &R::intermediate_size},
          {"vocab_size", &R::vocab_size},
          {"num_experts", &R::num_experts},
          {"experts_per_token", &R::experts_per_token},
          {"moe_intermediate_size", &R::moe_intermediate_size},
          {"kv_lora_rank", &R::kv_lora_rank},
          {"q_lora_rank", &R::q_lora_rank},
          {"rope_theta", &R::rope_theta},
          {"params_billion", &R::params_billion},
          {"training_flops", &R::training_flops},
          {"max_position", &R::max_position},
          {"tie_embeddings", &R::tie_embeddings},
          {"modality", &R::modality},
          {"source", &R::source},
          {"confidence", &R::confidence}};
}

inline CatalogFields<HashRow> HashFields() {
  using R = HashRow;
  return {{"algorithm", &R::algorithm},
          {"digest", &R::digest, "lower(hex(digest))"},
          {"file_name", &R::file_name},
          {"hub_repo", &R::hub_repo},
          {"uploader", &R::uploader},
          {"base_model", &R::base_model},
          {"origin_publisher", &R::origin_publisher},
          {"size_bytes", &R::size_bytes},
          {"lineage_publishers", &R::lineage_publishers},
          {"origin_basis", &R::origin_basis},
          {"evidence", &R::evidence},
          {"format", &R::format},
          {"source", &R::source, "(SELECT text FROM sources WHERE id = source)"}};
}

inline CatalogFields<TokenizerRow> TokenizerFields() {
  using R = TokenizerRow;
  return {{"tokenizer_family", &R::tokenizer_family},
          {"publisher", &R::publisher},
          {"vocab_sizes", &R::vocab_sizes},
          {"special_tokens", &R::special_tokens, "", ' '},  // tokens hold '|', never a space
          {"gguf_pre", &R::gguf_pre},
          {"gguf_model", &R::gguf_model},
          {"families", &R::families},
          {"source", &R::source},
          {"confidence", &R::confidence}};
}

inline CatalogFields<LicenceRow> LicenceFields() {
  using R = LicenceRow;
  return {{"ids", &R::ids},
          {"name", &R::name},
          {"version", &R::version},
          {"publisher", &R::publisher},
          {"territories_excluded", &R::territories_excluded},
          {"field_of_use_limits", &R::field_of_use_limits},
          {"user_limits", &R::user_limits},
          {"export_clause", &R::export_clause},
          {"marker_phrase", &R::marker_phrase},
          {"source_url", &R::source_url},
          {"confidence", &R::confidence}};
}

inline CatalogFields<ListedPartyRow> ListedPartyFields() {
  using R = ListedPartyRow;
  return {
      {"party", &R::party},           {"country", &R::country},   {"list", &R::list},
      {"listed_on", &R::listed_on},   {"citation", &R::citation}, {"source_url", &R::source_url},
      {"confidence", &R::confidence}, {"aliases", &R::aliases}};
}

inline CatalogFields<AcceleratorRow> AcceleratorFields() {
  using R = AcceleratorRow;
  return {{"id", &R::id},
          {"vendor", &R::vendor},
          {"product", &R::product},
          {"aliases", &R::aliases},
          {"segment", &R::segment},
          {"architecture", &R::architecture},
          {"code_target", &R::code_target},
          {"pci_vendor", &R::pci_vendor},
          {"pci_devices", &R::pci_devices},
          {"pci_subsystems", &R::pci_subsystems},
          {"fp64", &R::fp64},
          {"fp32", &R::fp32},
          {"tf32", &R::tf32},
          {"fp16", &R::fp16},
          {"fp8", &R::fp8},
          {"int8", &R::int8},
          {"fp4", &R::fp4},
          {"int4", &R::int4},
          {"die_area_mm2", &R::die_area_mm2},
          {"process_nm", &R::process_nm},
          {"memory_type", &R::memory_type},
          {"memory_gb", &R::memory_gb},
          {"memory_bandwidth_gbs", &R::memory_bandwidth_gbs},
          {"interconnect_gbs", &R::interconnect_gbs},
          {"ics", &R::ics},
          {"rates_complete", &R::rates_complete},
          {"unsettled_rates", &R::unsettled_rates},
          {"published_tpp", &R::published_tpp},
          {"designer_country", &R::designer_country},
          {"released", &R::released},
          {"source", &R::source},
          {"pci_source", &R::pci_source},
          {"confidence", &R::confidence},
          {"note", &R::note}};
}

inline CatalogFields<CountryGroupRow> CountryGroupFields() {
  using R = CountryGroupRow;
  return {
      {"iso2", &R::iso2},     {"country", &R::country},       {"groups", &R::groups},
      {"as_of", &R::as_of},   {"changed_on", &R::changed_on}, {"groups_before", &R::groups_before},
      {"source", &R::source}, {"confidence", &R::confidence}};
}

inline CatalogFields<GgufArchRow> GgufArchFields() {
  using R = GgufArchRow;
  return {{"arch", &R::arch},
          {"families", &R::families},
          {"typical_publishers", &R::typical_publishers},
          {"generic", &R::generic},
          {"confidence", &R::confidence}};
}

}  // namespace weighbridge
