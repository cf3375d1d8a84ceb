// The models section of the text report.
#include <algorithm>
#include <cstdio>

#include "sbom/table.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// "Qwen (Alibaba Cloud)": the hub namespace, and the display name where it says more.
std::string Party(const std::string& hub, const std::string& name) {
  if (hub.empty()) return Printable(name);
  if (name.empty() || name == hub) return Printable(hub);
  return Printable(hub) + " (" + Printable(name) + ")";
}

std::string Origin(const Identity& identity) {
  if (HasCandidates(identity)) return "one of " + Printable(Join(identity.candidates, ", "));
  if (identity.origin_publisher.empty()) return "unknown";
  std::string text = Party(identity.origin_publisher, identity.origin_name);
  if (!identity.origin_country.empty()) text += ", " + Printable(identity.origin_country);
  return text + " [" + GradeName(OriginGrade(identity)) + "]";
}

std::string Family(const Identity& identity) {
  std::string text = Printable(identity.family);
  if (!identity.architecture.empty() && identity.architecture != identity.family) {
    text += (text.empty() ? "" : ", ") + std::string("architecture ") +
            Printable(identity.architecture);
  }
  return text;
}

// "7.6 billion parameters": as people name models.
std::string ParameterCount(std::uint64_t count) {
  struct Unit {
    double size;
    const char* name;
  };
  constexpr Unit kUnits[] = {{1e12, " trillion"}, {1e9, " billion"}, {1e6, " million"}};
  for (const Unit& unit : kUnits) {
    if (static_cast<double>(count) < unit.size) continue;
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f%s", static_cast<double>(count) / unit.size,
                  unit.name);
    return std::string(buffer) + " parameters";
  }
  return std::to_string(count) + " parameters";
}

std::string Format(const Report& report, const Model& model) {
  std::string text = model.format.empty() ? std::string("unknown") : Printable(model.format);
  if (!model.identity.quantisation.empty()) text += ", " + Printable(model.identity.quantisation);
  if (model.identity.parameters != 0) {
    text += ", " + ParameterCount(model.identity.parameters);
  }
  text += ", " + ByteCount(WeightBytes(report, model)) + " in " +
          std::to_string(model.weights.size()) + (model.weights.size() == 1 ? " file" : " files");
  if (model.pointer_only) text += ", git-lfs pointer: the weights are not here";
  if (model.is_adapter) text += ", adapter";
  return text;
}

std::string Lineage(const Identity& identity) {
  std::vector<std::string> parts;
  for (const Ancestor& ancestor : identity.ancestors) {
    std::string part = Printable(ancestor.name);
    if (!ancestor.relation.empty()) part = Printable(ancestor.relation) + " of " + part;
    parts.push_back(part + " [" + GradeName(ancestor.grade) + "]");
  }
  return Join(parts, "; ");
}

std::string Licences(const Identity& identity) {
  std::vector<std::string> parts;
  for (const LicenceClaim& claim : identity.licences) {
    if (claim.id.empty()) continue;
    std::string part = Printable(claim.id);
    if (!claim.source.empty()) part += " (" + Printable(claim.source) + ")";
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
  }
  return Join(parts, ", ");
}

// Each process once, though it has every shard mapped.
std::vector<ProcessUse> UsesOf(const Report& report, const Model& model) {
  std::vector<ProcessUse> uses;
  for (const std::size_t index : model.weights) {
    if (index >= report.artifacts.size()) continue;
    const std::vector<ProcessUse>& own = report.artifacts[index].processes;
    uses.insert(uses.end(), own.begin(), own.end());
  }
  std::sort(uses.begin(), uses.end());
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  return uses;
}

void PrintProcesses(TextPage& page, const std::vector<ProcessUse>& uses) {
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < std::min(uses.size(), kShown); ++i) {
    page.Field(4, "served by", ProcessText(uses[i]));
  }
  if (uses.size() > kShown) {
    page.Field(4, "served by", "and " + std::to_string(uses.size() - kShown) + " more");
  }
}

void PrintModel(TextPage& page, const Report& report, const Model& model) {
  constexpr std::size_t kIndent = 4;
  const Identity& identity = model.identity;
  std::string title = ModelName(model);
  if (!identity.version.empty()) title += " " + Printable(identity.version);
  page.Paragraph(2, title);
  page.Field(kIndent, "location", Escaped(model.location.ToString()));
  if (!model.weights.empty() && model.weights[0] < report.artifacts.size()) {
    const std::vector<ImagePlace>& images = report.artifacts[model.weights[0]].images;
    constexpr std::size_t kShown = 3;
    for (std::size_t i = 0; i < std::min(images.size(), kShown); ++i) {
      page.Field(kIndent, "image", ImageText(images[i]));
    }
    if (images.size() > kShown) {
      page.Field(kIndent, "image", "and " + std::to_string(images.size() - kShown) + " more");
    }
    PrintProcesses(page, UsesOf(report, model));
  }
  const std::string developer = Party(identity.developer, identity.developer_name);
  page.Field(kIndent, "developer", developer.empty() ? "unknown" : developer);
  page.Field(kIndent, "origin", Origin(identity));
  page.Field(kIndent, "uploader", Printable(identity.uploader));
  page.Field(kIndent, "family", Family(identity));
  page.Field(kIndent, "lineage", Lineage(identity));
  const std::string licences = Licences(identity);
  page.Field(kIndent, "licence", licences.empty() ? "none stated" : licences);
  page.Field(kIndent, "format", Format(report, model));
  page.Field(kIndent, "missing", Printable(Join(model.missing_files, ", ")));
}

}  // namespace

void PrintModels(TextPage& page, const Report& report) {
  page.Heading("MODELS");
  if (report.models.empty()) page.Paragraph(2, "none found");
  bool first = true;
  for (const Model& model : report.models) {
    if (!first) page.Blank();
    first = false;
    PrintModel(page, report, model);
  }
}

}  // namespace weighbridge
