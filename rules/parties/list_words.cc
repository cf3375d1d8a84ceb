#include "rules/parties/list_words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxAliases = 2000;  // of one party
constexpr std::size_t kMaxPlaces = 2000;
constexpr std::size_t kMaxTies = 500;

std::string Padded(std::uint64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

std::string MonthNumber(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string start = ToLower(word.substr(0, 3));
  for (std::size_t i = 0; i < kMonths.size() && word.size() >= 3; ++i) {
    if (start == kMonths[i]) return Padded(i + 1, 2);
  }
  return {};
}

// The words between the separators that dates use.
std::vector<std::string> DateWords(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text.substr(0, 40)) {
    if (c == '/' || c == '-' || c == ' ' || c == ',' || c == '.') {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// "51%", "51.5 percent"; nothing outside 0 to 100.
std::optional<double> Percent(std::string_view digits) {
  double value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec != std::errc() || result.ptr != digits.data() + digits.size()) return std::nullopt;
  if (!(value > 0 && value <= 100)) return std::nullopt;
  return value;
}

std::string_view WithoutEnd(std::string_view text, std::string_view characters) {
  const std::size_t last = text.find_last_not_of(characters);
  return last == text.npos ? std::string_view() : text.substr(0, last + 1);
}

void AddTie(Party& party, PartyTie::Kind kind, std::string_view name,
            std::optional<double> percent) {
  name = Trim(name);
  if (name.empty() || party.ties.size() >= kMaxTies) return;
  PartyTie tie{kind, std::string(name), percent};
  if (std::find(party.ties.begin(), party.ties.end(), tie) == party.ties.end())
    party.ties.push_back(std::move(tie));
}

// "Linked To: ROSTEC)" and "Linked To: X."; a full stop of "S.A." stays.
void ReadLink(Party& party, std::string_view part) {
  const std::size_t at = part.find("Linked To:");
  if (at == part.npos) return;
  std::string_view name = WithoutEnd(Trim(part.substr(at + 10)), ")");
  const bool stop = name.size() > 2 && name.back() == '.' && name[name.size() - 3] != '.' &&
                    !EndsWithNoCase(name, "co.") && !EndsWithNoCase(name, "ltd.") &&
                    !EndsWithNoCase(name, "inc.") && !EndsWithNoCase(name, "corp.");
  if (stop) name.remove_suffix(1);
  AddTie(party, PartyTie::Kind::kLinked, name, std::nullopt);
}

// "51% owned by X", "owned 51% by X", "51 percent owned by X".
void ReadShare(Party& party, std::string_view part) {
  const std::string lower = ToLower(part);
  const std::size_t owned = lower.find("owned");
  if (owned == lower.npos) return;
  const std::size_t by = lower.find(" by ", owned);
  if (by == lower.npos) return;
  std::size_t sign = lower.find('%');
  if (sign == lower.npos) sign = lower.find(" percent");
  if (sign == lower.npos || sign > by) return;
  std::size_t from = sign;
  while (from > 0 &&
         (std::string_view("0123456789.").find(lower[from - 1]) != std::string_view::npos))
    --from;
  const auto percent = Percent(std::string_view(lower).substr(from, sign - from));
  if (!percent) return;
  AddTie(party, PartyTie::Kind::kOwner, WithoutEnd(Trim(part.substr(by + 4)), ".)"), percent);
}

// "a.k.a. 'BNC'" and "alt. a.k.a. 'X'": OFAC's remarks hold its weak aliases.
void ReadWeakAlias(Party& party, std::string_view part) {
  for (const std::string_view mark : {"a.k.a. '", "f.k.a. '", "n.k.a. '"}) {
    const std::size_t at = part.find(mark);
    if (at == part.npos) continue;
    const std::string_view rest = part.substr(at + mark.size());
    const std::size_t end = rest.rfind('\'');
    if (end != rest.npos && end > 0) AddAlias(party, rest.substr(0, end), NameQuality::kWeak);
  }
}

}  // namespace

const char* PartyTypeName(PartyType type) {
  switch (type) {
    case PartyType::kEntity: return "entity";
    case PartyType::kIndividual: return "individual";
    case PartyType::kVessel: return "vessel";
    case PartyType::kAircraft: return "aircraft";
    case PartyType::kUnknown: break;
  }
  return "";
}

const char* NameQualityName(NameQuality quality) {
  if (quality == NameQuality::kPrimary) return "primary";
  return quality == NameQuality::kStrong ? "strong" : "weak";
}

const char* TieKindName(PartyTie::Kind kind) {
  if (kind == PartyTie::Kind::kLinked) return "linked";
  return kind == PartyTie::Kind::kParent ? "parent" : "owner";
}

std::string IsoDate(std::string_view text, DateOrder order) {
  text = Trim(text);
  if (text.size() >= 10 && IsIsoDate(text.substr(0, 10)) &&
      (text.size() == 10 || text[10] == 'T' || text[10] == ' '))
    return std::string(text.substr(0, 10));
  const auto words = DateWords(text);
  if (words.size() < 3) return {};
  const std::string month_word = MonthNumber(words[1]);
  const bool month_first = order == DateOrder::kMonthFirst && month_word.empty();
  const auto day = ParseUint(words[month_first ? 1 : 0]);
  const auto month =
      month_word.empty() ? ParseUint(words[month_first ? 0 : 1]) : ParseUint(month_word);
  const auto year = ParseUint(words[2].substr(0, 4));
  if (!day || !month || !year) return {};
  const std::string date = Padded(*year, 4) + "-" + Padded(*month, 2) + "-" + Padded(*day, 2);
  return IsIsoDate(date) ? date : std::string();
}

void AddCountry(Party& party, std::string_view name) {
  const std::string code = CountryCode(name);
  if (code.empty()) return;
  if (std::find(party.countries.begin(), party.countries.end(), code) == party.countries.end())
    party.countries.push_back(code);
}

void AddPlace(Party& party, std::string_view city, std::string_view country) {
  PartyPlace place{std::string(Trim(city)), CountryCode(country)};
  if (place.country.empty()) place.country = std::string(Trim(country));
  if ((place.city.empty() && place.country.empty()) || party.places.size() >= kMaxPlaces) return;
  AddCountry(party, place.country);
  if (std::find(party.places.begin(), party.places.end(), place) == party.places.end())
    party.places.push_back(std::move(place));
}

void AddAlias(Party& party, std::string_view text, NameQuality quality) {
  text = Trim(text);
  if (text.empty() || text == party.name.text || party.aliases.size() >= kMaxAliases) return;
  for (PartyName& alias : party.aliases) {
    if (alias.text != text) continue;
    if (quality == NameQuality::kStrong) alias.quality = quality;
    return;
  }
  party.aliases.push_back({std::string(text), quality});
}

std::vector<std::string> Parts(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (const auto& part : Split(text, separator)) {
    if (const auto trimmed = Trim(part); !trimmed.empty()) parts.emplace_back(trimmed);
  }
  return parts;
}

void ReadRemarks(Party& party, std::string_view remarks) {
  for (const auto& part : Parts(remarks, ';')) {
    ReadLink(party, part);
    ReadShare(party, part);
    ReadWeakAlias(party, part);
  }
}

bool FinishParty(Party& party) {
  std::sort(party.countries.begin(), party.countries.end());
  std::sort(party.programmes.begin(), party.programmes.end());
  party.programmes.erase(std::unique(party.programmes.begin(), party.programmes.end()),
                         party.programmes.end());
  party.name.text = std::string(Trim(party.name.text));
  return !party.name.text.empty();
}

}  // namespace weighbridge
