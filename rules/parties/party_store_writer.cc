// Reproducible: rows go in in the order of the lists.
#include "rules/parties/party_store_writer.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "rules/parties/legal_forms.h"
#include "rules/parties/normal_name.h"
#include "rules/parties/party_schema.h"
#include "rules/parties/similarity.h"
#include "scanner/base/text.h"
#include "scanner/sqlite/image_writer.h"

namespace weighbridge {
namespace {

// Of one value and of one joined column; the rest is dropped. A row stays below the
// 1 MiB that is read.
constexpr std::size_t kMaxTextBytes = 8 << 10;
constexpr std::size_t kMaxColumnBytes = 128 << 10;

// Separators of the columns that hold lists are no part of their values.
std::string Flat(const std::string& text) {
  std::string flat(CutUtf8(text, kMaxTextBytes));
  for (char& c : flat) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return flat;
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string joined;
  for (const auto& line : lines) {
    if (joined.size() + line.size() >= kMaxColumnBytes) break;
    joined += (joined.empty() ? "" : "\n") + line;
  }
  return joined;
}

std::string JoinFlat(const std::vector<std::string>& values) {
  std::vector<std::string> flat;
  for (const auto& value : values) flat.push_back(Flat(value));
  return JoinLines(flat);
}

struct NameRow {
  std::size_t party = 0;
  std::string text;
  NameQuality quality = NameQuality::kPrimary;
  NormalName normal;
};

struct Contents {
  std::vector<NameRow> names;
  std::map<std::string, std::size_t> counts;  // of words
};

// What stands in brackets is a name of its own where it is a word of the name or its
// first letters, "Huawei Technologies (Huawei)"; else it is a weak one.
bool IsShortName(const std::string& inside, const std::string& name) {
  const std::string word = Normalise(inside).whole;
  const NormalName outside = Normalise(name.substr(0, name.find('(')));
  const auto letters = Initials(outside.whole);
  return std::find(outside.words.begin(), outside.words.end(), word) != outside.words.end() ||
         std::find(letters.begin(), letters.end(), word) != letters.end();
}

// Each spelling of each name once.
void AddNames(const Party& party, std::size_t row, Contents& out) {
  std::set<std::string> seen;
  const bool person = party.type == PartyType::kIndividual;
  const auto add = [&](const PartyName& name) {
    for (const NameVariant& variant : NameVariants(name.text, person)) {
      NormalName normal = Normalise(variant.text);
      if (normal.whole.empty() || !seen.insert(normal.whole).second) continue;
      const bool weak = variant.inside_brackets && !IsShortName(variant.text, name.text);
      const NameQuality quality = weak ? NameQuality::kWeak : name.quality;
      for (const auto& word : std::set<std::string>(normal.words.begin(), normal.words.end()))
        ++out.counts[word];
      out.names.push_back({row, Flat(name.text), quality, std::move(normal)});
    }
  };
  add(party.name);
  for (const PartyName& alias : party.aliases) add(alias);
}

std::string Places(const Party& party) {
  std::vector<std::string> lines;
  for (const PartyPlace& place : party.places)
    lines.push_back(Flat(place.city) + "\t" + Flat(place.country));
  return JoinLines(lines);
}

std::string Ties(const Party& party) {
  std::vector<std::string> lines;
  for (const PartyTie& tie : party.ties) {
    std::string percent;
    if (tie.percent) {
      char buffer[32];
      std::snprintf(buffer, sizeof buffer, "%.4g", *tie.percent);
      percent = buffer;
    }
    lines.push_back(std::string(TieKindName(tie.kind)) + "\t" + percent + "\t" + Flat(tie.name));
  }
  return JoinLines(lines);
}

void WriteParty(SqliteImageWriter& writer, const Party& party, std::size_t list, std::size_t row) {
  writer.Insert(
      "parties",
      {row, list, Flat(party.id), Flat(party.name.text), PartyTypeName(party.type),
       Join(party.countries, " "), Places(party), JoinFlat(party.programmes), Flat(party.list),
       party.listed_on, party.ends_on, Ties(party), Flat(party.citation), Flat(party.source_url)});
}

void WriteWords(SqliteImageWriter& writer, const Contents& contents,
                std::map<std::string, std::size_t>& ids) {
  for (const auto& [word, count] : contents.counts) {
    const std::size_t id = ids.size() + 1;
    ids.emplace(word, id);
    writer.Insert("words", {id, word, count});
    for (const std::uint32_t key : LookUpKeys(word)) writer.Insert("keys", {std::size_t{key}, id});
  }
}

void WriteNames(SqliteImageWriter& writer, const Contents& contents,
                const std::map<std::string, std::size_t>& ids) {
  for (std::size_t i = 0; i < contents.names.size(); ++i) {
    const NameRow& name = contents.names[i];
    const std::size_t row = i + 1;
    std::vector<std::string> counts;
    for (const auto& word : name.normal.words)
      counts.push_back(std::to_string(contents.counts.at(word)));
    writer.Insert("names", {row, name.party, name.text, NameQualityName(name.quality),
                            Join(name.normal.words, " "), Join(counts, " ")});
    writer.Insert("exact", {name.normal.whole, row});
    for (const auto& word :
         std::set<std::string>(name.normal.words.begin(), name.normal.words.end()))
      writer.Insert("postings", {ids.at(word), row});
    for (const auto& letters : Initials(name.normal.whole))
      writer.Insert("initials", {letters, row});
  }
}

}  // namespace

std::vector<std::string> Initials(const std::string& whole) {
  std::string letters, with_forms;
  std::size_t words = 0;
  for (const auto& word : Split(whole, ' ')) {
    if (word.empty() || word[0] < 'a' || word[0] > 'z' || word == "of" || word == "for") continue;
    const bool form = IsLegalForm(word);
    if (form && word != "co" && word != "corp") continue;
    with_forms += word[0];
    if (form) continue;
    letters += word[0];
    ++words;
  }
  if (words < 3 || letters.size() > 10) return {};
  if (letters == with_forms) return {letters};
  return {letters, with_forms};
}

Result<std::string> BuildPartyImage(const std::vector<PartyList>& lists) {
  SqliteImageWriter writer(PartySchema());
  Contents contents;
  std::size_t row = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const PartyList& list = lists[i];
    // Not the folder it was in: equal input gives equal bytes.
    const std::string file = list.file.substr(list.file.rfind('/') + 1);
    writer.Insert("lists", {i + 1, list.kind, Flat(file), JoinFlat(list.names), list.published,
                            list.sha256, list.parties.size()});
    for (const Party& party : list.parties) {
      WriteParty(writer, party, i + 1, ++row);
      AddNames(party, row, contents);
    }
  }
  std::map<std::string, std::size_t> ids;
  WriteWords(writer, contents, ids);
  WriteNames(writer, contents, ids);
  std::string bytes = writer.Finish();
  if (!writer.failure().empty()) return Error{ErrorCode::kIo, "sqlite: " + writer.failure()};
  return bytes;
}

}  // namespace weighbridge
