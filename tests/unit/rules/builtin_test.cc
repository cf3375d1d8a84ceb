// Built-in findings: one row per observation, with the whole message.
#include <functional>
#include <set>

#include <doctest/doctest.h>

#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

struct Row {
  std::function<void(Artifact&)> observe;
  std::string line, message;
};

TEST_CASE("what an artifact shows") {
  using Risk = PickleImport::Risk;
  const Row rows[] = {
      {[](Artifact& a) { a.also_formats = {"zip"}; }, "WB-POLYGLOT restricted",
       "The file is gguf and also zip."},
      {[](Artifact& a) { a.extension_conflict = "png"; }, "WB-EXTENSION-MISMATCH review",
       "The extension says png, the content is gguf."},
      {[](Artifact& a) {
         a.inspection = Inspection::kPartial;
         a.not_inspected_reason = "cut short";
       },
       "WB-NOT-INSPECTED review", "Read in part (gguf): cut short."},
      {[](Artifact& a) {
         a.inspection = Inspection::kNotInspected;
         a.not_inspected_reason = "recognised only";
       },
       "WB-NOT-INSPECTED review", "Not inspected (gguf): recognised only."},
      {[](Artifact& a) { a.changed_while_read = true; }, "WB-FILE-CHANGED review",
       "The file changed while it was read."},
      {[](Artifact& a) {
         a.pickle_imports = {{"os", "system", "data.pkl", Risk::kCodeExecution},
                             {"x", "y", "", Risk::kUnknown}};
       },
       "WB-UNSAFE-PICKLE restricted",
       "Loading this file could run code: it imports os.system in data.pkl."},
      {[](Artifact& a) {
         a.pickle_imports = {{"x", "y", "", Risk::kUnknown}};
       },
       "WB-UNSAFE-PICKLE notice",
       "Imports that are neither tensor plumbing nor a known library: x.y."},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    Artifact artifact;
    artifact.format = "gguf";
    row.observe(artifact);
    const auto findings = BuiltinFindings({artifact}, {});
    REQUIRE(findings.size() == 1);
    CHECK(Lines(findings)[0] == row.line);
    CHECK(findings[0].message == row.message);
  }
  Artifact plain;
  plain.pickle_imports = {{"torch", "FloatStorage", "", Risk::kTensorPlumbing},
                          {"numpy", "dtype", "", Risk::kKnownLibrary}};
  CHECK(BuiltinFindings({plain}, {}).empty());
}

TEST_CASE("what a model shows, with its id") {
  Model model;
  model.id = "m";
  model.weights = {0};
  model.missing_files = {"b.safetensors"};
  model.conflicts = {{"WB-CONFLICT-LICENCE", "The card says mit, the text apache-2.0.", {}}};
  Artifact artifact;
  artifact.format = "safetensors";
  artifact.changed_while_read = true;
  const auto findings = BuiltinFindings({artifact}, {model});
  CHECK(Lines(findings) == std::vector<std::string>{"WB-CONFLICT-LICENCE restricted",
                                                    "WB-FILE-CHANGED review",
                                                    "WB-MISSING-SHARD review"});
  for (const Finding& finding : findings) CHECK(finding.model_id == "m");
  CHECK(findings[1].message == "1 missing: b.safetensors.");
}

TEST_CASE("the count of missing parts is not the cap of their names") {
  Model model;
  model.missing_files = {"a", "b", "c", "d", "e", "f", "g", "and 65527 more"};
  model.missing_unnamed = 65527;
  CHECK(BuiltinFindings({}, {model})[0].message == "65534 missing: a, b, c, d, e, f, ....");
  model.missing_files = {"a", "and 2 more"};
  model.missing_unnamed = 2;
  CHECK(BuiltinFindings({}, {model})[0].message == "3 missing: a, ....");
}

TEST_CASE("every built-in finding of the contract is described") {
  std::set<std::string> ids;
  for (const RuleInfo& rule : BuiltinRules()) ids.insert(rule.id + " " + rule.outcome);
  CHECK(ids == std::set<std::string>{
                   "WB-CONFLICT-IDENTITY restricted", "WB-CONFLICT-LICENCE restricted",
                   "WB-DIGEST-MISMATCH restricted", "WB-POLYGLOT restricted",
                   "WB-UNSAFE-PICKLE restricted", "WB-EXTENSION-MISMATCH review",
                   "WB-MISSING-SHARD review", "WB-INDEX-MISMATCH review", "WB-NOT-INSPECTED review",
                   "WB-FILE-CHANGED review", "WB-WAIVER-EXPIRED review", "WB-WAIVER-UNUSED notice",
                   "WB-ARCHIVE-DIFFERENTIAL review", "WB-ARCHIVE-BOMB review",
                   "WB-PATH-TRAVERSAL review", "WB-NAME-CONTROL review", "WB-LINK-ESCAPE review",
                   "WB-DELETED-IN-USE review"});
}

TEST_CASE("hostile names, of a file and of a zip member, are findings") {
  Artifact artifact;
  artifact.format = "gguf";
  artifact.location.path = "a\x1b[31m.gguf";
  const auto add = [&](const std::string& message, DiagnosticKind kind) {
    artifact.diagnostics.push_back(
        {Severity::kWarning, ErrorCode::kMalformed, artifact.location, message, kind});
  };
  add("zip member name leaves its folder: \"../x\"", DiagnosticKind::kPathTraversal);
  add("zip member name hides characters: \"a\\nb\"", DiagnosticKind::kNameControl);
  add("zip member name leaves its folder: only words", DiagnosticKind::kNone);
  const std::vector<Finding> findings = BuiltinFindings({artifact}, {});
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].rule_id == "WB-NAME-CONTROL");
  CHECK(findings[0].message == "The name holds characters that deceive a reader: a\\x1b[31m.gguf.");
  CHECK(findings[1].rule_id == "WB-PATH-TRAVERSAL");
  CHECK(findings[1].message == "zip member name leaves its folder: \"../x\".");
  CHECK(findings[2].rule_id == "WB-NAME-CONTROL");
}

}  // namespace
}  // namespace weighbridge
