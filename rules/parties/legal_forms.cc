#include "rules/parties/legal_forms.h"

#include <algorithm>
#include <array>
#include <set>

#include "rules/parties/similarity.h"

namespace weighbridge {
namespace {

// Kept apart from names wherever they stand; except for those of two letters.
constexpr auto kForms = std::to_array<std::string_view>({
    "ltd",  "llc",  "llp",  "inc",    "corp",    "co",    "plc", "gmbh",  "ag",   "kg",   "kgaa",
    "ohg",  "ug",   "mbh",  "sa",     "sas",     "sarl",  "srl", "spa",   "sl",   "slu",  "sau",
    "sab",  "cv",   "bv",   "nv",     "ab",      "aps",   "oy",  "oyj",   "asa",  "jsc",  "ojsc",
    "cjsc", "pjsc", "ooo",  "oao",    "zao",     "pao",   "ao",  "nao",   "too",  "tov",  "pat",
    "prat", "tdv",  "fze",  "fzco",   "fzc",     "fzllc", "wll", "bsc",   "kk",   "yk",   "gk",
    "pte",  "pvt",  "bhd",  "sdn",    "pt",      "tbk",   "sia", "uab",   "doo",  "dd",   "ad",
    "ead",  "eood", "ood",  "kft",    "zrt",     "nyrt",  "sro", "spzoo", "zoo",  "ltda", "eireli",
    "lda",  "sti",  "tic",  "gesmbh", "ltee",    "pty",   "npo", "npk",   "fgup", "gup",  "pk",
    "sjsc", "jscb", "fgbu", "sadecv", "srldecv", "aps",   "vof", "scs",   "sca",  "snc",  "eurl",
    "coop", "lllp", "lp",
});

struct Spelling {
  std::string_view words;
  std::string_view form;
};

// Longer ones first.
constexpr auto kSpellings = std::to_array<Spelling>({
    {"obshchestvo s ogranichennoy otvetstvennostyu", "ooo"},
    {"obschestvo s ogranichennoi otvetstvennostyu", "ooo"},
    {"tovarystvo z obmezhenoyu vidpovidalnistyu", "tov"},
    {"publichnoe aktsionernoe obshchestvo", "pjsc"},
    {"otkrytoe aktsionernoe obshchestvo", "ojsc"},
    {"zakrytoe aktsionernoe obshchestvo", "cjsc"},
    {"federal state unitary enterprise", "fgup"},
    {"limited liability partnership", "llp"},
    {"public limited liability company", "plc"},
    {"public joint stock company", "pjsc"},
    {"open joint stock company", "ojsc"},
    {"closed joint stock company", "cjsc"},
    {"limited liability company", "llc"},
    {"s de rl de cv", "srldecv"},
    {"sa de cv", "sadecv"},
    {"private limited company", "ltd"},
    {"public limited company", "plc"},
    {"company limited by shares", "co ltd"},
    {"aktsionernoe obshchestvo", "jsc"},
    {"aktsionernoye obshchestvo", "jsc"},
    {"aktsionerne tovarystvo", "jsc"},
    {"sendirian berhad", "sdn bhd"},
    {"kabushiki kaisha", "kk"},
    {"kabushiki gaisha", "kk"},
    {"godo kaisha", "gk"},
    {"yugen kaisha", "kk"},
    {"joint stock company", "jsc"},
    {"private joint stock company", "cjsc"},
    {"sociedad anonima", "sa"},
    {"sociedade anonima", "sa"},
    {"societe anonyme", "sa"},
    {"societa per azioni", "spa"},
    {"besloten vennootschap", "bv"},
    {"naamloze vennootschap", "nv"},
    {"anonim sirketi", "as"},
    {"limited sirketi", "ltd sti"},
    {"aktiengesellschaft", "ag"},
    {"aktiebolag", "ab"},
    {"osakeyhtio", "oy"},
    {"perusahaan perseroan", "pt"},
    {"sp z o o", "spzoo"},
    {"sp z oo", "spzoo"},
    {"sp zoo", "spzoo"},
    {"d o o", "doo"},
    {"s r o", "sro"},
    {"l l c", "llc"},
    {"w l l", "wll"},
    {"k k", "kk"},
    {"s a", "sa"},
    {"b v", "bv"},
    {"n v", "nv"},
    {"fz llc", "fzllc"},
    {"fz e", "fze"},
    {"pvt ltd", "pvt ltd"},
    {"limited", "ltd"},
    {"company", "co"},
    {"companies", "co"},
    {"corporation", "corp"},
    {"corporate", "corp"},
    {"incorporated", "inc"},
    {"private", "pvt"},
    {"berhad", "bhd"},
    {"limitada", "ltda"},
    {"limitee", "ltee"},
    {"compania", "co"},
    {"compagnie", "co"},
    {"sirketi", "sti"},
    {"ticaret", "tic"},
    {"proprietary", "pty"},
    {"cooperative", "coop"},
    // Russian words that lists translate as often as they romanise them.
    {"korporatsiya", "corp"},
    {"kompaniya", "co"},
    {"kontsern", "concern"},
    {"gruppa", "group"},
    {"institut", "institute"},
    {"universitet", "university"},
    {"tekhnologii", "technologies"},
    {"elektronika", "electronics"},
    {"tsentr", "center"},
});

// Legal forms only where they end a name: elsewhere they are words.
constexpr auto kAtEnd = std::to_array<std::string_view>(
    {"as", "se", "sp", "pc", "ca", "cc", "hf", "ba", "gp", "kb", "sh", "pa", "san"});

// Chinese, Japanese and Korean legal forms, at either end of a run of characters.
constexpr auto kEastAsian = std::to_array<std::string_view>(
    {"股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "株式会社", "株式會社", "合同会社",
     "有限会社", "주식회사", "유한회사"});

constexpr auto kCommon = std::to_array<std::string_view>({
    "technology",
    "technologies",
    "technical",
    "tech",
    "science",
    "sciences",
    "scientific",
    "international",
    "intl",
    "global",
    "world",
    "group",
    "holding",
    "holdings",
    "trading",
    "trade",
    "import",
    "export",
    "industry",
    "industries",
    "industrial",
    "manufacturing",
    "engineering",
    "electronics",
    "electronic",
    "electric",
    "electrical",
    "electro",
    "systems",
    "system",
    "software",
    "hardware",
    "digital",
    "information",
    "informatics",
    "data",
    "network",
    "networks",
    "communication",
    "communications",
    "telecom",
    "computer",
    "computing",
    "intelligent",
    "intelligence",
    "artificial",
    "smart",
    "research",
    "institute",
    "institution",
    "university",
    "academy",
    "college",
    "school",
    "laboratory",
    "laboratories",
    "lab",
    "labs",
    "center",
    "centre",
    "national",
    "state",
    "general",
    "central",
    "federal",
    "first",
    "new",
    "united",
    "union",
    "development",
    "investment",
    "investments",
    "capital",
    "finance",
    "financial",
    "bank",
    "banking",
    "insurance",
    "services",
    "service",
    "solutions",
    "consulting",
    "management",
    "enterprise",
    "enterprises",
    "foundation",
    "association",
    "organization",
    "organisation",
    "society",
    "committee",
    "bureau",
    "office",
    "department",
    "ministry",
    "agency",
    "branch",
    "aviation",
    "aerospace",
    "aircraft",
    "airlines",
    "airways",
    "marine",
    "shipping",
    "ship",
    "shipyard",
    "transport",
    "logistics",
    "energy",
    "power",
    "oil",
    "gas",
    "petroleum",
    "chemical",
    "chemicals",
    "materials",
    "material",
    "metal",
    "metals",
    "steel",
    "mining",
    "machinery",
    "machine",
    "equipment",
    "instrument",
    "instruments",
    "optical",
    "optics",
    "precision",
    "semiconductor",
    "microelectronics",
    "device",
    "devices",
    "components",
    "products",
    "product",
    "design",
    "construction",
    "building",
    "real",
    "estate",
    "medical",
    "pharmaceutical",
    "health",
    "food",
    "agricultural",
    "automotive",
    "auto",
    "motor",
    "motors",
    "security",
    "defense",
    "defence",
    "military",
    "space",
    "satellite",
    "nuclear",
    "online",
    "internet",
    "media",
    "advanced",
    "integrated",
    "applied",
    "commercial",
    "business",
    "supply",
    "limited",
    "east",
    "west",
    "north",
    "south",
    "asia",
    "pacific",
    "european",
    "american",
    "america",
    "europe",
    "of",
    "de",
    "del",
    "la",
    "el",
    "al",
    "for",
    "in",
    "and",
    "y",
    "e",
    "da",
    "do",
    "das",
    "bin",
    "china",
    "chinese",
    "beijing",
    "shanghai",
    "shenzhen",
    "guangzhou",
    "guangdong",
    "hangzhou",
    "nanjing",
    "wuhan",
    "chengdu",
    "tianjin",
    "xian",
    "suzhou",
    "hefei",
    "hong",
    "kong",
    "hongkong",
    "taiwan",
    "russia",
    "russian",
    "moscow",
    "petersburg",
    "iran",
    "iranian",
    "tehran",
    "korea",
    "korean",
    "syria",
    "syrian",
    "dubai",
    "emirates",
    "turkey",
    "istanbul",
    "india",
    "singapore",
    "malaysia",
    "london",
    "germany",
    "deutschland",
    "france",
    "italia",
    "usa",
    "uk",
    "middle",
    "plant",
    "factory",
    "works",
    "zavod",
    "nauchno",
    "proizvodstvennoe",
    "obedinenie",
    "saint",
    "concern",
    "ai",
    "cloud",
    "robotics",
    "model",
    "models",
    "co",
    "corp",
    "company",
    "club",
    "party",
});

const std::set<std::string_view>& Forms() {
  static const std::set<std::string_view> forms = [] {
    std::set<std::string_view> all(kForms.begin(), kForms.end());
    all.insert(kAtEnd.begin(), kAtEnd.end());
    return all;
  }();
  return forms;
}

bool IsFormAnywhere(std::string_view word) {
  static const std::set<std::string_view> forms(kForms.begin(), kForms.end());
  return forms.contains(word);
}

// "limiteed", "comapny": a long form with one letter wrong.
bool IsMisspeltForm(const std::string& word) {
  constexpr auto kLong = std::to_array<std::u32string_view>(
      {U"limited", U"company", U"corporation", U"incorporated", U"limitada", U"berhad"});
  if (word.size() < 5 || word.size() > 14 ||
      word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != word.npos)
    return false;
  const std::u32string letters(word.begin(), word.end());
  return std::any_of(kLong.begin(), kLong.end(),
                     [&](std::u32string_view form) { return EditDistance(letters, form) == 1; });
}

// Places `form` where the words of `spelling` stand.
void ReplaceWords(std::string& text, std::string_view spelling, std::string_view form) {
  for (std::size_t at = 0; (at = text.find(spelling, at)) != text.npos;) {
    const bool starts = at == 0 || text[at - 1] == ' ';
    const std::size_t end = at + spelling.size();
    if (!starts || (end < text.size() && text[end] != ' ')) {
      at = end;
      continue;
    }
    text.replace(at, spelling.size(), form);
    at += form.size();
  }
}

}  // namespace

bool IsLegalForm(std::string_view word) { return Forms().contains(word); }

bool IsCommonWord(std::string_view word) {
  static const std::set<std::string_view> common(kCommon.begin(), kCommon.end());
  return common.contains(word);
}

void SpellLegalForms(std::string& text) {
  for (const Spelling& spelling : kSpellings) ReplaceWords(text, spelling.words, spelling.form);
}

std::vector<std::string> WithoutLegalForms(const std::vector<std::string>& words) {
  std::size_t end = words.size();
  while (end > 0 && (Forms().contains(words[end - 1]) || IsMisspeltForm(words[end - 1]))) --end;
  std::vector<std::string> left;
  for (std::size_t i = 0; i < end; ++i) {
    std::string word = words[i];
    for (const auto form : kEastAsian) {
      if (word.size() <= form.size()) continue;
      if (word.ends_with(form)) word.resize(word.size() - form.size());
      if (word.size() > form.size() && word.starts_with(form)) word.erase(0, form.size());
    }
    if (word == "and" || word == "the") continue;
    // Two letters in the middle are rather a word: "Ag Reserves", "Ad Astra".
    const bool inner = i > 0 && i + 1 < words.size() && word.size() < 3 && word != "co";
    if ((IsFormAnywhere(word) && !inner) || IsMisspeltForm(word)) continue;
    left.push_back(std::move(word));
  }
  return left;
}

}  // namespace weighbridge
