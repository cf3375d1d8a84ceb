// Report writers, listed in one table. A writer is a pure function of the Report:
// the same report gives the same bytes. Adding one: a .cc file and a table row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/report.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct WriterRule {  // what writers say about a rule once, beside its findings
  std::string id, title, sentence, jurisdiction, authority, citation, source_url, source_date;
  std::string confidence, status, effective_from, effective_to, outcome;
};

struct WriterOptions {
  std::vector<WriterRule> rules;  // at least those that have findings
  int width = 80;                 // columns of the table
  bool colour = false;            // terminal colour in the table
  bool verbose = false;           // the table lists all, and groups nothing
  std::string serial;             // urn:uuid:... for CycloneDX; "" derives one from the content
};

struct Writer {
  const char* id;           // "table", "json", "cyclonedx-json", "cyclonedx-json@1.6", "sarif"
  const char* description;  // for --help
  std::string (*write)(const Report& report, const WriterOptions& options);
};

const std::vector<Writer>& Writers();
const Writer* FindWriter(std::string_view id);

}  // namespace weighbridge
