// Screening: misspelt, romanised, turned, with other legal forms; near-namesakes.
#include "rules/parties/screen.h"

#include <doctest/doctest.h>

#include "rules/parties/affiliate.h"
#include "rules/parties/import.h"
#include "scanner/base/text.h"
#include "tests/support/party_lists_builder.h"

namespace weighbridge {
namespace {

// Names of public lists, and enough others that words have weights.
std::string Lists() {
  return "name,aliases,country,type,list,parent,parent_percent\n"
         "\"Huawei Technologies Co., Ltd.\",Huawei,CN,entity,EL,,\n"
         "\"Beijing Zhipu Huazhang Technology Co., Ltd.\",Zhipu AI,CN,entity,EL,,\n"
         "Semiconductor Manufacturing International Corporation,,CN,entity,EL,,\n"
         "Hangzhou Hikvision Digital Technology Co. Ltd.,海康威视|Hikvision,CN,entity,EL,,\n"
         "AO Kaspersky Lab,Laboratoriya Kasperskogo,RU,entity,EL,,\n"
         "54th Research Institute of China,,CN,entity,EL,,\n"
         "\"PETRENKOV, Sergey Ivanovich\",,RU,individual,SDN,,\n"
         "\"RASHID, Mohammed Abdul\",,SY,individual,SDN,,\n"
         "SEA EXAMPLE,,PA,vessel,SDN,,\n"
         "Obrazec Holding OOO,Obrazec,RU,entity,SDN,,\n"
         "Obrazec Optics,,RU,entity,SDN,Obrazec Holding OOO,60\n"
         "Shanghai Guosheng Trading Group,,CN,entity,EL,,\n"
         "Beijing Aerospace Technology Institute,,CN,entity,EL,,\n"
         "Shenzhen Electronic Technology Co. Ltd.,,CN,entity,EL,,\n";
}

const PartyStore& Store() {
  static const std::unique_ptr<PartyStore> store = [] {
    auto lists = ImportPartyLists({{"own.csv", Lists()}});
    REQUIRE(lists.ok());
    auto opened = PartyStore::FromLists(lists.value());
    REQUIRE(opened.ok());
    return std::move(opened).value();
  }();
  return *store;
}

std::string First(const std::string& name, const std::string& country = "",
                  PartyType type = PartyType::kUnknown) {
  ScreeningSubject subject;
  subject.name = name;
  subject.country = country;
  subject.type = type;
  const auto found = Screen(Store(), subject);
  if (found.empty()) return "";
  return std::string(ScreeningStatusName(found[0].status)) + " " + found[0].party.name.text;
}

TEST_CASE("who is found") {
  const std::string huawei = " Huawei Technologies Co., Ltd.";
  const std::string zhipu = " Beijing Zhipu Huazhang Technology Co., Ltd.";
  const std::string sergey = " PETRENKOV, Sergey Ivanovich";
  const std::pair<const char*, std::string> rows[] = {
      {"Huawei", "exact" + huawei},
      {"HUAWEI TECHNOLOGIES COMPANY LIMITED", "exact" + huawei},
      {"Ｈｕａｗｅｉ", "exact" + huawei},
      {"Huawei Technologies", "review" + huawei},
      {"Huawei Technologies GmbH", "review" + huawei},
      {"Hua Wei Technologies Co. Ltd", "review" + huawei},
      {"Huwaei Technologies", "review" + huawei},
      {"Technologies Huawei", "review" + huawei},
      {"Huawei Technologies Co., Ltd., Bantian, Longgang District, Shenzhen", "exact" + huawei},
      {"Zhipu Huazhang Beijing Technologies", "review" + zhipu},
      {"海康威视", "exact Hangzhou Hikvision Digital Technology Co. Ltd."},
      {"Hikvison", "review Hangzhou Hikvision Digital Technology Co. Ltd."},
      {"Лаборатория Касперского", "exact AO Kaspersky Lab"},
      {"Sergey Ivanovich Petrenkov", "exact" + sergey},
      {"Petrenkov Sergey Ivanovich", "exact" + sergey},
      {"Sergei Ivanovich Petrenkov", "review" + sergey},
      {"Сергей Иванович Петренков", "exact" + sergey},
      {"Muhammad Abdul Rasheed", "review RASHID, Mohammed Abdul"},
      {"Sergey Petrenkov", "review" + sergey},
      {"Sergey Ivanovich", ""},
      {"Technologies Hua Wei", "review" + huawei},
      {"Haier Technologies", ""},
      {"Zhipu Bakery", ""},
      {"Obrazer", "review Obrazec Holding OOO"},
      {"Beijing Technology Co., Ltd.", ""},
      {"Shanghai Trading Group", ""},
      {"13th Research Institute of China", ""},
      {"Meta Platforms", ""},
      {"Sergey Brin", ""},
      {"", ""},
      {"...", ""},
  };
  for (const auto& [name, expected] : rows) {
    CAPTURE(name);
    CHECK(First(name) == expected);
  }
}

TEST_CASE("country and type support or contradict, and decide nothing") {
  ScreeningSubject subject{"Huawei Technologies", {}, "CN", PartyType::kIndividual};
  const auto found = Screen(Store(), subject);
  REQUIRE(found.size() == 1);
  CHECK(found[0].status == ScreeningStatus::kReview);
  CHECK(found[0].country == Agreement::kSupports);
  CHECK(found[0].type == Agreement::kContradicts);
  CHECK(WhyCandidate(found[0]) == "the same words; country agrees; type differs");
  CHECK(First("Huawei", "US") == "exact Huawei Technologies Co., Ltd.");
}

TEST_CASE("candidates explain themselves") {
  ScreeningSubject subject{"Huwaei Technologies Cloud", {}, "", PartyType::kUnknown};
  ScreeningOptions options;
  options.threshold = 0.5;
  const auto found = Screen(Store(), subject, options);
  REQUIRE(!found.empty());
  CHECK(WhyCandidate(found[0]) == "same: technologies; alike: huwaei ~ huawei; only asked: cloud");
  CHECK(found[0].name == PartyName{"Huawei Technologies Co., Ltd.", NameQuality::kPrimary});
  CHECK(found[0].asked == "Huwaei Technologies Cloud");
  CHECK(found[0].list.file == "own.csv");
}

TEST_CASE("first letters are weak evidence") {
  ScreeningSubject subject{"SMIC", {}, "", PartyType::kUnknown};
  const auto found = Screen(Store(), subject);
  REQUIRE(found.size() == 1);
  CHECK(found[0].status == ScreeningStatus::kReview);
  CHECK(found[0].initials_only);
  CHECK(found[0].score == doctest::Approx(0.5));
  CHECK(WhyCandidate(found[0]) == "first letters only, weak");
  ScreeningOptions options;
  options.initials = false;
  CHECK(Screen(Store(), subject, options).empty());
}

TEST_CASE("a weak alias is never a hit") {
  auto lists = ImportPartyLists({{"SDN.XML", SdnXml()}});
  REQUIRE(lists.ok());
  auto store = PartyStore::FromLists(lists.value());
  REQUIRE(store.ok());
  const auto weak = Screen(*store.value(), {"NOSA", {}, "", PartyType::kUnknown});
  REQUIRE(weak.size() == 1);
  CHECK(weak[0].status == ScreeningStatus::kReview);
  CHECK(WhyCandidate(weak[0]) == "the same words; a weak alias");
  const auto strong = Screen(*store.value(), {"Norrland Optics", {}, "", PartyType::kUnknown});
  REQUIRE(strong.size() == 1);
  CHECK(strong[0].status == ScreeningStatus::kExact);
}

TEST_CASE("aliases of the subject are asked too; hits come first and are never left off") {
  ScreeningSubject subject{"Nobody", {"Huawei", "Hikvison"}, "", PartyType::kUnknown};
  ScreeningOptions options;
  options.max_candidates = 0;
  const auto found = Screen(Store(), subject, options);
  REQUIRE(found.size() == 1);
  CHECK(found[0].asked == "Huawei");
  CHECK(Screen(Store(), subject).size() == 2);
}

TEST_CASE("hostile names") {
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "huawei technologies ";
  for (const std::string& name :
       {many, std::string(100'000, 'a'), std::string(5000, '('), std::string("\0\xff(", 3)}) {
    static_cast<void>(First(name));
  }
  CHECK(First("(((Huawei)))") != "x");
}

TEST_CASE("shares of listed owners") {
  using Kind = PartyTie::Kind;
  struct Row {
    std::vector<PartyTie> ties;
    const char* state;
    const char* why;
  };
  const Row rows[] = {
      {{}, "unknown", "no owner is stated"},
      {{{Kind::kParent, "Obrazec Holding OOO", 60.0}},
       "at-least-half",
       "60 percent stated of listed owners, 0 percent of others"},
      {{{Kind::kParent, "Huawei", 25.0}, {Kind::kOwner, "Obrazec", 25.0}},
       "at-least-half",
       "50 percent stated of listed owners, 0 percent of others"},
      {{{Kind::kOwner, "Huawei", 30.0}},
       "unknown",
       "30 percent stated of listed owners, 0 percent of others"},
      {{{Kind::kOwner, "Huawei", 30.0}, {Kind::kOwner, "Somebody Else", 70.0}},
       "below-half",
       "30 percent stated of listed owners, 70 percent of others"},
      {{{Kind::kParent, "Huawei", std::nullopt}},
       "unknown",
       "the share of \"Huawei\" is not stated"},
      {{{Kind::kOwner, "Huwaei Technologies", 90.0}},
       "unknown",
       "whether \"Huwaei Technologies\" is \"Huawei Technologies Co., Ltd.\""},
      {{{Kind::kOwner, "Huawei", 60.0}, {Kind::kParent, "HUAWEI", 60.0}},
       "at-least-half",
       "60 percent stated of listed owners, 0 percent of others"},
      {{{Kind::kOwner, "Huawei", 60.0}, {Kind::kOwner, "Other", 60.0}},
       "unknown",
       "the stated shares are 120 percent together"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.why);
    const AffiliateAnswer answer = AffiliateShare(Store(), row.ties);
    CHECK(std::string(AffiliateStateName(answer.state)) == row.state);
    CHECK(answer.why == row.why);
  }
}

}  // namespace
}  // namespace weighbridge
