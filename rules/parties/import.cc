#include "rules/parties/import.h"

#include <algorithm>
#include <array>
#include <set>

#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"
#include "scanner/base/vocabulary_digest.h"
#include "scanner/base/xml_subset.h"

namespace weighbridge {
namespace {

struct Form {
  PartyFileKind kind;
  const char* name;
  void (*read)(std::string_view, PartyList&, ListErrors&);
};

constexpr auto kForms = std::to_array<Form>({
    {PartyFileKind::kCslCsv, "csl-csv", ReadCslCsv},
    {PartyFileKind::kCslJson, "csl-json", ReadCslJson},
    {PartyFileKind::kOfacSdnCsv, "ofac-sdn-csv", ReadOfacCsv},
    {PartyFileKind::kOfacAltCsv, "ofac-alt-csv", nullptr},
    {PartyFileKind::kOfacAddCsv, "ofac-add-csv", nullptr},
    {PartyFileKind::kOfacXml, "ofac-xml", ReadOfacXml},
    {PartyFileKind::kOfacAdvancedXml, "ofac-advanced-xml", nullptr},
    {PartyFileKind::kDeniedPersons, "bis-dpl", ReadDeniedPersons},
    {PartyFileKind::kUnXml, "un-xml", ReadUnXml},
    {PartyFileKind::kUkCsv, "uk-csv", ReadUkCsv},
    {PartyFileKind::kEuCsv, "eu-csv", ReadEuCsv},
    {PartyFileKind::kEuXml, "eu-xml", ReadEuXml},
    {PartyFileKind::kPlainCsv, "plain-csv", ReadPlainCsv},
});

const Form* FormOf(PartyFileKind kind) {
  const auto found = std::find_if(kForms.begin(), kForms.end(),
                                  [&](const Form& form) { return form.kind == kind; });
  return found == kForms.end() ? nullptr : &*found;
}

PartyFileKind XmlKind(std::string_view text) {
  XmlReader reader(text);
  if (reader.Next() != XmlReader::Event::kOpen) return PartyFileKind::kUnknown;
  const std::string& root = reader.Element();
  if (root == "sdnList") return PartyFileKind::kOfacXml;
  if (root == "Sanctions") return PartyFileKind::kOfacAdvancedXml;
  if (root == "CONSOLIDATED_LIST") return PartyFileKind::kUnXml;
  return root == "export" ? PartyFileKind::kEuXml : PartyFileKind::kUnknown;
}

// OFAC's legacy files have no header: told by their number of fields.
PartyFileKind HeaderlessKind(const std::vector<std::string>& row) {
  if (!ParseUint(Trim(row[0])) || row.size() < 5) return PartyFileKind::kUnknown;
  if (row.size() == 12) return PartyFileKind::kOfacSdnCsv;
  if (row.size() == 6 && ParseUint(Trim(row[1]))) return PartyFileKind::kOfacAddCsv;
  const std::string type = ToLower(Trim(row[2]));
  const bool alias = type == "aka" || type == "fka" || type == "nka";
  return row.size() == 5 && alias ? PartyFileKind::kOfacAltCsv : PartyFileKind::kUnknown;
}

PartyFileKind CommaKind(std::string_view text) {
  CsvReader reader(text, ',');
  std::vector<std::string> row;
  for (std::size_t i = 0; i < 5 && reader.Next(row); ++i) {
    const CsvHeader header(row);
    if (header.Has("Name 6") && header.Has("Name 1")) return PartyFileKind::kUkCsv;
    if (header.Has("source") && header.Has("name") && header.Has("alt_names"))
      return PartyFileKind::kCslCsv;
    if (i > 0) continue;
    if (header.Has("name") || header.Has("party")) return PartyFileKind::kPlainCsv;
    if (const auto kind = HeaderlessKind(row); kind != PartyFileKind::kUnknown) return kind;
  }
  return PartyFileKind::kUnknown;
}

bool HasHeader(std::string_view text, char delimiter, std::string_view column) {
  CsvReader reader(text, delimiter);
  std::vector<std::string> row;
  return reader.Next(row) && CsvHeader(row).Has(column);
}

std::string BaseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// The forms of OFAC do not say which list they are; by its file names the non-SDN
// lists are "consolidated.xml" and "cons_prim.csv".
std::string OfacListName(const std::string& file) {
  return ToLower(BaseName(file)).starts_with("cons")
             ? "Consolidated non-SDN lists - Treasury Department"
             : "Specially Designated Nationals (SDN) - Treasury Department";
}

void FinishList(PartyList& list, PartyFileKind kind) {
  const bool ofac = kind == PartyFileKind::kOfacSdnCsv || kind == PartyFileKind::kOfacXml;
  std::set<std::string> names;
  for (Party& party : list.parties) {
    if (ofac && party.list.empty()) party.list = OfacListName(list.file);
    names.insert(party.list);
  }
  list.names.assign(names.begin(), names.end());
}

class Import {
 public:
  explicit Import(const std::vector<PartyFile>& files) : files_(files) {}

  Result<std::vector<PartyList>> Run() {
    for (const PartyFile& file : files_) ReadMain(file);
    for (const PartyFile& file : files_) ReadJoined(file);
    if (!errors_.empty()) return Error{ErrorCode::kMalformed, Join(errors_, "\n")};
    return std::move(lists_);
  }

 private:
  void Note(const ListErrors& errors) {
    if (!errors.empty()) errors_.push_back(errors.Text());
  }

  void ReadMain(const PartyFile& file) {
    ListErrors errors(file.name);
    const PartyFileKind kind = RecognisePartyFile(file.bytes);
    const Form* form = FormOf(kind);
    if (file.bytes.size() > kMaxPartyFileBytes) {
      errors.Add(0, "more than 256 MiB");
    } else if (kind == PartyFileKind::kOfacAdvancedXml) {
      errors.Add(0, "OFAC's advanced XML is not read; SDN.XML or SDN.CSV hold the same parties");
    } else if (form == nullptr) {
      errors.Add(0, "not a party list of a known form");
    } else if (form->read != nullptr) {
      PartyList list;
      list.kind = form->name;
      list.file = file.name;
      list.sha256 = Sha256OfText(file.bytes);
      form->read(file.bytes, list, errors);
      if (errors.empty() && list.parties.empty()) errors.Add(0, "a list without parties");
      FinishList(list, kind);
      if (kind == PartyFileKind::kOfacSdnCsv) sdn_ = lists_.size();
      lists_.push_back(std::move(list));
    }
    Note(errors);
  }

  void ReadJoined(const PartyFile& file) {
    const PartyFileKind kind = RecognisePartyFile(file.bytes);
    if (kind != PartyFileKind::kOfacAltCsv && kind != PartyFileKind::kOfacAddCsv) return;
    if (file.bytes.size() > kMaxPartyFileBytes) return;
    ListErrors errors(file.name);
    if (sdn_ >= lists_.size()) {
      errors.Add(0, "belongs to an SDN.CSV, which is not among the files");
    } else if (kind == PartyFileKind::kOfacAltCsv) {
      JoinOfacNames(file.bytes, lists_[sdn_], errors);
    } else {
      JoinOfacAddresses(file.bytes, lists_[sdn_], errors);
    }
    Note(errors);
  }

  const std::vector<PartyFile>& files_;
  std::vector<PartyList> lists_;
  std::vector<std::string> errors_;
  std::size_t sdn_ = static_cast<std::size_t>(-1);
};

}  // namespace

const char* PartyFileKindName(PartyFileKind kind) {
  const Form* form = FormOf(kind);
  return form == nullptr ? "unknown" : form->name;
}

PartyFileKind RecognisePartyFile(std::string_view bytes) {
  const std::string_view text = WithoutByteOrderMark(bytes);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return PartyFileKind::kUnknown;
  if (text[first] == '<') return XmlKind(text);
  if (text[first] == '{' || text[first] == '[') return PartyFileKind::kCslJson;
  if (HasHeader(text, '\t', "Street_Address")) return PartyFileKind::kDeniedPersons;
  if (HasHeader(text, ';', "Entity_LogicalId")) return PartyFileKind::kEuCsv;
  return CommaKind(text);
}

Result<std::vector<PartyList>> ImportPartyLists(const std::vector<PartyFile>& files) {
  return Import(files).Run();
}

}  // namespace weighbridge
