// NormalName: the words of a name that tell parties apart. Legal forms of many
// countries are brought to one spelling and set aside, "the" and "and" are dropped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

struct NormalName {
  // All words with legal forms in one spelling: "huawei technologies co ltd". Equal
  // texts are the same name.
  std::string whole;
  std::vector<std::string> words;  // without legal forms: "huawei", "technologies"
};

NormalName Normalise(std::string_view name);

// The spellings under which a name is looked for: as given; without "(SMIC)", and
// "SMIC" alone; without an address that follows the legal form after a comma; "First
// Last" for "LAST, First" where `person` may hold.
struct NameVariant {
  std::string text;
  bool inside_brackets = false;  // most often an abbreviation
};
std::vector<NameVariant> NameVariants(std::string_view name, bool person);

}  // namespace weighbridge
