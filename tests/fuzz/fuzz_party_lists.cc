// Party lists: the first byte says what is tried (a list by its content, a list joined
// to an SDN.CSV, a database, a name to screen), the rest is the file or the name.
#include <cstdint>
#include <string>

#include "rules/parties/import.h"
#include "rules/parties/party_schema.h"
#include "rules/parties/screen.h"
#include "tests/support/party_lists_builder.h"

namespace {

using namespace weighbridge;

void ImportAndScreen(const std::vector<PartyFile>& files) {
  auto lists = ImportPartyLists(files);
  if (!lists.ok()) {
    if (lists.error().message.empty()) __builtin_trap();
    return;
  }
  auto store = PartyStore::FromLists(lists.value());
  if (!store.ok()) __builtin_trap();
  for (const PartyList& list : lists.value()) {
    if (list.parties.empty()) __builtin_trap();
    for (std::size_t i = 0; i < list.parties.size() && i < 4; ++i) {
      if (list.parties[i].name.text.empty()) __builtin_trap();
      static_cast<void>(
          Screen(*store.value(), {list.parties[i].name.text, {}, "CN", PartyType::kEntity}));
    }
  }
}

const PartyStore& SmallStore() {
  static const auto store = [] {
    auto lists = ImportPartyLists({{"SDN.CSV", SdnCsv()}, {"ALT.CSV", AltCsv()}});
    return PartyStore::FromLists(lists.value()).value().release();
  }();
  return *store;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case '1': ImportAndScreen({{"SDN.CSV", SdnCsv()}, {"other", bytes}}); break;
    case '2': {
      auto database = SqliteDatabase::OpenBytes(PartySchema(), bytes, "party database");
      if (database.ok()) database.value()->QueryInteger("SELECT count(*) FROM parties");
      break;
    }
    case '3': {
      for (const auto& found : Screen(SmallStore(), {bytes, {}, "", PartyType::kUnknown})) {
        if (!(found.score > 0 && found.score <= 1) || found.party.name.text.empty())
          __builtin_trap();
        static_cast<void>(WhyCandidate(found));
      }
      break;
    }
    default: ImportAndScreen({{"list", bytes}});
  }
  return 0;
}
