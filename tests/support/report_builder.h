// Reports for the writers' tests: one with something of everything, one that is empty,
// and one whose every text field holds the same (hostile) text.
#pragma once

#include <string>
#include <vector>

#include "sbom/writer.h"
#include "weighbridge/report.h"

namespace weighbridge::testing {

inline std::string Repeat(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

inline Location At(const std::string& path, std::vector<std::string> members = {}) {
  Location location;
  location.path = path;
  location.members = std::move(members);
  return location;
}

inline Artifact MakeFile(const std::string& path, const std::string& format, ArtifactKind kind,
                         std::uint64_t size, const std::string& sha_digit) {
  Artifact artifact;
  artifact.location = At(path);
  artifact.format = format;
  artifact.kind = kind;
  artifact.size_bytes = size;
  artifact.sha256 = Repeat(sha_digit, 64);
  return artifact;
}

inline Evidence MakeEvidence(const std::string& technique, const std::string& field,
                             const std::string& value, double confidence, Grade grade,
                             const std::string& path) {
  Evidence evidence;
  evidence.technique = technique;
  evidence.field = field;
  evidence.value = value;
  evidence.confidence = confidence;
  evidence.grade = grade;
  evidence.location = At(path);
  evidence.note = field + " seen";
  return evidence;
}

inline Finding MakeFinding(const std::string& rule_id, Outcome outcome, const std::string& model_id,
                           const std::string& path) {
  Finding finding;
  finding.rule_id = rule_id;
  finding.outcome = outcome;
  finding.title = rule_id + " in short";
  finding.message =
      "What " + rule_id + " found here and why it matters to the reader of this report.";
  finding.kind = "fail";
  finding.model_id = model_id;
  finding.location = At(path);
  return finding;
}

inline Finding MakeRegulatory(const std::string& rule_id, Outcome outcome,
                              const std::string& model_id, const std::string& path) {
  Finding finding = MakeFinding(rule_id, outcome, model_id, path);
  finding.jurisdiction = "US-TX";
  finding.authority = "Governor of Texas";
  finding.citation = "Proclamation of 31 January 2025";
  finding.source_url = "https://gov.texas.gov/news/post/example";
  finding.source_date = "2025-01-31";
  finding.confidence = "high";
  finding.status = "in-force";
  finding.effective_from = "2025-01-31";
  return finding;
}

// A fine-tune in two shards, proven by its digests, with side-cars.
inline Model ShardedModel() {
  Model model;
  model.id = "farm/qwen";
  model.location = At("farm/qwen");
  model.weights = {2, 3};
  model.side_cars = {1};
  model.format = "safetensors";
  model.layout_digest = Repeat("1", 64);
  model.tensor_digest = Repeat("2", 64);
  model.tokenizer_digest = Repeat("3", 64);
  model.dimensions = {{"hidden_size", 3584}, {"num_layers", 28}};
  Identity& id = model.identity;
  id.name = "DeepSeek-R1-Distill-Qwen-7B";
  id.hub_id = "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B";
  id.developer = "deepseek-ai";
  id.developer_name = "DeepSeek";
  id.origin_publisher = "Qwen";
  id.origin_name = "Alibaba Cloud";
  id.origin_country = "CN";
  id.lineage_publishers = {"Qwen", "deepseek-ai"};
  id.family = "qwen2";
  id.architecture = "qwen2";
  id.grade = Grade::kVerified;
  id.parameters = 7615616512;
  id.ancestors = {{"Qwen/Qwen2.5-Math-7B", "Qwen", "distillation", Grade::kVerified},
                  {"Qwen/Qwen2.5-7B", "Qwen", "finetune", Grade::kClaimed}};
  id.licences = {{"mit", "card", Grade::kClaimed, At("farm/qwen/README.md")},
                 {"MIT", "text", Grade::kClaimed, At("farm/qwen/LICENSE")},
                 {"qwen-research", "catalogue", Grade::kClaimed, {}}};
  id.catalogue_licence = "MIT";
  id.evidence = {MakeEvidence("hash-comparison", "name", id.hub_id, 1.0, Grade::kVerified,
                              "farm/qwen/model-00001-of-00002.safetensors"),
                 MakeEvidence("hash-comparison", "origin", "Qwen", 1.0, Grade::kVerified,
                              "farm/qwen/model-00001-of-00002.safetensors"),
                 MakeEvidence("manifest-analysis", "licence", "mit", 0.6, Grade::kClaimed,
                              "farm/qwen/README.md")};
  return model;
}

// A quantised copy of which structure leaves two publishers.
inline Model RenamedModel() {
  Model model;
  model.id = "farm/renamed.gguf";
  model.location = At("farm/renamed.gguf");
  model.weights = {5};
  model.format = "gguf";
  model.layout_digest = Repeat("4", 64);
  Identity& id = model.identity;
  id.name = "renamed";
  id.uploader = "TheBloke";
  id.candidates = {"01-ai", "meta-llama"};
  id.candidate_models = {"01-ai/Yi-6B", "meta-llama/Llama-2-7b"};
  id.origin_publisher = "meta-llama";  // must not be written beside candidates
  id.origin_country = "US";
  id.grade = Grade::kInferred;
  id.architecture = "llama";
  id.quantisation = "Q4_K";
  id.evidence = {MakeEvidence("binary-analysis", "family", "llama", 0.5, Grade::kInferred,
                              "farm/renamed.gguf")};
  return model;
}

// A git-lfs pointer, and an adapter that lies in an archive.
inline Model PointerModel() {
  Model model;
  model.id = "farm/pointer.safetensors";
  model.location = At("farm/pointer.safetensors");
  model.weights = {4};
  model.format = "lfs_pointer";
  model.pointer_only = true;
  model.complete = false;
  model.identity.name = "pointer";
  return model;
}

inline Model AdapterModel() {
  Model model;
  model.id = "farm/pack.tar!/adapter";
  model.location = At("farm/pack.tar", {"adapter"});
  model.weights = {6};
  model.format = "safetensors";
  model.is_adapter = true;
  model.complete = false;
  model.missing_files = {"adapter-00002-of-00002.safetensors"};
  model.identity.ancestors = {
      {"deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "deepseek-ai", "adapter", Grade::kClaimed}};
  return model;
}

inline std::vector<Artifact> FullArtifacts() {
  std::vector<Artifact> files;
  files.push_back(MakeFile("farm/a.npy", "npy", ArtifactKind::kArray, 128, "a"));
  files.push_back(
      MakeFile("farm/qwen/README.md", "model_card", ArtifactKind::kModelCard, 900, "b"));
  files[1].claims = {{"card:license", "mit"},
                     {"card:pipeline_tag", "text-generation"},
                     {"hub:commit", Repeat("d", 40)},
                     {"hub:etag", Repeat("c", 64)}};
  files.push_back(MakeFile("farm/qwen/model-00001-of-00002.safetensors", "safetensors",
                           ArtifactKind::kWeights, 8600000000, "c"));
  files[2].other_locations = {At("store/blobs/0a1b2c")};
  files[2].tensors.resize(2);
  files[2].tensors[0].dtype = "BF16";
  files[2].tensors[1].dtype = "F32";
  files.push_back(MakeFile("farm/qwen/model-00002-of-00002.safetensors", "safetensors",
                           ArtifactKind::kWeights, 6600000000, "d"));
  files.push_back(
      MakeFile("farm/pointer.safetensors", "lfs_pointer", ArtifactKind::kPointer, 134, "e"));
  files[4].stated_digests = {{"sha256", Repeat("9", 64), "", 4096}};
  files.push_back(MakeFile("farm/renamed.gguf", "gguf", ArtifactKind::kWeights, 4080263648, "f"));
  files[5].format_version = "3";
  files.push_back(MakeFile("farm/pack.tar", "safetensors", ArtifactKind::kAdapter, 4096, "0"));
  files[6].location.members = {"adapter", "adapter-00001-of-00002.safetensors"};
  files.push_back(
      MakeFile("farm/odd\x1b[31m\xff/b c#1.zip", "zip", ArtifactKind::kContainer, 10, "7"));
  files[7].inspection = Inspection::kNotInspected;
  files[7].not_inspected_reason = "archive is not opened";
  return files;
}

inline std::vector<Finding> FullFindings() {
  std::vector<Finding> findings;
  findings.push_back(
      MakeRegulatory("US-TX-PROHIBIT", Outcome::kProhibited, "farm/qwen", "farm/qwen"));
  findings[0].gates = true;
  findings.push_back(MakeRegulatory("LIC-EXAMPLE", Outcome::kRestricted, "farm/renamed.gguf",
                                    "farm/renamed.gguf"));
  findings[1].settled = false;
  findings[1].kind = "review";
  findings[1].depends_on = {"context.country", "model.origin_publisher"};
  findings.push_back(
      MakeRegulatory("US-1260H-EXAMPLE", Outcome::kReview, "farm/qwen", "farm/qwen"));
  findings[2].waiver = Waiver{"approved by counsel", "legal@example.com", "2027-01-31"};
  findings.push_back(
      MakeRegulatory("US-ENTITY-EXAMPLE", Outcome::kReview, "farm/qwen", "farm/qwen"));
  findings[3].settled = false;
  findings[3].kind = "open";
  findings[3].depends_on = {"context.country"};
  findings.push_back(
      MakeFinding("WB-MISSING-SHARD", Outcome::kReview, "farm/pack.tar!/adapter", "farm/pack.tar"));
  findings[4].location.members = {"adapter"};
  findings.push_back(
      MakeFinding("WB-NOT-INSPECTED", Outcome::kReview, "", "farm/odd\x1b[31m\xff/b c#1.zip"));
  findings.push_back(MakeFinding("WB-WAIVER-EXPIRED", Outcome::kReview, "", ""));
  findings.push_back(MakeRegulatory("EU-GPAI-NOTICE", Outcome::kNotice, "farm/qwen", "farm/qwen"));
  return findings;
}

inline Report FullReport() {
  Report report;
  report.tool_version = "0.1.0";
  report.database = {"2026.08.01", "2026-08-01", Repeat("5", 64), 115, true};
  report.as_of = "2026-11-24";
  report.timestamp = "2026-11-24T09:30:00Z";
  report.targets = {"farm"};
  report.policy_name = "policy.json";
  report.gate = "prohibited";
  report.context_lines = {"sector=us-state-tx", "activity=use"};
  report.artifacts = FullArtifacts();
  report.models = {AdapterModel(), PointerModel(), ShardedModel(), RenamedModel()};
  report.findings = FullFindings();
  report.diagnostics = {{Severity::kError, ErrorCode::kPermission, At("farm/secret.bin"),
                         "farm/secret.bin: cannot be opened (permission denied)"},
                        {Severity::kNote, ErrorCode::kUnsupported, At("farm/pack.tar", {"x"}),
                         "member is encrypted"}};
  report.coverage = {};
  report.coverage.files_seen = 14;
  report.coverage.recognised = 8;
  report.coverage.unrecognised = 3;
  report.coverage.skipped = {{"excluded", 1}, {"symlink", 1}};
  report.coverage.failed = 1;
  report.coverage.directories = 3;
  report.coverage.bytes_read = 19280269014;
  report.coverage.not_inspected = 1;
  report.complete = false;
  report.incomplete_reason = "one file could not be read";
  report.hash_mode = "full";
  return report;
}

inline Report EmptyReport() {
  Report report;
  report.tool_version = "0.1.0";
  report.database = {"2026.11.24", "2026-11-24", Repeat("5", 64), 0, false};
  report.as_of = "2026-11-24";
  report.timestamp = "2026-11-24T09:30:00Z";
  report.targets = {"."};
  report.gate = "prohibited";
  report.hash_mode = "none";
  return report;
}

// Two known devices and one that the catalogue does not know, as an inventory lists them.
inline void AddAccelerators(Report& report) {
  AcceleratorProduct product;
  product.id = "acme-a1";
  product.vendor = "Acme";
  product.name = "A1 80GB";
  product.segment = "datacenter";
  product.designer_country = "US";
  product.figures.fp16 = 312;
  product.figures.die_area_mm2 = 826;
  product.memory_gb = 80;
  product.source = "https://example.com/a1";
  product.confidence = "high";
  Classification& result = product.classification;
  result.terms = {{"fp16", 312, 16, 4992}};
  result.tpp = result.tpp_tf32_at_32 = 4992;
  result.performance_density = result.performance_density_tf32_at_32 = 6.0435835;
  result.eccn = "3A090.a";
  result.computer_eccn = "4A090.a";
  result.working = {"TPP fp16 = 312 x 16 = 4992"};
  result.citation = "15 CFR Part 774 Supp. No. 1";
  report.accelerator_products = {product};
  Device device;
  device.location = At("node.txt");
  device.seen_in = "lspci";
  device.host = "node7";
  device.address = "0000:17:00.0";
  device.pci = {"10de", "20b2", "10de", "147f", "030200"};
  device.driver = "nvidia";
  device.products = {"acme-a1"};
  device.match_basis = "pci-device";
  Accelerator known;
  known.id = "node7: acme-a1";
  known.name = "Acme A1 80GB";
  known.host = "node7";
  known.location = device.location;
  known.count = 2;
  known.products = device.products;
  known.match_basis = device.match_basis;
  known.grade = Grade::kClaimed;
  known.devices = {device, device};
  known.devices[1].address = "0000:ca:00.0";
  Accelerator unknown = known;
  unknown.id = "node7: device 1e3e:0002";
  unknown.name = "device 1e3e:0002";
  unknown.count = 1;
  unknown.products.clear();
  unknown.match_basis.clear();
  unknown.devices.resize(1);
  unknown.devices[0].pci = {"1e3e", "0002", "", "", "1200"};
  unknown.devices[0].products.clear();
  unknown.devices[0].match_basis.clear();
  report.accelerators = {known, unknown};
  report.accelerator_hosts = {{"node7", 3, "4A090.a", {known.id}, {}}};
  report.host_software = {
      {At("node.txt"), "device-driver", "NVIDIA kernel module", "550.90.07", "node7"}};
  Finding finding;
  finding.rule_id = "US-EAR-3A090A";
  finding.title = "ECCN 3A090.a integrated circuit";
  finding.message = "TPP 4992 is at least 4800.";
  finding.outcome = Outcome::kLicenceRequired;
  finding.settled = false;
  finding.depends_on = {"context.destinations"};
  finding.accelerator_id = known.id;
  finding.location = known.location;
  report.findings.push_back(finding);
}

// Every text field of everything is `text`.
inline Report ReportOf(const std::string& text) {
  Report report = FullReport();
  AddAccelerators(report);
  report.tool_version = report.as_of = report.policy_name = report.gate = text;
  report.database.version = report.database.date = report.database.digest = text;
  report.incomplete_reason = report.hash_mode = text;
  report.targets = report.context_lines = {text, text};
  report.coverage.skipped = {{text, 2}};
  const Location place = At(text, {text, text});
  for (Artifact& artifact : report.artifacts) {
    artifact.location = place;
    artifact.other_locations = {place};
    artifact.format = artifact.format_version = artifact.not_inspected_reason = text;
    artifact.claims = {{text, text}, {"card:pipeline_tag", text}, {"hub:commit", text}};
    artifact.also_formats = artifact.external_files = artifact.shard_files = {text};
    artifact.extension_conflict = artifact.git_sha1 = artifact.text_digest = text;
    artifact.pickle_imports = {{text, text, text, PickleImport::Risk::kUnknown}};
    artifact.stated_digests = {{"sha256", text, text, 1}};
    for (Tensor& tensor : artifact.tensors) tensor.name = tensor.dtype = text;
  }
  for (std::size_t i = 0; i < report.models.size(); ++i) {
    Model& model = report.models[i];
    model.id = text + std::to_string(i);
    model.location = place;
    model.format = model.layout_digest = model.tensor_digest = model.tokenizer_digest = text;
    model.missing_files = {text};
    model.dimensions = {{text, 1}};
    model.conflicts = {{text, text, place}};
    Identity& id = model.identity;
    id.name = id.version = id.hub_id = id.developer = id.developer_name = id.uploader = text;
    id.origin_publisher = id.origin_name = id.origin_country = id.family = id.architecture = text;
    id.catalogue_licence = id.quantisation = id.modality = text;
    id.lineage_publishers = id.candidate_models = {text};
    id.ancestors = {{text, text, text, Grade::kClaimed}};
    id.licences = {{text, text, Grade::kClaimed, place}};
    id.evidence = {MakeEvidence(text, "name", text, 2.0, Grade::kVerified, text),
                   MakeEvidence(text, text, text, -1.0, Grade::kVerified, text)};
  }
  for (Accelerator& accelerator : report.accelerators) {
    accelerator.id = accelerator.name = accelerator.host = text;
    accelerator.location = place;
    for (Device& device : accelerator.devices) {
      device.location = place;
      device.seen_in = device.host = device.address = device.vendor = device.product = text;
      device.pci = {text, text, text, text, text};
      device.architecture = device.driver = device.driver_version = device.firmware = text;
      device.serial = device.uuid = text;
      device.claims = {{text, text}};
    }
  }
  for (HostSoftware& software : report.host_software) {
    software.name = software.version = software.host = text;
    software.location = place;
  }
  for (Finding& finding : report.findings) {
    finding.rule_id = finding.title = finding.message = finding.jurisdiction = text;
    finding.authority = finding.citation = finding.source_url = finding.source_date = text;
    finding.confidence = finding.effective_from = finding.effective_to = finding.status = text;
    finding.depends_on = {text};
    finding.model_id = report.models[0].id;
    finding.location = place;
    if (finding.waiver) finding.waiver = Waiver{text, text, text};
  }
  for (Diagnostic& diagnostic : report.diagnostics) {
    diagnostic.location = place;
    diagnostic.message = text;
  }
  return report;
}

// A rule as the rule set describes it, richer than what a finding carries.
inline WriterRule ExampleRule() {
  WriterRule rule;
  rule.id = "US-TX-PROHIBIT";
  rule.title = "Texas: prohibited technologies";
  rule.sentence = "State devices may not use technology of the listed companies.";
  rule.jurisdiction = "US-TX";
  rule.authority = "Governor of Texas";
  rule.citation = "Proclamation of 31 January 2025";
  rule.source_url = "https://gov.texas.gov/news/post/example";
  rule.source_date = "2025-01-31";
  rule.confidence = "high";
  rule.status = "in-force";
  rule.effective_from = "2025-01-31";
  rule.outcome = "prohibited";
  return rule;
}

}  // namespace weighbridge::testing
