// What the readers of lists share.
#include "rules/parties/importers.h"

#include <algorithm>

#include "rules/parties/list_words.h"
#include "scanner/base/text.h"

namespace weighbridge {

void AppendParty(Party party, std::size_t line, PartyList& list, ListErrors& errors) {
  if (!FinishParty(party)) {
    errors.Add(line, "a party without a name");
    return;
  }
  if (list.parties.size() >= kMaxParties) {
    if (list.parties.size() == kMaxParties)
      errors.Add(line, "more than " + std::to_string(kMaxParties) + " parties");
    return;
  }
  list.parties.push_back(std::move(party));
}

TableRows::TableRows(std::string_view text, char delimiter, ListErrors& errors)
    : reader_(text, delimiter), errors_(errors), header_({}) {}

bool TableRows::FindHeader(std::string_view column, std::vector<std::vector<std::string>>* before) {
  constexpr std::size_t kMaxBefore = 5;
  for (std::size_t i = 0; i < kMaxBefore && reader_.Next(row_); ++i) {
    header_ = CsvHeader(row_);
    if (header_.Has(column)) return true;
    if (before != nullptr) before->push_back(row_);
  }
  errors_.Add(reader_.line(), reader_.error().empty()
                                  ? "no header row with a column " + Quote(column)
                                  : reader_.error());
  return false;
}

bool TableRows::Next() {
  while (reader_.Next(row_)) {
    while (row_.size() > header_.size() && Trim(row_.back()).empty()) row_.pop_back();
    if (row_.size() == header_.size()) return true;
    errors_.Add(reader_.line(), std::to_string(row_.size()) + " fields, the header has " +
                                    std::to_string(header_.size()));
  }
  if (!reader_.error().empty()) errors_.Add(reader_.line(), reader_.error());
  return false;
}

std::string TableRows::AnyOf(std::initializer_list<std::string_view> columns) const {
  for (const auto column : columns) {
    if (std::string cell = Cell(column); !cell.empty()) return cell;
  }
  return {};
}

Party& PartyGroups::Of(const std::string& id, std::size_t line) {
  const auto [found, fresh] = places_.emplace(id, parties_.size());
  if (fresh) {
    parties_.emplace_back(Party(), line);
    parties_.back().first.id = id;
  }
  return parties_[found->second].first;
}

void PartyGroups::AppendTo(PartyList& list, ListErrors& errors) {
  for (auto& [party, line] : parties_) AppendParty(std::move(party), line, list, errors);
}

void AddName(Party& party, const std::string& text, NameQuality quality) {
  if (Trim(text).empty()) return;
  if (party.name.text.empty()) {
    party.name = {std::string(Trim(text)), NameQuality::kPrimary};
    return;
  }
  if (quality == NameQuality::kPrimary && party.name.text != Trim(text)) {
    const std::string first = party.name.text;
    party.name.text = std::string(Trim(text));
    std::erase_if(party.aliases,
                  [&](const PartyName& alias) { return alias.text == party.name.text; });
    AddAlias(party, first, NameQuality::kStrong);
    return;
  }
  AddAlias(party, text, quality == NameQuality::kPrimary ? NameQuality::kStrong : quality);
}

}  // namespace weighbridge
