// What was not inspected, in the text report: one line per format and reason, so that
// the manual pages of a Linux root do not bury the archive that matters.
#include <algorithm>
#include <map>
#include <tuple>

#include "sbom/table.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using ArtifactList = std::vector<const Artifact*>;

std::string Reason(const Artifact& artifact) {
  const std::string part = artifact.inspection == Inspection::kPartial ? ", in part" : "";
  return part + (artifact.not_inspected_reason.empty()
                     ? std::string()
                     : ": " + Printable(artifact.not_inspected_reason));
}

void PrintOne(TextPage& page, const Artifact& artifact) {
  page.Paragraph(4,
                 Escaped(artifact.location.ToString()) + " (" + Printable(artifact.format) + ")" +
                     Reason(artifact),
                 "  -");
}

void PrintGroup(TextPage& page, const ArtifactList& group) {
  if (group.size() == 1) return PrintOne(page, *group[0]);
  std::uint64_t bytes = 0;
  for (const Artifact* artifact : group) bytes += artifact->size_bytes;
  const Artifact& first = *group[0];
  page.Paragraph(4,
                 Printable(first.format) + ", " + std::to_string(group.size()) + " files, " +
                     ByteCount(bytes) + Reason(first) +
                     "; first: " + Escaped(first.location.ToString()),
                 "  -");
}

// Model formats first, then containers; each in the order of their first file.
std::vector<ArtifactList> Grouped(const ArtifactList& all, bool group) {
  std::vector<ArtifactList> groups;
  std::map<std::tuple<std::string, Inspection, std::string>, std::size_t> at;
  for (const Artifact* artifact : all) {
    if (!group) {
      groups.push_back({artifact});
      continue;
    }
    const auto [place, fresh] = at.try_emplace(
        std::tuple(artifact->format, artifact->inspection, artifact->not_inspected_reason),
        groups.size());
    if (fresh) groups.emplace_back();
    groups[place->second].push_back(artifact);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const ArtifactList& a, const ArtifactList& b) {
    const auto is_container = [](const ArtifactList& list) {
      return list[0]->kind == ArtifactKind::kContainer;
    };
    return is_container(a) < is_container(b);
  });
  return groups;
}

}  // namespace

void PrintMore(TextPage& page, std::size_t indent, std::size_t count, std::size_t printed) {
  if (count <= printed) return;
  page.Paragraph(
      indent + 2,
      "and " + std::to_string(count - printed) + " more, with --verbose or in the json report",
      std::string(indent, ' ') + "-");
}

void PrintNotInspected(TextPage& page, const Report& report, const TableLimits& limits) {
  ArtifactList all;
  for (const Artifact& artifact : report.artifacts) {
    if (artifact.inspection != Inspection::kFull) all.push_back(&artifact);
  }
  if (all.empty()) return;
  page.Heading("NOT INSPECTED (recognised, but not fully read)");
  const std::vector<ArtifactList> groups = Grouped(all, limits.group);
  const std::size_t printed = std::min(groups.size(), limits.entries);
  for (std::size_t i = 0; i < printed; ++i) PrintGroup(page, groups[i]);
  if (printed < groups.size()) {
    std::size_t left = 0;
    for (std::size_t i = printed; i < groups.size(); ++i) left += groups[i].size();
    PrintMore(page, 2, left, 0);
  }
}

}  // namespace weighbridge
