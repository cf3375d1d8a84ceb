// Reading overlay documents; the field names are those of catalog_fields.h.
#include "scanner/identity/catalog_overlay.h"

#include <algorithm>
#include <limits>

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/identity/catalog_fields.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxErrors = 100;  // a reader mends in rounds after that

class Reader {
 public:
  explicit Reader(std::string name) : name_(std::move(name)) {}

  void Fail(const std::string& where, const std::string& message) {
    if (errors_.size() < kMaxErrors) errors_.push_back(name_ + ": " + where + ": " + message);
  }
  const std::vector<std::string>& errors() const { return errors_; }

  // Unknown keys of `object` are errors with the nearest known one.
  void CheckKeys(const Json& object, const std::vector<std::string>& known,
                 const std::string& where) {
    for (const auto& item : object.items()) {
      if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
      const std::string near = Nearest(item.key(), known);
      Fail(where, "unknown field " + Quote(item.key()) +
                      (near.empty() ? "" : " (did you mean " + Quote(near) + "?)"));
    }
  }

  void Set(const Json& value, const std::string& where, std::string& out) {
    if (!value.is_string()) return Expected(where, "a string", value);
    out = value.get<std::string>();
  }
  void Set(const Json& value, const std::string& where, std::uint64_t& out) {
    if (!value.is_number_unsigned()) return Expected(where, "a whole number", value);
    out = value.get<std::uint64_t>();
    // The image stores signed 64-bit numbers; look-ups use the same range.
    if (out > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      Fail(where, "number is too large");
    }
  }
  void Set(const Json& value, const std::string& where, double& out) {
    if (!value.is_number() || value.get<double>() < 0) {
      return Expected(where, "a number of at least 0", value);
    }
    out = value.get<double>();
  }
  void Set(const Json& value, const std::string& where, bool& out) {
    if (!value.is_boolean()) return Expected(where, "true or false", value);
    out = value.get<bool>();
  }
  template <typename Item>
  void Set(const Json& value, const std::string& where, std::vector<Item>& out) {
    if (!value.is_array()) return Expected(where, "a list", value);
    for (std::size_t i = 0; i < value.size(); ++i) {
      Item item{};
      Set(value[i], where + "[" + std::to_string(i) + "]", item);
      out.push_back(std::move(item));
    }
  }

  template <typename Row>
  Row ReadRow(const Json& object, const CatalogFields<Row>& fields, const std::string& where) {
    Row row;
    std::vector<std::string> known;
    for (const auto& field : fields) known.emplace_back(field.name);
    CheckKeys(object, known, where);
    for (const auto& field : fields) {
      const auto found = object.find(field.name);
      if (found == object.end()) continue;
      std::visit([&](auto member) { Set(*found, where + "." + field.name, row.*member); },
                 field.member);
    }
    return row;
  }

  template <typename Row, typename Check>
  void ReadList(const Json& document, const char* key, const CatalogFields<Row>& fields,
                std::vector<Row>& out, Check check) {
    const auto found = document.find(key);
    if (found == document.end()) return;
    if (!found->is_array()) return Expected(key, "a list", *found);
    for (std::size_t i = 0; i < found->size(); ++i) {
      const std::string where = std::string(key) + "[" + std::to_string(i) + "]";
      const Json& object = (*found)[i];
      if (!object.is_object()) {
        Expected(where, "an object", object);
        continue;
      }
      Row row = ReadRow(object, fields, where);
      check(*this, where, row);
      out.push_back(std::move(row));
    }
  }

  void Expected(const std::string& where, const std::string& what, const Json& value) {
    Fail(where, std::string("found ") + value.type_name() + ", expected " + what);
  }
  void Need(const std::string& where, const char* field, bool present) {
    if (!present) Fail(where, std::string("no ") + Quote(field));
  }
  void OneOf(const std::string& where, const char* field, const std::string& value,
             const std::vector<std::string>& allowed) {
    if (value.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
    Fail(where + "." + field, Quote(value) + " is not one of " + Join(allowed, ", "));
  }
  void Country(const std::string& where, const std::string& value) {
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (value.empty() || (value.size() == 2 && upper(value[0]) && upper(value[1]))) return;
    Fail(where, Quote(value) + " is not an ISO 3166 alpha-2 code");
  }

 private:
  std::string name_;
  std::vector<std::string> errors_;
};

void CheckConfidence(Reader& in, const std::string& where, const std::string& confidence) {
  in.OneOf(where, "confidence", confidence, {"high", "medium", "low"});
}

void CheckPublisher(Reader& in, const std::string& where, const PublisherRow& row) {
  in.Need(where, "name", !row.name.empty());
  in.Need(where, "namespaces", !row.namespaces.empty());
  for (std::size_t i = 0; i < row.namespaces.size(); ++i) {
    if (row.namespaces[i].empty()) {
      in.Fail(where + ".namespaces[" + std::to_string(i) + "]", "namespace is empty");
    }
  }
  in.Country(where + ".country", row.country);
  in.Country(where + ".parent_country", row.parent_country);
  in.OneOf(where, "kind", row.kind, {"company", "lab", "university", "individual", "community"});
  CheckConfidence(in, where, row.confidence);
}

void CheckModel(Reader& in, const std::string& where, const ModelRow& row) {
  in.Need(where, "model_name", !row.model_name.empty());
  in.Need(where, "publisher", !row.publisher.empty());
  in.OneOf(where, "tie_embeddings", row.tie_embeddings, {"true", "false"});
  const std::string& date = row.released;
  const std::string whole = date.size() == 4   ? date + "-01-01"
                            : date.size() == 7 ? date + "-01"
                                               : date;
  if (!date.empty() && !IsIsoDate(whole)) {
    in.Fail(where + ".released", Quote(date) + " is not YYYY, YYYY-MM or YYYY-MM-DD");
  }
  CheckConfidence(in, where, row.confidence);
}

void CheckHash(Reader& in, const std::string& where, HashRow& row) {
  row.algorithm = row.algorithm.empty() ? "sha256" : ToLower(row.algorithm);
  row.digest = ToLower(row.digest);
  const std::size_t digits = row.algorithm == "sha256"   ? 64
                             : row.algorithm == "sha384" ? 96
                             : row.algorithm == "sha1"   ? 40
                             : row.algorithm == "md5"    ? 32
                                                         : 0;
  in.OneOf(where, "algorithm", row.algorithm, {"sha256", "sha384", "sha1", "md5"});
  const bool hex = row.digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (digits != 0 && (!hex || row.digest.size() != digits)) {
    in.Fail(where + ".digest",
            Quote(row.digest) + " is not " + std::to_string(digits) + " hexadecimal digits");
  }
}

void CheckTokenizer(Reader& in, const std::string& where, const TokenizerRow& row) {
  in.Need(where, "tokenizer_family", !row.tokenizer_family.empty());
  CheckConfidence(in, where, row.confidence);
}

void CheckLicence(Reader& in, const std::string& where, const LicenceRow& row) {
  in.Need(where, "ids", !row.ids.empty());
  in.Need(where, "name", !row.name.empty());
  for (std::size_t i = 0; i < row.territories_excluded.size(); ++i) {
    in.Country(where + ".territories_excluded[" + std::to_string(i) + "]",
               row.territories_excluded[i]);
  }
  CheckConfidence(in, where, row.confidence);
}

}  // namespace

Result<CatalogOverlay> ParseCatalogOverlay(std::string_view json_text, const std::string& name) {
  JsonOptions options;
  options.refuse_duplicate_keys = true;
  Result<Json> document = ParseJson(json_text, Limits{}, options);
  if (!document.ok()) {
    return Error{document.error().code, Printable(name) + ":" + document.error().message};
  }
  Reader in(Printable(name));
  CatalogOverlay overlay;
  if (!document.value().is_object()) {
    in.Expected("document", "an object", document.value());
  } else {
    const Json& root = document.value();
    in.CheckKeys(root, {"$schema", "publishers", "models", "hashes", "tokenizers", "licences"},
                 "document");
    in.ReadList(root, "publishers", PublisherFields(), overlay.publishers, CheckPublisher);
    in.ReadList(root, "models", ModelFields(), overlay.models, CheckModel);
    in.ReadList(root, "hashes", HashFields(), overlay.hashes, CheckHash);
    in.ReadList(root, "tokenizers", TokenizerFields(), overlay.tokenizers, CheckTokenizer);
    in.ReadList(root, "licences", LicenceFields(), overlay.licences, CheckLicence);
  }
  if (!in.errors().empty()) return Error{ErrorCode::kInvalidArgument, Join(in.errors(), "\n")};
  return overlay;
}

}  // namespace weighbridge
