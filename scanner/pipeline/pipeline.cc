// One scan, start to end. Each stage is a step below, followed by what is true
// from there on.
#include <algorithm>
#include <map>
#include <set>

#include "rules/rule_set.h"
#include "scanner/base/text.h"
#include "scanner/identity/identify.h"
#include "scanner/pipeline/accelerator_stage.h"
#include "scanner/pipeline/digest_stage.h"
#include "scanner/pipeline/facts.h"
#include "scanner/pipeline/host_stage.h"
#include "scanner/pipeline/inspect.h"
#include "scanner/pipeline/live_stores.h"
#include "scanner/pipeline/registry_stage.h"
#include "scanner/pipeline/settle.h"
#include "scanner/pipeline/setup.h"
#include "scanner/pipeline/store_links.h"
#include "scanner/platform/terminal.h"
#include "scanner/source/target.h"
#include "scanner/source/walk.h"
#include "scanner/stores/stores.h"
#include "weighbridge/scan.h"

namespace weighbridge {
namespace {

Result<WalkOptions> MakeWalkOptions(const ScanOptions& options, const std::vector<Host>& hosts,
                                    unsigned jobs) {
  WalkOptions walk;
  walk.found = StoreTargets(hosts, options);
  for (const std::string& given : options.targets) {
    const TargetName target = ParseTarget(given);
    if (target.kind == TargetKind::kRegistry || target.kind == TargetKind::kHost) continue;
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
  for (const ServiceUse& use : report.services) {
    for (Finding& finding :
         ServiceFindings(use, *setup.rules, setup.policy, report.as_of, *setup.catalog)) {
      report.findings.push_back(std::move(finding));
    }
  }
  EvaluateAccelerators(setup, report);
  ApplyPolicy(setup.policy, report.as_of, report.findings);
  AddImages(report);
}

}  // namespace

Result<Report> Scan(const ScanOptions& options) {
  auto setup = Prepare(options);
  if (!setup.ok()) return std::move(setup).error();
  const unsigned jobs = options.jobs != 0 ? options.jobs : UsableProcessors();
  auto hosts = OpenHosts(options);
  if (!hosts.ok()) return std::move(hosts).error();
  auto walk_options = MakeWalkOptions(options, hosts.value(), jobs);
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
  InspectRegistries(registries.value(), inspector, report.coverage);
  InspectHosts(hosts.value(), inspector, report.coverage);
  report.coverage.bytes_read += inspector.bytes_read();
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
  AddNamedUses(hosts.value(), artifacts);
  // What model stores say about their files are claims of those files; files know the
  // processes of the host that serve them.

  if (options.services) {
    report.services = inspector.services()->Join(artifacts, options.targets, report.diagnostics);
  }
  // Names of hosted services, in files and in what images and stores state, are uses.

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

  AddAccelerators(AcceleratorsOf(hosts.value()), *setup.value().catalog, options.with_serials,
                  report);
  // So has every accelerator of a host its products and their classification.

  EvaluateRules(setup.value(), report);
  // Every rule that applies on the day has spoken; findings are sorted and gated.

  CollectDiagnostics(walk.value()->diagnostics(), inspector.TakeDiagnostics(), report);
  Settle(finished, report);
  return report;
}

}  // namespace weighbridge
