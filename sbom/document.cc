#include "sbom/document.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

WriterRule RuleFrom(const Finding& finding) {
  WriterRule rule;
  rule.id = finding.rule_id;
  rule.title = finding.title;
  rule.sentence = finding.title;
  rule.jurisdiction = finding.jurisdiction;
  rule.authority = finding.authority;
  rule.citation = finding.citation;
  rule.source_url = finding.source_url;
  rule.source_date = finding.source_date;
  rule.confidence = finding.confidence;
  rule.status = finding.status;
  rule.effective_from = finding.effective_from;
  rule.effective_to = finding.effective_to;
  rule.outcome = OutcomeName(finding.outcome);
  return rule;
}

}  // namespace

void PutPlace(OrderedJson& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = Escaped(value);
}

void PutText(OrderedJson& object, const char* key, std::string_view value) {
  if (!value.empty()) object[key] = Printable(value);
}

void PutArray(OrderedJson& object, const char* key, OrderedJson array) {
  if (!array.empty()) object[key] = std::move(array);
}

OrderedJson TextArray(const std::vector<std::string>& values) {
  OrderedJson array = OrderedJson::array();
  for (const std::string& value : values) array.push_back(Printable(value));
  return array;
}

std::string DumpDocument(const OrderedJson& document) {
  return document.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

bool HasCandidates(const Identity& identity) { return identity.candidates.size() >= 2; }

Grade OriginGrade(const Identity& identity) {
  if (identity.origin_publisher.empty() || HasCandidates(identity)) return Grade::kUnknown;
  return identity.grade;
}

std::string ModelName(const Model& model) {
  if (!model.identity.name.empty()) return Printable(model.identity.name);
  std::string where = model.location.ToString();
  while (where.size() > 1 && where.back() == '/') where.pop_back();
  const std::size_t slash = where.rfind('/');
  if (slash != std::string::npos && slash + 1 < where.size()) where.erase(0, slash + 1);
  return where.empty() || where == "." ? "unnamed model" : Escaped(where);
}

bool IsComplete(const Model& model) {
  return model.complete && !model.pointer_only && model.missing_files.empty();
}

bool IsComplete(const Report& report) {
  return report.complete && report.coverage.failed == 0 && report.coverage.not_inspected == 0;
}

std::string ByteCount(std::uint64_t bytes) {
  constexpr std::array<const char*, 6> kUnits{"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  double value = static_cast<double>(bytes) / 1000.0;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000.0;
    ++unit;
  }
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f %s", value, kUnits[unit]);
  return buffer;
}

std::uint64_t WeightBytes(const Report& report, const Model& model) {
  std::uint64_t total = 0;
  for (const std::size_t index : model.weights) {
    if (index < report.artifacts.size()) total += report.artifacts[index].size_bytes;
  }
  return total;
}

std::string Timestamp(const Report& report) {
  if (!report.timestamp.empty()) return Printable(report.timestamp);
  return (IsIsoDate(report.as_of) ? report.as_of : std::string("1970-01-01")) + "T00:00:00Z";
}

std::vector<WriterRule> RulesOf(const Report& report, const WriterOptions& options) {
  std::map<std::string, WriterRule> by_id;
  for (const WriterRule& rule : options.rules) by_id.emplace(rule.id, rule);
  for (const Finding& finding : report.findings) {
    by_id.try_emplace(finding.rule_id, RuleFrom(finding));
  }
  std::vector<WriterRule> rules;
  for (auto& [id, rule] : by_id) rules.push_back(std::move(rule));
  return rules;
}

std::vector<WriterRule> RulesWithFindings(const Report& report, const WriterOptions& options) {
  std::set<std::string> used;
  for (const Finding& finding : report.findings) used.insert(finding.rule_id);
  std::vector<WriterRule> rules;
  for (WriterRule& rule : RulesOf(report, options)) {
    if (used.count(rule.id) != 0) rules.push_back(std::move(rule));
  }
  return rules;
}

const char* LevelOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kProhibited:
    case Outcome::kLicenceRequired: return "error";
    case Outcome::kRestricted:
    case Outcome::kReview: return "warning";
    case Outcome::kNotice: return "note";
    case Outcome::kNone: return "none";
  }
  return "none";
}

std::string FindingKind(const Finding& finding) {
  if (finding.settled) return finding.kind.empty() ? "fail" : finding.kind;
  return finding.kind == "open" ? "open" : "review";
}

std::string FindingLevel(const Finding& finding) {
  return FindingKind(finding) == "fail" ? LevelOf(finding.outcome) : "none";
}

std::string ImageText(const ImagePlace& place) {
  std::string text = place.image.empty() ? place.manifest_digest : place.image;
  if (text.empty()) text = "an image without a name";
  text += ", layer " + std::to_string(place.position) + " of " + std::to_string(place.layers);
  if (!place.layer_digest.empty()) text += " (" + place.layer_digest + ")";
  switch (place.state) {
    case ImagePlace::State::kVisible: text += ", visible in the image"; break;
    case ImagePlace::State::kDeleted: text += ", deleted by a later layer"; break;
    case ImagePlace::State::kReplaced: text += ", replaced by a later layer"; break;
    case ImagePlace::State::kUnknown: text += ", visibility unknown"; break;
  }
  return Printable(text);
}

OrderedJson ImageList(const std::vector<ImagePlace>& places) {
  OrderedJson out = OrderedJson::array();
  for (const ImagePlace& place : places) {
    OrderedJson item = OrderedJson::object();
    PutText(item, "image", place.image);
    PutText(item, "manifest_digest", place.manifest_digest);
    PutText(item, "layer_digest", place.layer_digest);
    item["layer"] = place.position;
    item["layers"] = place.layers;
    item["state"] = ImageStateName(place.state);
    out.push_back(std::move(item));
  }
  return out;
}

std::vector<const AcceleratorProduct*> ProductsOf(const Report& report,
                                                  const Accelerator& accelerator) {
  std::vector<const AcceleratorProduct*> products;
  for (const std::string& id : accelerator.products) {
    const auto found = std::lower_bound(
        report.accelerator_products.begin(), report.accelerator_products.end(), id,
        [](const AcceleratorProduct& product, const std::string& key) { return product.id < key; });
    if (found != report.accelerator_products.end() && found->id == id) products.push_back(&*found);
  }
  return products;
}

std::string ProcessText(const ProcessUse& use) {
  std::string text =
      (use.name.empty() ? "a process" : use.name) + " (pid " + std::to_string(use.pid);
  if (!use.container.empty()) text += ", container " + use.container.substr(0, 12);
  return Printable(text + (use.mapped ? "), mapped" : "), named by its command line"));
}

OrderedJson ProcessList(const std::vector<ProcessUse>& uses) {
  OrderedJson out = OrderedJson::array();
  for (const ProcessUse& use : uses) {
    OrderedJson item = OrderedJson::object();
    item["pid"] = use.pid;
    PutText(item, "name", use.name);
    PutText(item, "container", use.container);
    item["how"] = use.mapped ? "mapped" : "named";
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace weighbridge
