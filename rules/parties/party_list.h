// PartyList: what one published list of restricted parties says, whatever its form.
// Values only; text is UTF-8 as published, folded nowhere.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace weighbridge {

enum class PartyType { kUnknown, kEntity, kIndividual, kVessel, kAircraft };
// Lists grade their aliases: OFAC "weak", UN "low quality", UK "low quality a.k.a.".
enum class NameQuality { kPrimary, kStrong, kWeak };

struct PartyName {
  std::string text;
  NameQuality quality = NameQuality::kPrimary;

  friend bool operator==(const PartyName&, const PartyName&) = default;
};

struct PartyPlace {
  std::string city;
  std::string country;  // ISO 3166 alpha-2 where it is known, else as published

  friend bool operator==(const PartyPlace&, const PartyPlace&) = default;
};

// A tie to another party, as the list states it. A share is there only when stated.
struct PartyTie {
  enum class Kind { kLinked, kParent, kOwner };
  Kind kind = Kind::kLinked;
  std::string name;
  std::optional<double> percent;

  friend bool operator==(const PartyTie&, const PartyTie&) = default;
};

struct Party {
  std::string id;  // of the list, or its place in the file: "row 12"
  PartyName name;
  std::vector<PartyName> aliases;
  PartyType type = PartyType::kUnknown;
  std::vector<std::string> countries;  // alpha-2, sorted, each once
  std::vector<PartyPlace> places;
  std::vector<std::string> programmes;
  std::string list;       // "Entity List (EL) - Bureau of Industry and Security"
  std::string listed_on;  // YYYY-MM-DD or ""
  std::string ends_on;    // of orders that expire
  std::vector<PartyTie> ties;
  std::string citation;
  std::string source_url;
};

struct PartyList {
  std::string kind;                // "csl-csv", "ofac-sdn-xml", ...
  std::string file;                // as given
  std::string published;           // YYYY-MM-DD where the file states it, else ""
  std::string sha256;              // of the bytes read; of the main file where there are several
  std::vector<std::string> names;  // of the lists in it, sorted
  std::vector<Party> parties;
};

const char* PartyTypeName(PartyType type);         // "entity", "" for unknown
const char* NameQualityName(NameQuality quality);  // "primary", "strong", "weak"
const char* TieKindName(PartyTie::Kind kind);      // "linked", "parent", "owner"

}  // namespace weighbridge
