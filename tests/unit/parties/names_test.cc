// Folding and normal forms of names, likeness of words.
#include <algorithm>

#include <doctest/doctest.h>

#include "rules/parties/csv_table.h"
#include "rules/parties/fold.h"
#include "rules/parties/normal_name.h"
#include "rules/parties/party_store_writer.h"
#include "rules/parties/similarity.h"
#include "rules/parties/unicode.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using Strings = std::vector<std::string>;

TEST_CASE("folding") {
  const std::pair<const char*, const char*> rows[] = {
      {"Huawei Technologies", "huawei technologies"},
      {"  S.A.  ", "sa"},
      {"U.M.V. S.A.", "umv sa"},
      {"AT&T Inc.", "at and t inc"},
      {"Al-Rashid", "al rashid"},
      {"O'Neil d’Or", "oneil dor"},
      {"Müller Straße Łódź Þór Ærø", "muller strasse lodz thor aero"},
      {"ŞİRKETİ", "sirketi"},
      {"Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"},
      {"Сергей Щербаков", "sergey shcherbakov"},
      {"ООО «Ромашка»", "ooo romashka"},
      {"Гайворонський Юрій", "hayvoronskyy yuriy"},
      {"Αθήνα", "athina"},
      {"华为技术有限公司", "华为技术有限公司"},
      {"华为 Huawei华为", "华为 huawei 华为"},
      {"سعيد، علي", "سعيد علي"},
      {"\xff\xfe"
       "ABC",
       "abc"},
      {"...", ""},
      {"", ""},
  };
  for (const auto& [text, words] : rows) {
    CAPTURE(text);
    CHECK(Join(FoldName(text), " ") == words);
  }
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "a ";
  CHECK(FoldName(many).size() == kMaxNameWords);
}

TEST_CASE("normal names") {
  struct Row {
    const char* name;
    const char* whole;
    const char* words;
  };
  const Row rows[] = {
      {"Huawei Technologies Co., Ltd.", "huawei technologies co ltd", "huawei technologies"},
      {"The Huawei Technologies Company Limited", "huawei technologies co ltd",
       "huawei technologies"},
      {"Open Joint-Stock Company Sukhoi", "ojsc sukhoi", "sukhoi"},
      {"AO Kaspersky Lab", "ao kaspersky lab", "kaspersky lab"},
      {"Aktsionernoe Obshchestvo Laboratoriya Kasperskogo", "jsc laboratoriya kasperskogo",
       "laboratoriya kasperskogo"},
      {"ООО Ромашка", "ooo romashka", "romashka"},
      {"Example GmbH & Co. KG", "example gmbh co kg", "example"},
      {"Banco Example, S.A.", "banco example sa", "banco example"},
      {"Toyo Kabushiki Kaisha", "toyo kk", "toyo"},
      {"Sigma Sp. z o.o.", "sigma spzoo", "sigma"},
      {"华为技术有限公司", "华为技术有限公司", "华为技术"},
      {"株式会社東陽", "株式会社東陽", "東陽"},
      {"Ad Astra Rocket", "ad astra rocket", "astra rocket"},
      {"Globo, S.A. de C.V.", "globo sadecv", "globo"},
      {"Asan Shipping Limiteed", "asan shipping limiteed", "asan shipping"},
      {"Ltd.", "ltd", "ltd"},
      {"", "", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const NormalName normal = Normalise(row.name);
    CHECK(normal.whole == row.whole);
    CHECK(Join(normal.words, " ") == row.words);
  }
}

TEST_CASE("variants of a name") {
  struct Row {
    const char* name;
    Strings variants;
  };
  const Row rows[] = {
      {"Semi Example Corporation (SMEC)",
       {"Semi Example Corporation (SMEC)", "Semi Example Corporation", "SMEC/inside"}},
      {"Example (Hong Kong) Ltd", {"Example (Hong Kong) Ltd", "Example   Ltd"}},
      {"Norrland Co., Ltd., 12 Some Road, Shenzhen",
       {"Norrland Co., Ltd., 12 Some Road, Shenzhen", "Norrland Co., Ltd."}},
      {"PETRENKOV, Sergey", {"PETRENKOV, Sergey", "Sergey PETRENKOV"}},
      {"Plain", {"Plain"}},
      {"(", {"("}},
      {"", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Strings texts;
    for (const auto& variant : NameVariants(row.name, true))
      texts.push_back(variant.text + (variant.inside_brackets ? "/inside" : ""));
    CHECK(Join(texts, "\n") == Join(row.variants, "\n"));
  }
}

TEST_CASE("likeness of words") {
  struct Row {
    const char* ours;
    const char* theirs;
    bool alike;
  };
  const Row rows[] = {
      {"huawei", "huawei", true},
      {"huawei", "huwaei", true},
      {"sergey", "sergei", true},
      {"mohammed", "muhammad", true},
      {"hikvision", "hikvison", true},
      {"kaspersky", "kasperski", true},
      {"yevgeny", "evgeniy", true},
      {"shcherbakov", "scherbakov", true},
      {"zhipu", "zhihu", true},
      {"54th", "53th", false},
      {"ab", "ac", false},
      {"oil", "oils", false},
      {"huawei", "haier", false},
      {"biren", "byron", false},
      {"kunlun", "berlin", false},
      {"", "", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.ours);
    CAPTURE(row.theirs);
    const double similarity = WordSimilarity(row.ours, row.theirs);
    CHECK((similarity > 0) == row.alike);
    CHECK(similarity == WordSimilarity(row.theirs, row.ours));
    CHECK((similarity == 0 || similarity >= kLeastWordSimilarity));
    CHECK(similarity <= 1);
  }
  CHECK(JaroWinkler(U"martha", U"marhta") == doctest::Approx(0.9611).epsilon(0.001));
  CHECK(JaroWinkler(U"dixon", U"dicksonx") == doctest::Approx(0.8133).epsilon(0.001));
  CHECK(JaroWinkler(U"", U"a") == 0);
  CHECK(EditDistance(U"kitten", U"sitting") == 3);
  CHECK(EditDistance(U"ab", U"ba") == 1);
  CHECK(Skeleton("sergey") == "srg");
  CHECK(Skeleton("sergei") == "srg");
  CHECK(Skeleton("muhammad") == Skeleton("mohammed"));
  CHECK(Skeleton("华为") == "");
}

TEST_CASE("words one edit apart share a key of the index") {
  const std::pair<const char*, const char*> rows[] = {
      {"huawei", "huwei"},  {"huawei", "huawwei"},    {"huawei", "huaweo"},    {"huawei", "huwaei"},
      {"sergey", "sergei"}, {"mohammed", "muhammad"}, {"深度求索", "深度求素"}};
  for (const auto& [a, b] : rows) {
    CAPTURE(a);
    const auto ours = LookUpKeys(a), theirs = LookUpKeys(b);
    CHECK(std::any_of(ours.begin(), ours.end(), [&](std::uint32_t key) {
      return std::find(theirs.begin(), theirs.end(), key) != theirs.end();
    }));
  }
  CHECK(LookUpKeys("54th").size() == 1);
}

TEST_CASE("comparing names") {
  const auto compare = [](const Strings& ours, const Strings& theirs) {
    std::vector<WeightedWord> a, b;
    for (const auto& word : ours) a.push_back({word, 1});
    for (const auto& word : theirs) b.push_back({word, 1});
    return CompareNames(a, b);
  };
  CHECK(compare({"a1", "b"}, {"b", "a1"}).score == 1);
  CHECK(compare({"huawei"}, {"hua", "wei"}).score == 1);
  CHECK(compare({"hua", "wei", "cloud"}, {"cloud", "huawei"}).score == 1);
  CHECK(compare({"alpha", "beta"}, {"alpha"}).score == doctest::Approx(2.0 / 3));
  CHECK(compare({"54th", "institute"}, {"13th", "institute"}).score == doctest::Approx(0.3));
  CHECK(compare({}, {}).score == 0);
  const auto comparison = compare({"zhipu", "bakery"}, {"zhipu"});
  CHECK(comparison.only_ours == Strings{"bakery"});
  CHECK(comparison.only_theirs.empty());
}

TEST_CASE("initials") {
  CHECK(Initials("semiconductor manufacturing international corp") == Strings{"smi", "smic"});
  CHECK(Initials("one two three") == Strings{"ott"});
  CHECK(Initials("one two") == Strings{});
  CHECK(Initials("institute of applied physics ltd") == Strings{"iap"});
}

TEST_CASE("csv rows") {
  struct Row {
    std::string text;
    std::vector<Strings> rows;
    std::string error;
  };
  const Row rows[] = {
      {"", {}, ""},
      {"a,b\n", {{"a", "b"}}, ""},
      {"a,b", {{"a", "b"}}, ""},
      {"a,\r\n\r\n ,\"x\"\"y\"\r\n", {{"a", ""}, {" ", "x\"y"}}, ""},
      {"\"a\nb\",c\rd,e\n", {{"a\nb", "c"}, {"d", "e"}}, ""},
      {"a\"b,c\n", {{"a\"b", "c"}}, ""},
      {"\"a\"b,c\n", {{"ab", "c"}}, ""},
      {"x\n\"open", {{"x"}}, "a quoted field that does not end"},
      {"x\n\x1A", {{"x"}}, ""},
      {std::string(600, ','), {}, "a row of more than 512 fields"},
      {"\"" + std::string(2 << 20, 'x') + "\"", {}, "a row of more than 1 MiB"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 40));
    CsvReader reader(row.text, ',');
    std::vector<Strings> read;
    for (Strings fields; reader.Next(fields);) read.push_back(fields);
    CHECK(read == row.rows);
    CHECK(reader.error() == row.error);
  }
  CsvReader lines("a\n\"b\nb\"\n\nc\n", ',');
  Strings fields;
  std::vector<std::size_t> at;
  while (lines.Next(fields)) at.push_back(lines.line());
  CHECK(at == std::vector<std::size_t>{1, 2, 5});
}

}  // namespace
}  // namespace weighbridge
