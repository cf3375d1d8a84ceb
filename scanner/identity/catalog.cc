// The Catalog of catalog.h: overlays in memory over one read-only SQLite image.
#include "scanner/identity/catalog.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include <openssl/evp.h>
#include <sqlite3.h>

#include "scanner/base/text.h"
#include "scanner/identity/catalog_fields.h"
#include "scanner/identity/catalog_overlay.h"
#include "scanner/identity/catalog_schema.h"
#include "scanner/identity/embedded_catalog.h"
#include "scanner/sqlite/database.h"

namespace weighbridge {
namespace {

// ---- rows of the image ------------------------------------------------------------

std::vector<std::string> SplitList(const std::string& text, char separator) {
  if (text.empty()) return {};
  return Split(text, separator);
}

template <typename Row>
void ReadColumn(sqlite3_stmt* from, int column, const CatalogField<Row>& field, Row& row) {
  struct Visitor {
    sqlite3_stmt* from;
    int column;
    char separator;
    Row& row;
    void operator()(std::string Row::*member) const { row.*member = ColumnText(from, column); }
    void operator()(std::vector<std::string> Row::*member) const {
      row.*member = SplitList(ColumnText(from, column), separator);
    }
    void operator()(std::uint64_t Row::*member) const {
      const sqlite3_int64 value = sqlite3_column_int64(from, column);
      row.*member = value > 0 ? static_cast<std::uint64_t>(value) : 0;
    }
    void operator()(double Row::*member) const {
      row.*member = sqlite3_column_double(from, column);
    }
    void operator()(bool Row::*member) const {
      row.*member = sqlite3_column_int(from, column) != 0;
    }
    void operator()(std::vector<std::uint64_t> Row::*member) const {
      for (const auto& part : SplitList(ColumnText(from, column), separator)) {
        if (const auto value = ParseUint(part)) (row.*member).push_back(*value);
      }
    }
  };
  std::visit(Visitor{from, column, field.separator, row}, field.member);
}

// The rows of "SELECT fields FROM table <tail>".
template <typename Row>
std::vector<Row> Select(const SqliteDatabase& database, const CatalogFields<Row>& fields,
                        const std::string& tail, const std::vector<SqlValue>& values) {
  std::string sql = "SELECT ";
  for (const auto& field : fields) {
    if (&field != &fields.front()) sql += ", ";
    sql += *field.sql != '\0' ? field.sql : field.name;
  }
  std::vector<Row> rows;
  database.Query(sql + " FROM " + tail, values, [&](sqlite3_stmt* statement) {
    Row row;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      ReadColumn(statement, static_cast<int>(i), fields[i], row);
    }
    rows.push_back(std::move(row));
  });
  return rows;
}

template <typename Row>
std::optional<Row> FirstOf(std::vector<Row> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

bool EqualNoCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ToLower(a) == ToLower(b);
}

bool ContainsNoCase(const std::vector<std::string>& list, std::string_view word) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& item) { return EqualNoCase(item, word); });
}

// Raw bytes of a hexadecimal digest; "" when it is none.
std::string FromHex(std::string_view hex) {
  const auto value = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::string raw;
  if (hex.size() % 2 != 0) return raw;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = value(hex[i]);
    const int low = value(hex[i + 1]);
    if (high < 0 || low < 0) return {};
    raw += static_cast<char>(high * 16 + low);
  }
  return raw;
}

// ---- the catalogue -------------------------------------------------------------------

class SqliteCatalog : public Catalog {
 public:
  SqliteCatalog(std::unique_ptr<SqliteDatabase> database, std::string digest)
      : database_(std::move(database)), digest_(std::move(digest)) {}

  Status AddOverlay(std::string_view json_text, const std::string& name) override;
  // Info() is then `info`, and `owner` lives as long as the catalogue.
  void Describe(std::shared_ptr<const std::string> owner, DatabaseInfo info) {
    owner_ = std::move(owner);
    stated_ = std::move(info);
  }
  DatabaseInfo Info() const override;
  std::optional<PublisherRow> PublisherByNamespace(std::string_view ns) const override;
  std::optional<PublisherRow> PublisherByName(std::string_view name_or_alias) const override;
  std::optional<ModelRow> ModelByHubId(std::string_view hub_id) const override;
  std::vector<ModelRow> ModelsByName(std::string_view name) const override;
  std::vector<ModelRow> ModelsByShape(std::uint64_t hidden, std::uint64_t layers) const override;
  std::vector<HashRow> Hashes(std::string_view digest_hex) const override;
  std::vector<TokenizerRow> Tokenizers() const override;
  std::optional<LicenceRow> LicenceById(std::string_view id) const override;
  std::vector<LicenceRow> Licences() const override;
  std::optional<GgufArchRow> GgufArch(std::string_view arch) const override;
  std::vector<ListedPartyRow> Listings(const PublisherRow& publisher) const override;
  std::vector<PublisherRow> AllPublishers() const override;
  std::vector<ModelRow> AllModels() const override;
  std::optional<AcceleratorRow> AcceleratorById(std::string_view id) const override;
  std::vector<AcceleratorRow> AcceleratorsByPci(std::string_view vendor,
                                                std::string_view device) const override;
  std::vector<AcceleratorRow> AcceleratorsByName(std::string_view name) const override;
  std::optional<CountryGroupRow> CountryGroups(std::string_view iso2) const override;
  std::vector<AcceleratorRow> AllAccelerators() const override;
  std::vector<ListedPartyRow> AllListedParties() const override;

 private:
  std::vector<ModelRow> ImageModels(const std::string& tail,
                                    const std::vector<SqlValue>& values) const;
  // Appends the image's rows that no overlay row replaces.
  void AddImageModels(std::vector<ModelRow>& rows, const std::string& tail,
                      const std::vector<SqlValue>& values) const;
  bool Overlaid(const PublisherRow& row) const;

  std::shared_ptr<const std::string> owner_;  // before database_, which looks into it
  std::optional<DatabaseInfo> stated_;
  std::unique_ptr<SqliteDatabase> database_;
  std::string digest_;
  CatalogOverlay overlay_;
  std::set<std::string> overlaid_ids_;  // lower-case hub ids of overlay models
};

// Later overlays win over earlier ones: their rows come first.
template <typename Row>
void PutFirst(std::vector<Row>& all, std::vector<Row>&& newer) {
  newer.insert(newer.end(), std::make_move_iterator(all.begin()),
               std::make_move_iterator(all.end()));
  all = std::move(newer);
}

Status SqliteCatalog::AddOverlay(std::string_view json_text, const std::string& name) {
  Result<CatalogOverlay> added = ParseCatalogOverlay(json_text, name);
  if (!added.ok()) return std::move(added).error();
  CatalogOverlay& newer = added.value();
  std::string faults;
  for (std::size_t i = 0; i < newer.models.size(); ++i) {
    const std::string& ns = newer.models[i].publisher;
    const bool own = std::any_of(newer.publishers.begin(), newer.publishers.end(),
                                 [&](auto& p) { return ContainsNoCase(p.namespaces, ns); });
    if (own || PublisherByNamespace(ns)) continue;
    faults += (faults.empty() ? "" : "\n") + Printable(name) + ": models[" + std::to_string(i) +
              "].publisher: " + Quote(ns) + " is the namespace of no known publisher";
  }
  if (!faults.empty()) return Error{ErrorCode::kInvalidArgument, faults};
  for (const auto& model : newer.models) {
    if (!model.hub_id.empty()) overlaid_ids_.insert(ToLower(model.hub_id));
  }
  PutFirst(overlay_.publishers, std::move(newer.publishers));
  PutFirst(overlay_.models, std::move(newer.models));
  PutFirst(overlay_.hashes, std::move(newer.hashes));
  PutFirst(overlay_.tokenizers, std::move(newer.tokenizers));
  PutFirst(overlay_.licences, std::move(newer.licences));
  return {};
}

DatabaseInfo SqliteCatalog::Info() const {
  if (stated_) return *stated_;
  DatabaseInfo info;
  info.version = database_->QueryText("SELECT value FROM meta WHERE key = 'version'");
  info.date = database_->QueryText("SELECT value FROM meta WHERE key = 'date'");
  info.digest = digest_;
  return info;
}

std::optional<PublisherRow> SqliteCatalog::PublisherByNamespace(std::string_view ns) const {
  for (const auto& row : overlay_.publishers) {
    if (ContainsNoCase(row.namespaces, ns)) return row;
  }
  const std::string key = ToLower(ns);
  return FirstOf(Select(*database_, PublisherFields(),
                        "publishers WHERE id = "
                        "(SELECT row FROM publisher_namespaces WHERE key = ?)",
                        {SqlValue::Text(key)}));
}

std::optional<PublisherRow> SqliteCatalog::PublisherByName(std::string_view name) const {
  for (const auto& row : overlay_.publishers) {
    if (EqualNoCase(row.name, name) || ContainsNoCase(row.aliases, name)) return row;
  }
  const std::string key = ToLower(name);
  return FirstOf(Select(*database_, PublisherFields(),
                        "publishers WHERE id = (SELECT row FROM publisher_names WHERE key = ?)",
                        {SqlValue::Text(key)}));
}

std::vector<ModelRow> SqliteCatalog::ImageModels(const std::string& tail,
                                                 const std::vector<SqlValue>& values) const {
  return Select(*database_, ModelFields(), "models " + tail, values);
}

void SqliteCatalog::AddImageModels(std::vector<ModelRow>& rows, const std::string& tail,
                                   const std::vector<SqlValue>& values) const {
  for (auto& row : ImageModels(tail, values)) {
    if (!overlaid_ids_.contains(ToLower(row.hub_id))) rows.push_back(std::move(row));
  }
}

std::optional<ModelRow> SqliteCatalog::ModelByHubId(std::string_view hub_id) const {
  if (hub_id.empty()) return std::nullopt;
  for (const auto& row : overlay_.models) {
    if (EqualNoCase(row.hub_id, hub_id)) return row;
  }
  const char* by_key = "WHERE id = (SELECT row FROM model_ids WHERE key = ?)";
  const std::string key = ToLower(hub_id);
  if (auto row = FirstOf(ImageModels(by_key, {SqlValue::Text(key)}))) return row;
  // The id of the same repository on another hub.
  std::string twin;
  database_->Query("SELECT hub_id FROM hub_aliases WHERE alias = ?", {SqlValue::Text(key)},
                   [&](sqlite3_stmt* row) { twin = ToLower(ColumnText(row, 0)); });
  if (twin.empty()) return std::nullopt;
  return FirstOf(ImageModels(by_key, {SqlValue::Text(twin)}));
}

std::vector<ModelRow> SqliteCatalog::ModelsByName(std::string_view name) const {
  const std::string key = NormalModelName(name);
  std::vector<ModelRow> rows;
  if (key.empty()) return rows;
  for (const auto& row : overlay_.models) {
    const bool same = NormalModelName(row.model_name) == key ||
                      (!row.hub_id.empty() && NormalModelName(row.hub_id) == key);
    if (same) rows.push_back(row);
  }
  AddImageModels(rows, "WHERE id IN (SELECT row FROM model_names WHERE key = ?) ORDER BY id",
                 {SqlValue::Text(key)});
  return rows;
}

std::vector<ModelRow> SqliteCatalog::ModelsByShape(std::uint64_t hidden,
                                                   std::uint64_t layers) const {
  std::vector<ModelRow> rows;
  if (hidden == 0 || layers == 0) return rows;
  for (const auto& row : overlay_.models) {
    if (row.hidden_size == hidden && row.num_layers == layers) rows.push_back(row);
  }
  AddImageModels(rows,
                 "WHERE id IN (SELECT row FROM model_shapes WHERE hidden = ? AND layers = ?) "
                 "ORDER BY id",
                 {SqlValue::Integer(static_cast<std::int64_t>(hidden)),
                  SqlValue::Integer(static_cast<std::int64_t>(layers))});
  return rows;
}

std::vector<HashRow> SqliteCatalog::Hashes(std::string_view digest_hex) const {
  const std::string digest = FromHex(digest_hex);
  std::vector<HashRow> rows;
  if (digest.empty()) return rows;
  const std::string lower = ToLower(digest_hex);
  for (const auto& row : overlay_.hashes) {
    if (row.digest == lower) rows.push_back(row);
  }
  if (!rows.empty()) return rows;
  return Select(*database_, HashFields(), "hashes WHERE digest = ? ORDER BY algorithm",
                {SqlValue::Blob(digest)});
}

std::vector<TokenizerRow> SqliteCatalog::Tokenizers() const {
  std::vector<TokenizerRow> rows = overlay_.tokenizers;
  std::set<std::string> taken;
  for (const auto& row : rows) taken.insert(ToLower(row.tokenizer_family));
  for (auto& row : Select(*database_, TokenizerFields(), "tokenizers ORDER BY id", {})) {
    if (!taken.contains(ToLower(row.tokenizer_family))) rows.push_back(std::move(row));
  }
  return rows;
}

// Hubs write "other:NAME" for a licence outside the SPDX list.
std::optional<LicenceRow> SqliteCatalog::LicenceById(std::string_view id) const {
  for (const auto& row : overlay_.licences) {
    if (ContainsNoCase(row.ids, id)) return row;
  }
  std::string key = ToLower(id);
  if (key.starts_with("other:")) key.erase(0, 6);
  return FirstOf(Select(*database_, LicenceFields(),
                        "licences WHERE id = (SELECT row FROM licence_ids WHERE key = ?)",
                        {SqlValue::Text(key)}));
}

std::vector<LicenceRow> SqliteCatalog::Licences() const {
  std::vector<LicenceRow> rows = overlay_.licences;
  std::set<std::string> taken;
  for (const auto& row : rows) taken.insert(ToLower(row.ids.front()));
  for (auto& row : Select(*database_, LicenceFields(), "licences ORDER BY id", {})) {
    if (!row.ids.empty() && !taken.contains(ToLower(row.ids.front()))) {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::optional<GgufArchRow> SqliteCatalog::GgufArch(std::string_view arch) const {
  const std::string key = ToLower(arch);
  return FirstOf(Select(*database_, GgufArchFields(), "gguf_architectures WHERE arch = ?",
                        {SqlValue::Text(key)}));
}

std::vector<ListedPartyRow> SqliteCatalog::Listings(const PublisherRow& publisher) const {
  std::set<std::uint64_t> ids;
  const auto look_up = [&](std::string_view word, const char* kind) {
    if (word.empty()) return;
    const std::string key = ToLower(word);
    database_->Query("SELECT row FROM listing_keys WHERE key = ? AND kind = ?",
                     {SqlValue::Text(key), SqlValue::Text(kind)}, [&](sqlite3_stmt* row) {
                       ids.insert(static_cast<std::uint64_t>(
                           std::max<sqlite3_int64>(0, sqlite3_column_int64(row, 0))));
                     });
  };
  look_up(publisher.name, "name");
  look_up(publisher.parent, "name");
  for (const auto& alias : publisher.aliases) look_up(alias, "name");
  for (const auto& ns : publisher.namespaces) {
    look_up(ns, "name");
    look_up(ns, "namespace");
  }
  std::vector<ListedPartyRow> rows;
  for (const std::uint64_t id : ids) {
    auto row = FirstOf(Select(*database_, ListedPartyFields(), "listed_parties WHERE id = ?",
                              {SqlValue::Integer(static_cast<std::int64_t>(id))}));
    if (row) rows.push_back(std::move(*row));
  }
  return rows;
}

bool SqliteCatalog::Overlaid(const PublisherRow& row) const {
  return std::any_of(overlay_.publishers.begin(), overlay_.publishers.end(), [&](auto& ours) {
    return !row.namespaces.empty() && ContainsNoCase(ours.namespaces, row.namespaces.front());
  });
}

std::vector<PublisherRow> SqliteCatalog::AllPublishers() const {
  std::vector<PublisherRow> rows = overlay_.publishers;
  for (auto& row : Select(*database_, PublisherFields(), "publishers ORDER BY id", {})) {
    if (!Overlaid(row)) rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ModelRow> SqliteCatalog::AllModels() const {
  std::vector<ModelRow> rows = overlay_.models;
  AddImageModels(rows, "ORDER BY id", {});
  return rows;
}

// Overlays have no accelerators: these come from the image alone.
std::optional<AcceleratorRow> SqliteCatalog::AcceleratorById(std::string_view id) const {
  const std::string key = ToLower(id);
  return FirstOf(Select(*database_, AcceleratorFields(),
                        "accelerators WHERE row = (SELECT row FROM accelerator_ids WHERE key = ?)",
                        {SqlValue::Text(key)}));
}

std::vector<AcceleratorRow> SqliteCatalog::AcceleratorsByPci(std::string_view vendor,
                                                             std::string_view device) const {
  const std::string key = ToLower(vendor) + ":" + ToLower(device);
  return Select(*database_, AcceleratorFields(),
                "accelerators WHERE row IN (SELECT row FROM accelerator_pci WHERE key = ?) "
                "ORDER BY row",
                {SqlValue::Text(key)});
}

std::vector<AcceleratorRow> SqliteCatalog::AcceleratorsByName(std::string_view name) const {
  const std::string key = NormalAcceleratorName(name);
  if (key.empty()) return {};
  return Select(*database_, AcceleratorFields(),
                "accelerators WHERE row IN (SELECT row FROM accelerator_names WHERE key = ?) "
                "ORDER BY row",
                {SqlValue::Text(key)});
}

std::optional<CountryGroupRow> SqliteCatalog::CountryGroups(std::string_view iso2) const {
  const std::string key = ToLower(iso2);
  return FirstOf(Select(*database_, CountryGroupFields(), "country_groups WHERE lower(iso2) = ?",
                        {SqlValue::Text(key)}));
}

std::vector<AcceleratorRow> SqliteCatalog::AllAccelerators() const {
  return Select(*database_, AcceleratorFields(), "accelerators ORDER BY row", {});
}

std::vector<ListedPartyRow> SqliteCatalog::AllListedParties() const {
  return Select(*database_, ListedPartyFields(), "listed_parties ORDER BY id", {});
}

// SHA-256 of a file, read in pieces; "" when it cannot be read.
std::string FileDigest(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free);
  if (!in || !context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return {};
  std::vector<char> buffer(1 << 16);
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return {};
  return in.eof() ? Hex(digest.data(), size) : std::string();
}

}  // namespace

Result<std::unique_ptr<Catalog>> Catalog::Open(const std::string& path) {
  auto database = path.empty() ? SqliteDatabase::OpenImage(CatalogSchema(), EmbeddedCatalog(),
                                                           "embedded catalogue", false)
                               : SqliteDatabase::OpenFile(CatalogSchema(), path);
  if (!database.ok()) return std::move(database).error();
  std::string digest(path.empty() ? std::string(EmbeddedCatalogDigest()) : FileDigest(path));
  if (digest.empty()) return Error{ErrorCode::kIo, Printable(path) + ": cannot be read"};
  std::unique_ptr<Catalog> catalog =
      std::make_unique<SqliteCatalog>(std::move(database).value(), std::move(digest));
  return catalog;
}

Result<std::unique_ptr<Catalog>> Catalog::OpenImage(std::shared_ptr<const std::string> owner,
                                                    std::string_view image, DatabaseInfo info) {
  auto database =
      SqliteDatabase::OpenImage(CatalogSchema(), AsBytes(image), "catalogue of the bundle", false);
  if (!database.ok()) return std::move(database).error();
  auto made = std::make_unique<SqliteCatalog>(std::move(database).value(), info.digest);
  made->Describe(std::move(owner), std::move(info));
  std::unique_ptr<Catalog> catalog = std::move(made);
  return catalog;
}

}  // namespace weighbridge
