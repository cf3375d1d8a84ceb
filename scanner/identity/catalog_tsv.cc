// The columns of every catalogue table, and the checks of one cell and one row.
#include "scanner/identity/catalog_tsv.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using enum CellKind;

std::vector<CatalogColumn> HashColumns() {
  return {{"digest", kDigest},     {"algorithm", kRequired},    {"file_name", kText},
          {"size_bytes", kUint},   {"hub_repo", kText},         {"uploader", kText},
          {"base_model", kText},   {"origin_publisher", kText}, {"lineage_publishers", kList},
          {"origin_basis", kText}, {"evidence", kText},         {"format", kText},
          {"source", kRequired}};
}

std::vector<CatalogColumn> ModelColumns() {
  return {{"hub_id", kRequired},
          {"family", kRequired},
          {"model_name", kRequired},
          {"publisher", kRequired},
          {"base_hub_id", kText},
          {"released", kPartDate},
          {"license_id", kText},
          {"transformers_architecture", kText},
          {"model_type", kText},
          {"gguf_arch", kText},
          {"hidden_size", kUint},
          {"num_layers", kUint},
          {"num_attention_heads", kUint},
          {"num_key_value_heads", kUint},
          {"head_dim", kUint},
          {"intermediate_size", kUint},
          {"vocab_size", kUint},
          {"num_experts", kUint},
          {"experts_per_token", kUint},
          {"moe_intermediate_size", kUint},
          {"kv_lora_rank", kUint},
          {"q_lora_rank", kUint},
          {"rope_theta", kReal},
          {"max_position", kUint},
          {"tie_embeddings", kTriState},
          {"params_billion", kReal},
          {"active_params_billion", kReal},
          {"training_flops", kReal},
          {"modality", kText},
          {"source", kRequired},
          {"confidence", kConfidence}};
}

std::vector<CatalogColumn> AcceleratorColumns() {
  return {{"id", kRequired},
          {"vendor", kRequired},
          {"product", kRequired},
          {"aliases", kList},
          {"segment", kRequired},
          {"architecture", kText},
          {"code_target", kText},
          {"pci_vendor", kText},
          {"pci_devices", kList},
          {"pci_subsystems", kList},
          {"fp64", kReal},
          {"fp32", kReal},
          {"tf32", kReal},
          {"fp16", kReal},
          {"fp8", kReal},
          {"int8", kReal},
          {"fp4", kReal},
          {"int4", kReal},
          {"die_area_mm2", kReal},
          {"process_nm", kReal},
          {"memory_type", kText},
          {"memory_gb", kReal},
          {"memory_bandwidth_gbs", kReal},
          {"interconnect_gbs", kReal},
          {"ics", kUint},
          {"rates_complete", kTriState},
          {"unsettled_rates", kList},
          {"published_tpp", kUints},
          {"designer_country", kCountry},
          {"released", kPartDate},
          {"source", kRequired},
          {"pci_source", kText},
          {"confidence", kConfidence},
          {"note", kText}};
}

std::vector<CatalogFile> MakeFiles() {
  return {
      {"version.tsv", "", {{"key", kRequired}, {"value", kRequired}}},
      {"publishers.tsv",
       "publishers",
       {{"name", kRequired},
        {"namespaces", kRequired},
        {"aliases", kList},
        {"ollama_names", kList},
        {"country", kCountry},
        {"parent", kText},
        {"parent_country", kCountry},
        {"kind", kRequired},
        {"source", kRequired},
        {"confidence", kConfidence}}},
      {"models.tsv", "models", ModelColumns()},
      {"hub_aliases.tsv",
       "hub_aliases",
       {{"alias", kRequired}, {"hub_id", kRequired}, {"source", kRequired}}},
      {"hashes_sha256.tsv", "hashes", HashColumns(), 2},
      {"hashes_other.tsv", "hashes", HashColumns(), 2},
      {"tokenizers.tsv",
       "tokenizers",
       {{"tokenizer_family", kRequired},
        {"publisher", kList},
        {"vocab_sizes", kUints},
        {"special_tokens", kText},
        {"gguf_pre", kList},
        {"gguf_model", kText},
        {"families", kText},
        {"source", kRequired},
        {"confidence", kConfidence}}},
      {"gguf_architectures.tsv",
       "gguf_architectures",
       {{"arch", kRequired},
        {"families", kText},
        {"typical_publishers", kList},
        {"generic", kBool},
        {"all_publishers_cn", kText},
        {"source", kRequired},
        {"confidence", kConfidence}}},
      {"licences.tsv",
       "licences",
       {{"ids", kRequired},
        {"name", kRequired},
        {"version", kText},
        {"publisher", kText},
        {"territories_excluded", kCountries},
        {"field_of_use_limits", kText},
        {"user_limits", kText},
        {"export_clause", kText},
        {"marker_phrase", kText},
        {"source_url", kRequired},
        {"confidence", kConfidence}}},
      {"listed_parties.tsv",
       "listed_parties",
       {{"party", kRequired},
        {"list", kRequired},
        {"listed_on", kDate},
        {"country", kCountries},
        {"aliases", kList},
        {"publisher_ns", kList},
        {"unmatched_words", kList},
        {"citation", kRequired},
        {"source_url", kRequired},
        {"confidence", kConfidence}},
       2},
      {"not_listed.tsv",
       "not_listed",
       {{"party", kRequired},
        {"aliases", kList},
        {"country", kCountries},
        {"list", kRequired},
        {"listed_on", kDate},
        {"citation", kText},
        {"source_url", kText},
        {"confidence", kConfidence}},
       4},
      {"accelerators.tsv", "accelerators", AcceleratorColumns()},
      {"country_groups.tsv",
       "country_groups",
       {{"iso2", kCountry},
        {"country", kRequired},
        {"groups", kList},
        {"as_of", kDate},
        {"changed_on", kDate},
        {"groups_before", kList},
        {"source", kRequired},
        {"confidence", kConfidence}}},
  };
}

bool IsCountry(std::string_view text) {
  return text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
}

bool IsPartDate(const std::string& text) {
  if (text.size() == 4) return IsIsoDate(text + "-01-01");
  return IsIsoDate(text.size() == 7 ? text + "-01" : text);
}

bool IsReal(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size() && value >= 0;
}

template <typename Check>
bool EachOf(const std::string& text, Check check) {
  const auto parts = Split(text, '|');
  return std::all_of(parts.begin(), parts.end(), check);
}

// What a cell must be when it is not; "" when the cell is good.
const char* Expectation(const std::string& cell, CellKind kind) {
  if (kind == kRequired) return cell.empty() ? "a value" : "";
  if (kind == kConfidence) {
    return cell == "high" || cell == "medium" || cell == "low" ? "" : "high, medium or low";
  }
  if (kind == kBool) return cell == "true" || cell == "false" ? "" : "true or false";
  if (kind == kDigest) {
    const bool hex = cell.find_first_not_of("0123456789abcdef") == std::string::npos;
    return hex && cell.size() >= 32 && cell.size() % 2 == 0 ? "" : "lower-case hexadecimal";
  }
  if (cell.empty()) return "";
  switch (kind) {
    case kList:
      return EachOf(cell, [](const auto& p) { return !p.empty(); }) ? "" : "no empty item";
    case kUints:
      return EachOf(cell, [](const auto& p) { return ParseUint(p).has_value(); }) ? "" : "numbers";
    case kUint: return ParseUint(cell) ? "" : "a whole number or nothing";
    case kReal: return IsReal(cell) ? "" : "a number or nothing";
    case kDate: return IsIsoDate(cell) ? "" : "a date YYYY-MM-DD or nothing";
    case kPartDate: return IsPartDate(cell) ? "" : "YYYY, YYYY-MM or YYYY-MM-DD";
    case kCountry: return IsCountry(cell) ? "" : "an ISO 3166 alpha-2 code or nothing";
    case kCountries:
      return EachOf(cell, [](const auto& p) { return IsCountry(p); }) ? "" : "ISO 3166 codes";
    case kTriState: return cell == "true" || cell == "false" ? "" : "true, false or nothing";
    default: return "";
  }
}

std::string Where(const CatalogFile& file, std::size_t line) {
  return std::string(file.file) + ":" + std::to_string(line) + ": ";
}

std::string HeaderOf(const CatalogFile& file) {
  std::vector<std::string> names;
  for (const auto& column : file.columns) names.emplace_back(column.name);
  return Join(names, "\t");
}

void CheckCells(const CatalogFile& file, const CatalogRow& row, std::vector<std::string>& errors) {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const std::string& cell = row.cells[i];
    const char* expected = Expectation(cell, file.columns[i].kind);
    if (*expected != '\0') {
      errors.push_back(Where(file, row.line) + std::string(file.columns[i].name) + " is " +
                       Quote(cell) + ", expected " + expected);
    } else if (!IsValidUtf8(cell)) {
      errors.push_back(Where(file, row.line) + std::string(file.columns[i].name) +
                       " is not valid UTF-8");
    }
  }
}

}  // namespace

const std::vector<CatalogFile>& CatalogFiles() {
  static const std::vector<CatalogFile> files = MakeFiles();
  return files;
}

std::vector<CatalogRow> ReadCatalogTable(const CatalogFile& file, std::string_view text,
                                         std::vector<std::string>& errors) {
  std::vector<CatalogRow> rows;
  std::map<std::string, std::size_t> keys;
  auto lines = Split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (lines.empty() || lines[0] != HeaderOf(file)) {
    errors.push_back(Where(file, 1) + "header is " + Quote(lines.empty() ? "" : lines[0]) +
                     ", expected " + Quote(HeaderOf(file), 1000));
    return rows;
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    CatalogRow row{i + 1, Split(lines[i], '\t')};
    if (row.cells.size() != file.columns.size()) {
      errors.push_back(Where(file, row.line) + std::to_string(row.cells.size()) +
                       " columns, expected " + std::to_string(file.columns.size()));
      continue;
    }
    CheckCells(file, row, errors);
    std::string key;
    for (std::size_t k = 0; k < file.key_columns; ++k) key += ToLower(row.cells[k]) + '\t';
    const auto [found, fresh] = keys.emplace(key, row.line);
    if (!fresh) {
      errors.push_back(Where(file, row.line) + Quote(row.cells[0]) + " was given before, on line " +
                       std::to_string(found->second));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace weighbridge
