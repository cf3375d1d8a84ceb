// db import-list: published lists, checked, into one file. What was there before stays
// when a list is refused.
#include "rules/parties/party_store_writer.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"
#include "scanner/cli/party_files.h"

namespace weighbridge {
namespace {

std::string Summary(const std::vector<PartyList>& lists) {
  std::string text;
  for (const PartyList& list : lists) {
    text += Printable(list.file) + ": " + list.kind + ", " + std::to_string(list.parties.size()) +
            " parties, " + (list.published.empty() ? "no date stated" : "of " + list.published) +
            ", sha256 " + list.sha256 + "\n";
    for (const auto& name : list.names) text += "  " + Printable(name) + "\n";
  }
  return text;
}

}  // namespace

int RunImportList(const CommandLine& line) {
  auto lists = ReadPartyFiles(line.party_lists);
  if (!lists.ok()) {
    for (const auto& message : Split(lists.error().message, '\n')) Complain(message);
    return kExitError;
  }
  auto image = BuildPartyImage(lists.value());
  if (!image.ok()) {
    Complain(image.error().message);
    return kExitError;
  }
  Status wrote = WriteDocument(line.party_database, image.value());
  if (wrote.ok()) wrote = WriteDocument("", Summary(lists.value()));
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace weighbridge
