// Lineage: what a stated name ("Qwen/Qwen2.5-7B", "Qwen2.5 7B Instruct", a URL, a
// local path) resolves to in the Catalog, and the chain of declared bases from there
// to its root.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/identity/catalog.h"
#include "weighbridge/model.h"

namespace weighbridge {

struct Resolved {
  std::string text;             // as stated, without URL prefix and revision
  std::string hub_id;           // of the row; else ORG/NAME as written; else ""
  std::optional<ModelRow> row;  // the one row it names
  std::vector<ModelRow> rows;   // all rows of that bare name, when there is no one
  std::string publisher;        // namespace of who published it; "" unknown
  std::string uploader;         // namespace when that is a re-packager
  std::string root;             // namespace at the root of its chain; "" unknown
  std::vector<Ancestor> bases;  // its own bases, nearest first (not itself)
  bool named_after = false;     // found by name only, under another namespace
};

// Never fails: unknown names give publisher or nothing.
Resolved ResolveName(const Catalog& catalog, std::string_view text);

// The declared bases of a row, nearest first; cycle-safe, at most 16.
std::vector<Ancestor> BasesOf(const Catalog& catalog, const ModelRow& row);
// Namespace of the publisher at the root of the row's chain.
std::string RootPublisher(const Catalog& catalog, const ModelRow& row);
// How a row was made from its base: "distillation" when its names say so, else "finetune".
std::string RelationOf(const ModelRow& row);

}  // namespace weighbridge
