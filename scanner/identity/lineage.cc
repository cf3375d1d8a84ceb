// Resolution of stated names and base chains.
#include "scanner/identity/lineage.h"

#include <algorithm>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/file_names.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxChain = 16;

// Without scheme, host, revision and tree suffix; a local path becomes its last
// folder, or the hub id of a cache path.
std::string Plain(std::string_view text) {
  text = Trim(text);
  if (text.size() > 4096) text = text.substr(0, 4096);
  for (const std::string_view prefix :
       {"https://", "http://", "huggingface.co/", "www.huggingface.co/", "hf.co/",
        "modelscope.cn/models/", "www.modelscope.cn/models/", "ollama.com/library/",
        "registry.ollama.ai/library/"}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  for (const std::string_view mark : {"/tree/", "/blob/", "/resolve/", "@", "?", "#"}) {
    text = text.substr(0, text.find(mark));
  }
  while (!text.empty() && text.back() == '/') text.remove_suffix(1);
  const std::string cached = HubIdFromCachePath(text);
  if (!cached.empty()) return cached;
  const auto slashes = std::count(text.begin(), text.end(), '/');
  if (slashes > 1 || text.starts_with("/") || text.starts_with("./") || text.starts_with("../")) {
    return std::string(text.substr(text.rfind('/') + 1));
  }
  return std::string(text);
}

void AddRow(std::vector<ModelRow>& rows, const ModelRow& row) {
  const bool known = std::any_of(rows.begin(), rows.end(),
                                 [&](const ModelRow& r) { return r.hub_id == row.hub_id; });
  if (!known) rows.push_back(row);
}

// Rows whose name this is, allowing for what hub names add ("-hf", "Meta-").
std::vector<ModelRow> RowsNamed(const Catalog& catalog, const std::string& name) {
  if (name.empty() || IsGenericName(name)) return {};
  for (const std::string& spelling : {name, name + "-hf", "Meta-" + name}) {
    std::vector<ModelRow> rows = catalog.ModelsByName(spelling);
    if (!rows.empty()) return rows;
  }
  return {};
}

void UseRow(const Catalog& catalog, const ModelRow& row, Resolved& resolved) {
  resolved.row = row;
  resolved.hub_id = row.hub_id;
  resolved.publisher = PublisherOf(catalog, row);
  resolved.bases = BasesOf(catalog, row);
  resolved.root = RootPublisher(catalog, row);
}

void UseNamedRows(const Catalog& catalog, const std::vector<ModelRow>& rows, Resolved& resolved) {
  resolved.named_after = true;
  if (rows.size() == 1) {
    UseRow(catalog, rows.front(), resolved);
    return;
  }
  std::set<std::string> roots;
  std::set<std::string> publishers;
  for (const ModelRow& row : rows) {
    AddRow(resolved.rows, row);
    roots.insert(RootPublisher(catalog, row));
    publishers.insert(PublisherOf(catalog, row));
  }
  resolved.root = OnePublisher(catalog, roots);
  resolved.publisher = OnePublisher(catalog, publishers);
}

// The publisher whose models Ollama's library offers under this name ("llama3.2:3b").
std::string PublisherInLibrary(const Catalog& catalog, std::string_view name) {
  const std::string model = ToLower(name.substr(0, name.find(':')));
  for (const PublisherRow& row : catalog.AllPublishers()) {
    const auto& names = row.ollama_names;
    if (row.namespaces.empty() || std::find(names.begin(), names.end(), model) == names.end()) {
      continue;
    }
    return row.namespaces.front();
  }
  return {};
}

}  // namespace

std::string RelationOf(const ModelRow& row) {
  const std::string text = ToLower(row.hub_id + " " + row.family);
  return text.find("distill") != std::string::npos ? "distillation" : "finetune";
}

std::vector<Ancestor> BasesOf(const Catalog& catalog, const ModelRow& row) {
  std::vector<Ancestor> bases;
  std::set<std::string> seen = {ToLower(row.hub_id)};
  ModelRow current = row;
  while (!current.base_hub_id.empty() && bases.size() < kMaxChain) {
    if (!seen.insert(ToLower(current.base_hub_id)).second) break;
    Ancestor ancestor;
    ancestor.name = current.base_hub_id;
    ancestor.relation = RelationOf(current);
    ancestor.publisher = ReportNamespace(catalog, NamespaceOf(current.base_hub_id));
    const auto next = catalog.ModelByHubId(current.base_hub_id);
    if (next) {
      ancestor.name = next->hub_id;
      ancestor.publisher = PublisherOf(catalog, *next);
    }
    bases.push_back(std::move(ancestor));
    if (!next) break;
    current = *next;
  }
  return bases;
}

std::string RootPublisher(const Catalog& catalog, const ModelRow& row) {
  const std::vector<Ancestor> bases = BasesOf(catalog, row);
  if (!bases.empty() && !bases.back().publisher.empty()) return bases.back().publisher;
  return PublisherOf(catalog, row);
}

Resolved ResolveName(const Catalog& catalog, std::string_view text) {
  Resolved resolved;
  resolved.text = Plain(text);
  if (resolved.text.empty()) return resolved;
  const std::string ns = NamespaceOf(resolved.text);
  std::string name = NameOf(resolved.text);
  // Ollama tags: "qwen2.5:7b" is the name "qwen2.5-7b".
  std::replace(name.begin(), name.end(), ':', '-');
  const std::string bare = WithoutQuantisation(name);
  if (ns.empty()) {
    std::vector<ModelRow> rows = RowsNamed(catalog, name);
    if (rows.empty() && bare != name) rows = RowsNamed(catalog, bare);
    if (!rows.empty()) UseNamedRows(catalog, rows, resolved);
    return resolved;
  }
  resolved.hub_id = resolved.text;
  const bool repackager = IsRepackager(catalog, ns) || LooksRequantised(ns, name);
  if (const auto row = catalog.ModelByHubId(resolved.text)) {
    UseRow(catalog, *row, resolved);
    // The row found by another hub's id is the publisher's own.
    const bool twin = ToLower(NamespaceOf(row->hub_id)) != ToLower(ns);
    if (repackager && !twin) {
      // The row of a re-packager speaks for the model that it re-packs.
      resolved.uploader = ns;
      resolved.publisher =
          resolved.bases.empty() ? std::string() : resolved.bases.front().publisher;
      if (!resolved.bases.empty()) resolved.bases.front().relation = "quantized";
      if (resolved.bases.empty()) resolved.root.clear();
    }
    return resolved;
  }
  if (!repackager) {
    resolved.publisher = ReportNamespace(catalog, ns);
    if (const auto row = catalog.ModelByHubId(ns + "/" + bare)) {
      UseRow(catalog, *row, resolved);
      return resolved;
    }
    // A known publisher's own, unlisted model: its root stays unknown.
    return resolved;
  }
  // Who uploads to the library of ollama.com is not said.
  resolved.uploader = ToLower(ns) == "library" ? "ollama/library" : ns;
  resolved.hub_id.clear();
  // "bartowski/Qwen_Qwen3-8B-GGUF" carries the owner in the name.
  const std::size_t joint = bare.find('_');
  if (joint != std::string::npos && joint > 0) {
    if (const auto row =
            catalog.ModelByHubId(bare.substr(0, joint) + "/" + bare.substr(joint + 1))) {
      UseRow(catalog, *row, resolved);
      resolved.named_after = true;
      return resolved;
    }
  }
  const std::vector<ModelRow> rows = RowsNamed(catalog, bare);
  if (!rows.empty()) UseNamedRows(catalog, rows, resolved);
  if (rows.empty() && ToLower(ns) == "library") {
    resolved.publisher = PublisherInLibrary(catalog, NameOf(resolved.text));
  }
  return resolved;
}

}  // namespace weighbridge
