// One scan, start to end. Each stage is a step below, followed by what is true
// from there on.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "rules/policy.h"
#include "rules/rule_set.h"
#include "scanner/base/text.h"
#include "scanner/identity/catalog.h"
#include "scanner/identity/identify.h"
#include "scanner/pipeline/digest_stage.h"
#include "scanner/pipeline/facts.h"
#include "scanner/pipeline/inspect.h"
#include "scanner/pipeline/live_stores.h"
#include "scanner/pipeline/registry_stage.h"
#include "scanner/pipeline/settle.h"
#include "scanner/pipeline/store_links.h"
#include "scanner/platform/terminal.h"
#include "scanner/source/target.h"
#include "scanner/source/walk.h"
#include "scanner/stores/stores.h"
#include "weighbridge/scan.h"
#include "weighbridge/version.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kStaleAfterDays = 90;

Result<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, Printable(path) + ": cannot be read"};
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (file.bad()) return Error{ErrorCode::kIo, Printable(path) + ": cannot be read"};
  return text;
}

// What a scan is made with: everything that can be wrong before it starts.
struct Setup {
  std::unique_ptr<Catalog> catalog;
  std::unique_ptr<RuleSet> rules;
  Policy policy;
};

Result<Setup> Prepare(const ScanOptions& options) {
  Setup setup;
  auto catalog = Catalog::Open(options.database);
  if (!catalog.ok()) return std::move(catalog).error();
  setup.catalog = std::move(catalog).value();
  for (const std::string& path : options.database_overlays) {
    auto text = ReadTextFile(path);
    if (!text.ok()) return std::move(text).error();
    Status added = setup.catalog->AddOverlay(text.value(), path);
    if (!added.ok()) return std::move(added).error();
  }
  auto rules = RuleSet::Builtin();
  if (!rules.ok()) return std::move(rules).error();
  setup.rules = std::move(rules).value();
  for (const std::string& path : options.rule_packs) {
    auto text = ReadTextFile(path);
    if (!text.ok()) return std::move(text).error();
    Status added = setup.rules->AddPack(text.value(), path);
    if (!added.ok()) return std::move(added).error();
  }
  if (!options.policy_file.empty()) {
    auto text = ReadTextFile(options.policy_file);
    if (!text.ok()) return std::move(text).error();
    auto policy = ParsePolicy(text.value(), options.policy_file);
    if (!policy.ok()) return std::move(policy).error();
    setup.policy = std::move(policy).value();
    Status packs = CheckPacks(setup.policy, *setup.rules);
    if (!packs.ok()) {
      return Error{packs.error().code,
                   Printable(options.policy_file) + ": " + packs.error().message};
    }
  }
  if (!options.fail_on.empty()) {
    const auto outcome = ParseOutcome(options.fail_on);
    if (!outcome) {
      return Error{ErrorCode::kInvalidArgument, "--fail-on " + Quote(options.fail_on) +
                                                    " is not an outcome (none, notice, review, "
                                                    "restricted, licence-required, prohibited)"};
    }
    setup.policy.fail_on = *outcome;
  }
  setup.policy.fail_on_undecided |= options.fail_on_undecided;
  return setup;
}

std::vector<std::string> ContextLines(const Context& context) {
  std::vector<std::string> lines;
  if (context.country) lines.push_back("country=" + *context.country);
  if (context.sector) lines.push_back("sector=" + *context.sector);
  if (context.activity) lines.push_back("activity=" + Join(*context.activity, ","));
  if (context.destinations) lines.push_back("destinations=" + Join(*context.destinations, ","));
  return lines;
}

void Describe(const ScanOptions& options, const Setup& setup, Report& report) {
  const std::int64_t time = options.report_time != 0 ? options.report_time : ReportTime();
  report.tool_version = kVersion;
  report.timestamp = IsoTime(time);
  report.as_of = options.as_of.empty() ? IsoDate(time) : options.as_of;
  report.targets = options.targets;
  report.hash_mode = options.hash == HashMode::kFull ? "full" : "none";
  report.policy_name = setup.policy.name;
  report.gate = OutcomeName(setup.policy.fail_on);
  report.context_lines = ContextLines(setup.policy.context);
  report.database = setup.catalog->Info();
  const std::int64_t age = DaysBetween(report.database.date, IsoDate(time));
  report.database.age_days = age > 0 ? static_cast<std::uint64_t>(age) : 0;
  report.database.stale = report.database.age_days > kStaleAfterDays;
}

Result<WalkOptions> MakeWalkOptions(const ScanOptions& options, unsigned jobs) {
  WalkOptions walk;
  for (const std::string& given : options.targets) {
    const TargetName target = ParseTarget(given);
    if (target.kind == TargetKind::kRegistry) continue;
    Status fits = CheckTarget(target);
    if (!fits.ok()) return std::move(fits).error();
    walk.targets.push_back(target.name);
  }
  for (const std::string& pattern : options.excludes) walk.excludes.emplace_back(pattern);
  walk.remote_file_systems = options.remote_file_systems;
  walk.one_file_system = options.one_file_system;
  walk.jobs = jobs;
  walk.limits = options.limits;
  return walk;
}

// The schemes that promise a kind of archive, once its content is known.
Status CheckArchiveTargets(const ScanOptions& options, const std::vector<InspectedFile>& files) {
  for (const std::string& given : options.targets) {
    const TargetName target = ParseTarget(given);
    if (target.kind != TargetKind::kDockerArchive && target.kind != TargetKind::kOciArchive) {
      continue;
    }
    std::string format = "nothing that weighbridge knows";
    for (const InspectedFile& file : files) {
      if (file.artifact.location == Location{target.name, {}}) format = file.artifact.format;
    }
    if (!FormatFits(target.kind, format)) {
      return Error{ErrorCode::kInvalidArgument,
                   Printable(given) + ": not such an archive: its content is " + format};
    }
  }
  return {};
}

// A finding in a layer says which images it concerns.
void AddImages(Report& report) {
  std::map<Location, const Artifact*> placed;
  for (const Artifact& artifact : report.artifacts) {
    if (!artifact.images.empty()) placed.emplace(artifact.location, &artifact);
  }
  if (placed.empty()) return;
  std::map<std::string, Location> weights;  // of a model, by its id
  for (const Model& model : report.models) {
    if (!model.weights.empty()) {
      weights.emplace(model.id, report.artifacts[model.weights[0]].location);
    }
  }
  for (Finding& finding : report.findings) {
    auto found = placed.find(finding.location);
    if (found == placed.end() && !finding.model_id.empty()) {
      found = placed.find(weights[finding.model_id]);
    }
    if (found != placed.end()) finding.images = found->second->images;
  }
}

void EvaluateRules(const Setup& setup, Report& report) {
  report.findings = BuiltinFindings(report.artifacts, report.models);
  for (const Model& model : report.models) {
    const ModelFacts facts = MakeFacts(model, report.artifacts, *setup.catalog);
    for (Finding& finding : setup.rules->Evaluate(facts, setup.policy, report.as_of)) {
      report.findings.push_back(std::move(finding));
    }
    for (Finding& finding : EvaluatePolicyLists(facts, setup.policy)) {
      report.findings.push_back(std::move(finding));
    }
  }
  ApplyPolicy(setup.policy, report.as_of, report.findings);
  AddImages(report);
}

}  // namespace

Result<Report> Scan(const ScanOptions& options) {
  if (!options.as_of.empty() && !IsIsoDate(options.as_of)) {
    return Error{ErrorCode::kInvalidArgument,
                 "--as-of " + Quote(options.as_of) + " is not a date (YYYY-MM-DD)"};
  }
  auto setup = Prepare(options);
  if (!setup.ok()) return std::move(setup).error();
  const unsigned jobs = options.jobs != 0 ? options.jobs : UsableProcessors();
  auto walk_options = MakeWalkOptions(options, jobs);
  if (!walk_options.ok()) return std::move(walk_options).error();
  auto walk = Walk::Start(std::move(walk_options).value());
  if (!walk.ok()) return std::move(walk).error();
  auto registries = OpenRegistries(options);
  if (!registries.ok()) return std::move(registries).error();
  Report report;
  Describe(options, setup.value(), report);
  // The targets are open and the policy, packs and database are sound: from here on
  // nothing that is read can fail the scan.

  Inspector inspector(options);
  walk.value()->Run(
      [&](const WalkedFile& file) {
        const Visit visit = inspector.Inspect(file);
        if (options.progress) {
          options.progress->files.fetch_add(1, std::memory_order_relaxed);
          options.progress->recognised.store(inspector.recognised(), std::memory_order_relaxed);
        }
        return visit;
      },
      options.stop);
  report.coverage = walk.value()->coverage();
  report.coverage.bytes_read = inspector.bytes_read();
  InspectRegistries(registries.value(), inspector, report.coverage);
  report.coverage.members = inspector.members();
  std::vector<InspectedFile> files = inspector.TakeFiles();
  // Every file below the targets was seen once and is recognised, unrecognised,
  // skipped with a reason, or failed with a Diagnostic. So is every member of the
  // archives among them, down to the depth and within the budget of Limits.
  Status archives = CheckArchiveTargets(options, files);
  if (!archives.ok()) return std::move(archives).error();

  SortFiles(files);
  AttachExternalData(*walk.value(), report.coverage, files);
  SortFiles(files);
  MergeSameFiles(files);
  AddStoreLinks(inspector.store_links(), files);
  // ═══ barrier ═══ Sorted by Location: nothing after this depends on threads.
  // Hard links and store links are one Artifact with several Locations.

  std::vector<Artifact> artifacts = TakeArtifacts(files);
  JoinStores(artifacts);
  // What model stores say about their files are claims of those files.

  std::vector<Model> models = GroupModels(artifacts);
  const std::vector<bool> reported = ReportedArtifacts(artifacts, models);
  std::vector<Artifact> live_documents = LiveDocuments(artifacts, inspector);
  ReturnArtifacts(artifacts, files);
  // Weights and the side-cars that speak of them are models; side-cars that belong
  // to no model are counted, and neither digested nor reported.

  bool finished = !options.stop.stop_requested();
  std::vector<InspectedFile> kept = KeepReported(files, reported);
  if (options.progress) options.progress->stage = ScanProgress::Stage::kDigest;
  if (options.hash == HashMode::kFull || options.verify) {
    finished &= DigestFiles(*walk.value(), options, jobs, kept, &report.coverage.bytes_read);
  }
  if (options.progress) options.progress->stage = ScanProgress::Stage::kConclude;
  // Every reported file carries its SHA-256 and the digests of its tensors, or a
  // Diagnostic that says why not.

  report.artifacts = TakeArtifacts(kept);
  PlaceFiles(*walk.value(), std::move(live_documents), inspector, report.artifacts);
  CheckStores(report.artifacts);
  // Files in layers of container images, packed or unpacked by an engine, know their
  // images, and whether they show; files in model stores, whether they are what the store says.

  report.models = GroupModels(report.artifacts);
  CheckIndexes(report.artifacts, report.models);
  for (Model& model : report.models) FingerprintModel(report.artifacts, model);
  IdentifyModels(report.artifacts, *setup.value().catalog, report.models);
  // Every model has an Identity with its Evidence; what contradicts it is a Conflict.

  EvaluateRules(setup.value(), report);
  // Every rule that applies on the day has spoken; findings are sorted and gated.

  CollectDiagnostics(walk.value()->diagnostics(), inspector.TakeDiagnostics(), report);
  Settle(finished, report);
  return report;
}

}  // namespace weighbridge
