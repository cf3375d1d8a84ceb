// screen: names against lists of restricted parties.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "rules/parties/list_words.h"
#include "rules/parties/screen.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"
#include "scanner/cli/party_files.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxNames = 1'000'000;
constexpr std::size_t kMaxNameLine = 4096;

struct NameAnswer {
  std::string name;
  std::vector<ScreeningCandidate> candidates;
};

Result<std::unique_ptr<PartyStore>> OpenStore(const CommandLine& line) {
  if (!line.party_database.empty()) {
    if (!line.party_lists.empty())
      return Error{ErrorCode::kInvalidArgument, "--list and --db-parties exclude one another"};
    return PartyStore::OpenFile(line.party_database);
  }
  if (!line.party_lists.empty()) {
    auto lists = ReadPartyFiles(line.party_lists);
    if (!lists.ok()) return std::move(lists).error();
    return PartyStore::FromLists(lists.value());
  }
  auto catalog = Catalog::Open(line.scan.database);
  if (!catalog.ok()) return std::move(catalog).error();
  return PartyStore::FromLists({ListedInCatalog(*catalog.value())});
}

Result<std::vector<std::string>> NamesAsked(const CommandLine& line) {
  std::vector<std::string> names = line.screen_names;
  std::ifstream file;
  if (!line.screen_from.empty() && line.screen_from != "-") {
    file.open(line.screen_from, std::ios::binary);
    if (!file) return Error{ErrorCode::kNotFound, Printable(line.screen_from) + ": cannot be read"};
  }
  std::istream& input = line.screen_from == "-" ? std::cin : file;
  if (!line.screen_from.empty()) {
    for (std::string text; std::getline(input, text) && names.size() < kMaxNames;) {
      if (!Trim(text).empty()) names.emplace_back(Trim(text).substr(0, kMaxNameLine));
    }
  }
  if (names.empty())
    return Error{ErrorCode::kInvalidArgument, "no name: give one, or use --from-file"};
  return names;
}

PartyType TypeAsked(const std::string& text) {
  for (const PartyType type :
       {PartyType::kEntity, PartyType::kIndividual, PartyType::kVessel, PartyType::kAircraft}) {
    if (text == PartyTypeName(type)) return type;
  }
  return PartyType::kUnknown;
}

std::string Score(double score) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%.2f", score);
  return buffer;
}

std::string TextOf(const ScreeningCandidate& candidate) {
  const Party& party = candidate.party;
  std::string text = std::string("  ") + ScreeningStatusName(candidate.status) + " " +
                     Score(candidate.score) + "  " + Printable(party.name.text);
  if (candidate.name.text != party.name.text)
    text += " (as " + Printable(candidate.name.text) + ")";
  if (!party.countries.empty()) text += " [" + Join(party.countries, " ") + "]";
  text += "\n      " + Printable(party.list);
  if (!party.listed_on.empty()) text += ", listed " + party.listed_on;
  if (!party.ends_on.empty()) text += ", ends " + party.ends_on;
  if (!party.programmes.empty()) text += "; " + Printable(Join(party.programmes, ", "));
  if (!party.citation.empty()) text += "; " + Printable(party.citation);
  if (!party.source_url.empty()) text += "\n      " + Printable(party.source_url);
  return text + "\n      " + Printable(WhyCandidate(candidate)) + "\n";
}

std::string AsText(const std::vector<NameAnswer>& answers, const PartyStore& store) {
  std::string text;
  std::size_t exact = 0, review = 0;
  for (const NameAnswer& answer : answers) {
    text += Printable(answer.name) + (answer.candidates.empty() ? ": nothing found\n" : "\n");
    for (const auto& candidate : answer.candidates) {
      ++(candidate.status == ScreeningStatus::kExact ? exact : review);
      text += TextOf(candidate);
    }
  }
  text += std::to_string(answers.size()) + (answers.size() == 1 ? " name: " : " names: ") +
          std::to_string(exact) + " exact, " + std::to_string(review) + " to review; looked in";
  for (const StoredList& list : store.lists()) {
    text += "\n  " + Printable(list.file) + ", " + std::to_string(list.parties) + " parties, " +
            (list.published.empty() ? "no date stated" : "of " + list.published);
  }
  return text + "\n";
}

using OrderedJson = nlohmann::ordered_json;

// Three digits: the same text on every machine.
double Rounded(double score) { return std::round(score * 1000) / 1000; }

OrderedJson WordsOf(const NameComparison& words) {
  OrderedJson matched = OrderedJson::array();
  for (const WordMatch& match : words.matched)
    matched.push_back({{"asked", match.ours},
                       {"listed", match.theirs},
                       {"similarity", Rounded(match.similarity)}});
  return {
      {"matched", matched}, {"only_asked", words.only_ours}, {"only_listed", words.only_theirs}};
}

const char* AgreementName(Agreement agreement) {
  if (agreement == Agreement::kSupports) return "agrees";
  return agreement == Agreement::kContradicts ? "differs" : "unknown";
}

OrderedJson JsonOf(const ScreeningCandidate& candidate) {
  const Party& party = candidate.party;
  OrderedJson ties = OrderedJson::array();
  for (const PartyTie& tie : party.ties) {
    OrderedJson each{{"kind", TieKindName(tie.kind)}, {"name", tie.name}};
    if (tie.percent) each["percent"] = *tie.percent;
    ties.push_back(std::move(each));
  }
  return {{"status", ScreeningStatusName(candidate.status)},
          {"score", Rounded(candidate.score)},
          {"party", party.name.text},
          {"matched_name", candidate.name.text},
          {"name_quality", NameQualityName(candidate.name.quality)},
          {"id", party.id},
          {"type", PartyTypeName(party.type)},
          {"countries", party.countries},
          {"list", party.list},
          {"programmes", party.programmes},
          {"listed_on", party.listed_on},
          {"ends_on", party.ends_on},
          {"citation", party.citation},
          {"source_url", party.source_url},
          {"ties", ties},
          {"country", AgreementName(candidate.country)},
          {"party_type", AgreementName(candidate.type)},
          {"words", WordsOf(candidate.words)},
          {"why", WhyCandidate(candidate)},
          {"list_file", candidate.list.file},
          {"list_published", candidate.list.published},
          {"list_sha256", candidate.list.sha256}};
}

std::string AsJson(const std::vector<NameAnswer>& answers, const PartyStore& store,
                   double threshold) {
  OrderedJson lists = OrderedJson::array();
  for (const StoredList& list : store.lists())
    lists.push_back({{"file", list.file},
                     {"kind", list.kind},
                     {"names", list.names},
                     {"published", list.published},
                     {"sha256", list.sha256},
                     {"parties", list.parties}});
  OrderedJson names = OrderedJson::array();
  for (const NameAnswer& answer : answers) {
    OrderedJson candidates = OrderedJson::array();
    for (const auto& candidate : answer.candidates) candidates.push_back(JsonOf(candidate));
    names.push_back({{"name", answer.name}, {"candidates", candidates}});
  }
  const OrderedJson out{{"threshold", threshold}, {"lists", lists}, {"names", names}};
  return out.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

int Fail(const std::string& messages) {
  for (const auto& message : Split(messages, '\n')) Complain(message);
  return kExitError;
}

}  // namespace

int RunScreen(const CommandLine& line) {
  auto names = NamesAsked(line);
  if (!names.ok()) return Fail(names.error().message);
  ScreeningSubject subject;
  subject.type = TypeAsked(line.screen_type);
  subject.country = CountryCode(line.screen_country);
  if (!line.screen_country.empty() && subject.country.empty())
    return Fail("--country " + Quote(line.screen_country) + " is no country code");
  auto store = OpenStore(line);
  if (!store.ok()) return Fail(store.error().message);
  ScreeningOptions options;
  if (line.screen_threshold > 0) options.threshold = line.screen_threshold;
  std::vector<NameAnswer> answers;
  bool found = false;
  for (const std::string& name : names.value()) {
    subject.name = name;
    answers.push_back({name, Screen(*store.value(), subject, options)});
    found = found || !answers.back().candidates.empty();
  }
  const bool json = !line.output_texts.empty() && line.output_texts.back() == "json";
  Status wrote = WriteDocument("", json ? AsJson(answers, *store.value(), options.threshold)
                                        : AsText(answers, *store.value()));
  if (!wrote.ok()) return Fail(wrote.error().message);
  return found ? kExitGated : kExitClean;
}

}  // namespace weighbridge
