// Builds the catalogue image (one SQLite database) from the tables of rules/catalog.
// Runs at build time only. The same tables give the same bytes, with any SQLite.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace weighbridge {

struct CatalogImage {
  std::string bytes;                // empty when there are errors
  std::vector<std::string> errors;  // "publishers.tsv:12: ..."
  std::vector<std::string> notes;   // not wrong, worth a look: "models.tsv:3: ..."
};

// One table file: its name ("models.tsv") and text.
using CatalogTexts = std::vector<std::pair<std::string, std::string>>;

// The files that make a catalogue, in the order in which they are read.
std::vector<std::string> CatalogFileNames();
CatalogImage BuildCatalogImage(const CatalogTexts& texts);

}  // namespace weighbridge
