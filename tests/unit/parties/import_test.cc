// Importers: each published form, whole parties compared; refusals with every error.
#include "rules/parties/import.h"

#include <doctest/doctest.h>

#include "rules/parties/list_words.h"
#include "scanner/base/text.h"
#include "tests/support/party_lists_builder.h"

namespace weighbridge {
namespace {

std::string Line(const Party& party) {
  std::string text = party.id + " | " + party.name.text + " | " + PartyTypeName(party.type) + " |";
  for (const auto& alias : party.aliases)
    text += " " + alias.text + "/" + NameQualityName(alias.quality);
  text += " | " + Join(party.countries, " ") + " |";
  for (const auto& place : party.places) text += " " + place.city + "," + place.country;
  text +=
      " | " + Join(party.programmes, "+") + " | " + party.listed_on + ".." + party.ends_on + " |";
  for (const auto& tie : party.ties)
    text += std::string(" ") + TieKindName(tie.kind) + "=" + tie.name +
            (tie.percent ? ":" + std::to_string(static_cast<int>(*tie.percent)) : "");
  return text + " | " + party.citation;
}

std::vector<std::string> Lines(const PartyList& list) {
  std::vector<std::string> lines{list.kind + " " + list.published};
  for (const Party& party : list.parties) lines.push_back(Line(party));
  return lines;
}

std::vector<std::string> Imported(const std::vector<PartyFile>& files) {
  auto lists = ImportPartyLists(files);
  if (!lists.ok()) return Split(lists.error().message, '\n');
  std::vector<std::string> lines;
  for (const PartyList& list : lists.value()) {
    for (auto& line : Lines(list)) lines.push_back(std::move(line));
  }
  return lines;
}

using Strings = std::vector<std::string>;

TEST_CASE("the parties of every form") {
  const std::vector<Strings> expected{
      {"csl-csv ",
       "row 2 | Norrland Optronik Co. Ltd. |  | NOK/strong Beijing Norrland/strong "
       "\"\"Norrland\"\" Optics/strong | CN HK | ,CN ,HK |  | 2023-03-01.. | | 88 FR 11111",
       "90001 | PETRENKOV, Sergey | individual | PETRENKOV, Sergei Ivanovich/strong THE BAKER/weak "
       "| RU | ,RU | NPWMD+SDGT | .. | linked=OBRAZEC HOLDING | ",
       "row 4 | JOHN EXAMPLE |  | |  | |  | 2015-01-01..2025-01-01 | | 80 F.R. 1 1/1/2015"},
      {"csl-json ",
       "a1 | Norrland Optronik Co. Ltd. |  | NOK/strong Beijing Norrland/strong | CN | Harbin,CN | "
       " | 2023-03-01.. | | 88 FR 11111",
       "90001 | PETRENKOV, Sergey | individual | | RU | | NPWMD+SDGT | .. | owner=OBRAZEC "
       "HOLDING:60 | "},
      {"ofac-sdn-csv ",
       "101 | NORRLAND OPTRONIK, S.A. | entity | NOSA/weak NORRLAND OPTICS/strong | IR | Tehran,IR "
       "| IRAN+NPWMD | .. | linked=OBRAZEC HOLDING | ",
       "102 | PETRENKOV, Sergey | individual | PETRENKOV, Sergei/strong | CY RU | | SDGT | .. | "
       "linked=KARTON CO. | ",
       "103 | SEA EXAMPLE | vessel | | CY PA | ,CY | IRAN | .. | owner=EXAMPLE LINE | "},
      {"ofac-xml 2026-06-22",
       "101 | NORRLAND & SONS | entity | NORRLAND OPTICS/strong NOSA/weak | CU | Havana,CU | "
       "CUBA+IRAN | .. | linked=OBRAZEC HOLDING | ",
       "102 | PETRENKOV, Sergey | individual | PETRENKOV, Sergei/strong | RU | |  | .. | | "},
      {"bis-dpl ",
       "JOHN EXAMPLE of 2015-01-31 | JOHN EXAMPLE |  | | FR US | SPRINGFIELD,US LYON,FR |  | "
       "2015-01-31..2025-01-31 | | 80 F.R. 1 2/2/15 81 F.R. 2 1/1/16",
       "ACME EXPORTS of 2020-06-01 | ACME EXPORTS |  | | AE | DUBAI,AE |  | 2020-06-01.. | | 85 "
       "F.R. 3"},
      {"un-xml 2026-09-01",
       "1 | SERGEY PETRENKOV | individual | Sergei Petrenkoff/strong Serge/weak Сергей "
       "Петренков/strong | KP RU | Pyongyang,KP | DPRK | 2016-08-14.. | | KPi.001",
       "2 | NORRLAND TRADING & CO | entity | Norrland/strong |  | | DPRK | 2017-01-02.. | | "
       "KPe.002"},
      {"uk-csv 2026-06-03",
       "777 | Sergey Ivanovich PETRENKOV | individual | Сергей Петренков/strong Sergei "
       "PETRENKOFF/strong BAKER/weak | CY RU | ,RU ,CY | Russia | 2016-08-14.. | | Russia",
       "778 | NORRLAND OPTRONIK | entity | | IR | ,IR | Iran | 2018-02-01.. | | Iran"},
      {"uk-csv 2026-02-13",
       "RUS0001 | NORRLAND OPTRONIK OOO | entity | NORRLAND OPTRONIK/strong | CY RU | ,RU ,CY | "
       "The "
       "Russia Regulations | 2022-06-29.. | parent=OBRAZEC HOLDING | The Russia Regulations"},
      {"eu-csv 2026-08-05",
       "13 | Sergey Petrenkov | individual | Sergei\n Petrenkoff/strong | BY RU | Minsk,BY | TERR "
       "| "
       "2001-05-28.. | | 2001/1 (OJ L1)",
       "42 | Norrland Optronik | entity | | SY | Damascus,SY | SYR | 2011-05-09.. | | 442/2011"},
      {"eu-xml 2026-06-05",
       "EU.1 | NORRLAND OPTRONIK LLC | entity | NOK/weak | RU | Moscow,RU | TERR | 2002-11-21.. | "
       "| "
       "2025/1 (OJ L)",
       "EU.2 | Sergey I. Petrenkov | individual | | RU | |  | .. | | "},
      {"plain-csv ",
       "row 2 | Norrland Optronik GmbH | entity | NOK/strong Norrland Optics/strong | DE | |  | "
       "2026-01-02.. | parent=Obrazec Holding:60 | minute 12",
       "row 3 | Sergey Petrenkov | individual | |  | |  | .. | | "}};
  const auto lists = EveryList();
  REQUIRE(lists.size() == expected.size());
  for (std::size_t i = 0; i < lists.size(); ++i) {
    CAPTURE(i);
    CHECK(std::string(PartyFileKindName(RecognisePartyFile(lists[i].files[0].bytes))) ==
          lists[i].kind);
    CHECK(Join(Imported(lists[i].files), "\n") == Join(expected[i], "\n"));
  }
}

TEST_CASE("names of lists, digests, sources") {
  auto lists = ImportPartyLists({{"a/SDN.CSV", SdnCsv()}});
  REQUIRE(lists.ok());
  const PartyList& list = lists.value()[0];
  CHECK(list.names == Strings{"Specially Designated Nationals (SDN) - Treasury Department"});
  CHECK(list.sha256.size() == 64);
  CHECK(list.parties[0].source_url == "https://sanctionslist.ofac.treas.gov/");
  auto other = ImportPartyLists({{"a/cons_prim.csv", SdnCsv()}});
  REQUIRE(other.ok());
  CHECK(other.value()[0].names == Strings{"Consolidated non-SDN lists - Treasury Department"});
}

TEST_CASE("byte order marks, CRLF, Windows-1252 and a header in another order") {
  const std::string plain =
      "\xEF\xBB\xBFLIST,Name,aliases\r\nL1,\"Caf\xE9 \x93Nord\x94\",\"a\r\nb\"\r\n\r\n";
  CHECK(Imported({{"x.csv", plain}}) ==
        Strings{"plain-csv ", "row 2 | Café “Nord” |  | a\r\nb/strong |  | |  | .. | | "});
}

TEST_CASE("a bad list is refused whole, with every error") {
  struct Row {
    std::vector<PartyFile> files;
    Strings errors;
  };
  const std::string csl = CslHeader();
  const Row rows[] = {
      {{{"x", ""}}, {"x: not a party list of a known form"}},
      {{{"x", "a,b,c\n1,2,3\n"}}, {"x: not a party list of a known form"}},
      {{{"x", "<html><body>Service unavailable</body></html>"}},
       {"x: not a party list of a known form"}},
      {{{"x", "<Sanctions></Sanctions>"}},
       {"x: OFAC's advanced XML is not read; SDN.XML or SDN.CSV hold the same parties"}},
      {{{"x", csl}}, {"x: a list without parties"}},
      {{{"x", csl + "EL,,,\nDPL,,,,A,B\n"}},
       {"x:2: 4 fields, the header has 28", "x:3: 6 fields, the header has 28"}},
      {{{"x", csl + "EL,\"open\n"}}, {"x:2: a quoted field that does not end"}},
      {{{"x", "name,country,listed_on,type,parent,parent_percent\n,XQ,2026,boat,P,101\n"}},
       {"x:2: country \"XQ\" is not known",
        "x:2: type is \"boat\", expected entity, individual, vessel or aircraft",
        "x:2: listed_on is \"2026\", expected YYYY-MM-DD",
        "x:2: parent_percent is \"101\", expected 0 to 100", "x:2: a party without a name"}},
      {{{"alt", AltCsv()}}, {"alt: belongs to an SDN.CSV, which is not among the files"}},
      {{{"sdn", SdnCsv()}, {"alt", "999,1,\"aka\",\"X\",-0- \n101,2,\"aka\"\n"}},
       {"alt:1: entity 999 is not in sdn", "alt:2: 3 fields, expected 5"}},
      {{{"sdn", SdnCsv() + "\n1,2\nx,2,3,4,5,6,7,8,9,10,11,12\n"}},
       {"sdn:4: 1 fields, expected 12", "sdn:5: 2 fields, expected 12",
        "sdn:6: entity number is \"x\", expected digits"}},
      {{{"x", "{\"results\": [{\"name\": \"A\"}, {}, 5]}"}},
       {"x: /results/1: a party without a name", "x: /results/2: expected an object"}},
      {{{"x", "{\"hits\": []}"}}, {"x: /results: expected a list of parties"}},
      {{{"x", "{"}}, {"x: 1:2: not valid JSON"}},
      {{{"x", "<sdnList>\n<sdnEntry><uid>1</uid></sdnEntry>\n<sdnEntry>"}},
       {"x:2: a party without a name", "x:3: at byte 54: the text ends inside <sdnEntry>"}},
      {{{"a", "name\nA\n"}, {"b", "name,country\nB\n"}}, {"b:2: 1 fields, the header has 2"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.errors[0]);
    CHECK(Join(Imported(row.files), "\n") == Join(row.errors, "\n"));
  }
}

TEST_CASE("errors are counted beyond the cap") {
  std::string text = "name,country\n";
  for (int i = 0; i < 60; ++i) text += "A\n";
  const auto errors = Imported({{"x", text}});
  REQUIRE(errors.size() == 51);
  CHECK(errors[49] == "x:51: 1 fields, the header has 2");
  CHECK(errors[50] == "and 10 more");
}

TEST_CASE("every prefix of every form is read or refused") {
  for (const auto& list : EveryList()) {
    const std::string& bytes = list.files[0].bytes;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      auto files = list.files;
      files[0].bytes.resize(size);
      auto lists = ImportPartyLists(files);
      if (!lists.ok()) {
        CHECK(!lists.error().message.empty());
        continue;
      }
      for (const auto& read : lists.value()) {
        CHECK(!read.parties.empty());
        for (const auto& party : read.parties) CHECK(!party.name.text.empty());
      }
    }
  }
}

TEST_CASE("flipped bytes") {
  for (const auto& list : EveryList()) {
    for (std::size_t at = 0; at < list.files[0].bytes.size(); at += 3) {
      auto files = list.files;
      files[0].bytes[at] = static_cast<char>(files[0].bytes[at] ^ 0xFF);
      auto lists = ImportPartyLists(files);
      if (!lists.ok()) CHECK(!lists.error().message.empty());
    }
  }
}

TEST_CASE("dates") {
  struct Row {
    const char* text;
    DateOrder order;
    const char* iso;
  };
  const Row rows[] = {{"2016-08-14", DateOrder::kDayFirst, "2016-08-14"},
                      {"08/14/2016", DateOrder::kMonthFirst, "2016-08-14"},
                      {"14/08/2016", DateOrder::kDayFirst, "2016-08-14"},
                      {"14/08/2016", DateOrder::kMonthFirst, ""},
                      {"13-Feb-2026", DateOrder::kDayFirst, "2026-02-13"},
                      {"14 August 2016", DateOrder::kMonthFirst, "2016-08-14"},
                      {"2026-09-01T02:00:03.123Z", DateOrder::kDayFirst, "2026-09-01"},
                      {"30/02/2016", DateOrder::kDayFirst, ""},
                      {"1968", DateOrder::kDayFirst, ""},
                      {"", DateOrder::kDayFirst, ""}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(IsoDate(row.text, row.order) == row.iso);
  }
}

TEST_CASE("countries") {
  const std::pair<const char*, const char*> rows[] = {{"Iran (Islamic Republic of)", "IR"},
                                                      {"russia", "RU"},
                                                      {"Korea, North", "KP"},
                                                      {"CN", "CN"},
                                                      {"uk", "GB"},
                                                      {"XX", ""},
                                                      {"Atlantis", ""},
                                                      {"", ""},
                                                      {"Burma", "MM"},
                                                      {"Côte d'Ivoire", "CI"},
                                                      {"Turkiye", "TR"}};
  for (const auto& [name, code] : rows) {
    CAPTURE(name);
    CHECK(CountryCode(name) == code);
  }
}

TEST_CASE("remarks") {
  Party party;
  party.name.text = "X";
  ReadRemarks(
      party,
      "Linked To: A.B.C. S.A.; (Linked To: ROSTEC); 51% owned by GRAPE HOLDING.; owned 30.5 "
      "percent by PLUM; 0% owned by NOBODY; a.k.a. 'BNC'; alt. a.k.a. ''");
  std::vector<std::string> ties;
  for (const auto& tie : party.ties)
    ties.push_back(std::string(TieKindName(tie.kind)) + " " + tie.name + " " +
                   (tie.percent ? std::to_string(*tie.percent) : ""));
  CHECK(ties == Strings{"linked A.B.C. S.A. ", "linked ROSTEC ", "owner GRAPE HOLDING 51.000000",
                        "owner PLUM 30.500000"});
  REQUIRE(party.aliases.size() == 1);
  CHECK(party.aliases[0] == PartyName{"BNC", NameQuality::kWeak});
}

}  // namespace
}  // namespace weighbridge
