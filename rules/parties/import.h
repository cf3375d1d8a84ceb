// ImportPartyLists: files of published lists, recognised by their content, become
// PartyLists. A list with an error is refused whole, and so is the import; every error
// is named with its file and line, up to a cap.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/parties/party_list.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct PartyFile {
  std::string name;
  std::string bytes;
};

enum class PartyFileKind {
  kUnknown,
  kCslCsv,
  kCslJson,
  kOfacSdnCsv,
  kOfacAltCsv,  // needs its SDN.CSV
  kOfacAddCsv,  // needs its SDN.CSV
  kOfacXml,
  kOfacAdvancedXml,  // recognised, not read
  kDeniedPersons,
  kUnXml,
  kUkCsv,
  kEuCsv,
  kEuXml,
  kPlainCsv,
};

inline constexpr std::size_t kMaxPartyFileBytes = 256U << 20;

PartyFileKind RecognisePartyFile(std::string_view bytes);
const char* PartyFileKindName(PartyFileKind kind);  // "csl-csv", "unknown"

Result<std::vector<PartyList>> ImportPartyLists(const std::vector<PartyFile>& files);

}  // namespace weighbridge
