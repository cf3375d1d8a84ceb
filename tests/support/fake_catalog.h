// FakeCatalog: an in-memory Catalog of a few hundred rows copied from the fact tables,
// so that identity is tested without the embedded database.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/identity/catalog.h"
#include "tests/support/fake_catalog_rows.h"

namespace weighbridge {

class FakeCatalog : public Catalog {
 public:
  FakeCatalog() {
    for (const fake::ModelLine& m : fake::kModels) {
      ModelRow row;
      row.family = m.family;
      row.model_name = m.name;
      row.hub_id = m.hub;
      row.publisher = m.publisher;
      row.base_hub_id = m.base;
      row.license_id = m.licence;
      row.transformers_architecture = m.arch;
      row.model_type = m.type;
      row.gguf_arch = m.gguf;
      row.hidden_size = m.h;
      row.num_layers = m.l;
      row.num_attention_heads = m.a;
      row.num_key_value_heads = m.k;
      row.head_dim = m.d;
      row.intermediate_size = m.f;
      row.vocab_size = m.v;
      row.num_experts = m.e;
      row.moe_intermediate_size = m.m;
      row.kv_lora_rank = m.kv;
      row.q_lora_rank = m.q;
      row.training_flops = m.flops;
      row.modality = m.modality;
      row.confidence = m.confidence;
      models.push_back(row);
    }
    for (const fake::PublisherLine& p : fake::kPublishers) {
      PublisherRow row;
      row.name = p.name;
      row.namespaces = Parts(p.namespaces);
      row.aliases = Parts(p.aliases);
      row.ollama_names = Parts(p.ollama);
      row.country = p.country;
      row.kind = p.kind;
      publishers.push_back(row);
    }
    for (const fake::LicenceLine& l : fake::kLicences) {
      LicenceRow row;
      row.ids = Parts(l.ids);
      row.name = l.name;
      licences.push_back(row);
    }
    for (const fake::TokenizerLine& t : fake::kTokenizers) {
      TokenizerRow row;
      row.tokenizer_family = t.family;
      row.publisher = t.publisher;
      for (const std::string& size : Parts(t.sizes))
        row.vocab_sizes.push_back(ParseUint(size).value_or(0));
      row.special_tokens = Parts(t.tokens);
      row.gguf_pre = Parts(t.pre);
      row.confidence = t.confidence;
      tokenizers.push_back(row);
    }
  }

  Status AddOverlay(std::string_view, const std::string&) override { return {}; }
  std::optional<AcceleratorRow> AcceleratorById(std::string_view) const override { return {}; }
  std::vector<AcceleratorRow> AcceleratorsByPci(std::string_view, std::string_view) const override {
    return {};
  }
  std::vector<AcceleratorRow> AcceleratorsByName(std::string_view) const override { return {}; }
  std::optional<CountryGroupRow> CountryGroups(std::string_view) const override { return {}; }
  std::vector<AcceleratorRow> AllAccelerators() const override { return {}; }
  DatabaseInfo Info() const override { return {}; }
  std::optional<PublisherRow> PublisherByNamespace(std::string_view ns) const override {
    for (const PublisherRow& row : publishers) {
      for (const std::string& known : row.namespaces) {
        if (ToLower(known) == ToLower(ns)) return row;
      }
    }
    return std::nullopt;
  }
  std::optional<PublisherRow> PublisherByName(std::string_view name) const override {
    for (const PublisherRow& row : publishers) {
      if (ToLower(row.name) == ToLower(name)) return row;
    }
    return std::nullopt;
  }
  std::optional<ModelRow> ModelByHubId(std::string_view hub_id) const override {
    for (const ModelRow& row : models) {
      if (ToLower(row.hub_id) == ToLower(hub_id)) return row;
    }
    return std::nullopt;
  }
  std::vector<ModelRow> ModelsByName(std::string_view name) const override {
    return Where([&](const ModelRow& r) {
      return Squeeze(r.hub_id.substr(r.hub_id.find('/') + 1)) == Squeeze(name);
    });
  }
  std::vector<ModelRow> ModelsByShape(std::uint64_t hidden, std::uint64_t layers) const override {
    return Where(
        [&](const ModelRow& r) { return r.hidden_size == hidden && r.num_layers == layers; });
  }
  std::vector<HashRow> Hashes(std::string_view digest) const override {
    std::vector<HashRow> found;
    for (const HashRow& row : hashes) {
      if (row.digest == digest) found.push_back(row);
    }
    return found;
  }
  std::vector<TokenizerRow> Tokenizers() const override { return tokenizers; }
  std::optional<LicenceRow> LicenceById(std::string_view id) const override {
    for (const LicenceRow& row : licences) {
      for (const std::string& known : row.ids) {
        if (ToLower(known) == ToLower(id)) return row;
      }
    }
    return std::nullopt;
  }
  std::vector<LicenceRow> Licences() const override { return licences; }
  std::optional<GgufArchRow> GgufArch(std::string_view) const override { return std::nullopt; }
  std::vector<ListedPartyRow> Listings(const PublisherRow&) const override { return {}; }
  std::vector<PublisherRow> AllPublishers() const override { return publishers; }
  std::vector<ModelRow> AllModels() const override { return models; }

  std::vector<ModelRow> models;
  std::vector<PublisherRow> publishers;
  std::vector<HashRow> hashes;
  std::vector<LicenceRow> licences;
  std::vector<TokenizerRow> tokenizers;

 private:
  static std::vector<std::string> Parts(const char* cell) {
    return *cell == '\0' ? std::vector<std::string>() : Split(cell, '|');
  }
  static std::string Squeeze(std::string_view text) {
    std::string squeezed;
    for (const char c : text) {
      const auto u = static_cast<unsigned char>(c);
      if (std::isalnum(u) != 0) squeezed += static_cast<char>(std::tolower(u));
    }
    return squeezed;
  }
  template <typename Predicate>
  std::vector<ModelRow> Where(Predicate predicate) const {
    std::vector<ModelRow> found;
    std::copy_if(models.begin(), models.end(), std::back_inserter(found), predicate);
    return found;
  }
};

}  // namespace weighbridge
