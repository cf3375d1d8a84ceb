#include "scanner/cli/party_files.h"

#include <fstream>
#include <iterator>
#include <set>

#include "rules/parties/import.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// One byte past the limit is enough to be refused.
Result<PartyFile> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, Printable(path) + ": cannot be read"};
  PartyFile out{path, {}};
  std::vector<char> buffer(1 << 20);
  while (file && out.bytes.size() <= kMaxPartyFileBytes) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    out.bytes.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad() || (!file.eof() && file.fail()))
    return Error{ErrorCode::kIo, Printable(path) + ": cannot be read"};
  return out;
}

}  // namespace

Result<std::vector<PartyList>> ReadPartyFiles(const std::vector<std::string>& paths) {
  std::vector<PartyFile> files;
  for (const std::string& path : paths) {
    auto file = ReadFile(path);
    if (!file.ok()) return std::move(file).error();
    files.push_back(std::move(file).value());
  }
  return ImportPartyLists(files);
}

PartyList ListedInCatalog(const Catalog& catalog) {
  PartyList list;
  const DatabaseInfo info = catalog.Info();
  list.kind = "catalogue";
  list.file = "catalogue " + info.version;
  list.published = info.date;
  list.sha256 = info.digest;
  std::set<std::string> names;
  for (const ListedPartyRow& row : catalog.AllListedParties()) {
    Party party;
    party.id = "listing " + std::to_string(list.parties.size() + 1);
    party.name.text = row.party;
    for (const auto& alias : row.aliases)
      if (!alias.empty()) party.aliases.push_back({alias, NameQuality::kStrong});
    if (row.country.size() == 2) party.countries.push_back(row.country);
    party.list = row.list;
    party.listed_on = row.listed_on;
    party.citation = row.citation;
    party.source_url = row.source_url;
    names.insert(row.list);
    list.parties.push_back(std::move(party));
  }
  list.names.assign(names.begin(), names.end());
  return list;
}

}  // namespace weighbridge
