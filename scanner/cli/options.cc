#include "scanner/cli/options.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "sbom/writer.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string FormatNames() {
  std::vector<std::string> names;
  for (const Writer& writer : Writers()) names.emplace_back(writer.id);
  return Join(names, ", ");
}

void AddDatabaseOptions(CLI::App& command, CommandLine& line) {
  command
      .add_option("--db", line.scan.database,
                  "Use this database, a bundle or a catalogue (an SQLite image); embedded: the one "
                  "in the program (default: the installed one, else the embedded one)")
      ->type_name("FILE");
  command
      .add_option("--data-dir", line.scan.database_folder,
                  "Folder of installed databases (see db update)")
      ->type_name("DIR");
  command
      .add_option("--db-add", line.scan.database_overlays,
                  "Add local knowledge, for example a company's own models (JSON); repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--rules", line.scan.rule_packs,
                  "Add a rule pack of one's own to the built-in ones (JSON); repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

void AddWalkOptions(CLI::App& command, CommandLine& line) {
  command
      .add_option("--exclude", line.scan.excludes,
                  "Leave out paths that match this glob, as in .gitignore; the report counts them; "
                  "repeatable")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command
      .add_option("--ignore-file", line.ignore_file,
                  "Read --exclude globs from a file, one a line; # starts a comment")
      ->type_name("FILE");
  command
      .add_option("--files-from", line.files_from,
                  "Read further targets from a file, one a line; - is standard input")
      ->type_name("FILE");
  command.add_flag("-0,--null", line.null_separated, "Names in --files-from end with a NUL byte");
  command.add_flag("--remote-fs", line.scan.remote_file_systems,
                   "Also walk remote file systems (NFS, SMB, FUSE), which are skipped otherwise");
  command.add_flag("--one-file-system", line.scan.one_file_system,
                   "Do not cross from a target into another file system");
  command
      .add_option(
          "--hash", line.hash,
          "full: SHA-256 and tensor digests of every weight file; none: read headers only, so "
          "that nothing is proven by digest")
      ->type_name("MODE")
      ->check(CLI::IsMember({"full", "none"}))
      ->each([&line](const std::string& mode) { line.scan.hash_registries = mode == "full"; })
      ->capture_default_str();
  command
      .add_option("--platform", line.scan.platform,
                  "Which image of a registry's index to read; linux/amd64 unless given")
      ->type_name("OS/ARCH");
  command.add_flag("--all-platforms", line.scan.all_platforms,
                   "Read every image of a registry's index");
  command.add_flag("--insecure", line.scan.insecure,
                   "Plain HTTP for registries on loopback addresses, and only there");
  command.add_flag("--verify", line.scan.verify,
                   "Recompute the digests that model stores state, even with --hash none");
  command.add_flag_callback(
      "--no-services", [&line] { line.scan.services = false; },
      "Do not look for the use of hosted models in source and settings");
  command.add_option("-j,--jobs", line.scan.jobs, "Threads, up to 256; 0 means one per processor")
      ->type_name("N")
      ->check(CLI::Range(0, 256).description(""))
      ->capture_default_str();
}

void AddSerials(CLI::App& command, CommandLine& line) {
  command.add_flag("--with-serials", line.scan.with_serials,
                   "Keep serial numbers and UUIDs of accelerators, which are left out otherwise");
}

void AddReportOptions(CLI::App& command, CommandLine& line) {
  AddDatabaseOptions(command, line);
  command
      .add_option("-o,--output", line.output_texts,
                  "Write a report, to standard output or to a file; repeatable, once on standard "
                  "output. Formats: " +
                      FormatNames() + " (default: table)")
      ->type_name("FORMAT[=FILE]")
      ->allow_extra_args(false);
  command
      .add_option(
          "--policy", line.scan.policy_file,
          "Who deploys where and for what; the gate; own lists and waivers (JSON, // comments)")
      ->type_name("FILE");
  command
      .add_option("--fail-on", line.scan.fail_on,
                  "Exit 1 when a settled finding is at or above this outcome: notice, review, "
                  "restricted, licence-required, prohibited; none never fails (default: the "
                  "policy's, else prohibited)")
      ->type_name("OUTCOME");
  command.add_flag("--fail-on-undecided", line.scan.fail_on_undecided,
                   "Findings that depend on facts not known count for the gate as well");
  command
      .add_option("--as-of", line.scan.as_of,
                  "Apply the rules in force on this day (default: the day of the report)")
      ->type_name("YYYY-MM-DD");
  command
      .add_option("--timestamp", line.timestamp,
                  "Unix time of the report (default: SOURCE_DATE_EPOCH, else now)")
      ->type_name("SECONDS");
  command
      .add_option("--serial", line.serial,
                  "Serial number of CycloneDX documents (default: made from the content)")
      ->type_name("urn:uuid:...");
  command.add_flag("--exit-zero", line.exit_zero, "Exit 0 where 1 would say that the gate was hit");
  command.add_flag(
      "--strict", line.strict,
      "Exit 2 when the scan is not complete or something recognised was not inspected");
  command.add_flag("-q,--quiet", line.quiet, "No messages and no progress on standard error");
  command.add_flag("-v,--verbose", line.verbose,
                   "Table: list everything, ungrouped; print each diagnostic as a message too");
}

void AddScanOptions(CLI::App& command, CommandLine& line) {
  AddWalkOptions(command, line);
  AddReportOptions(command, line);
  AddSerials(command, line);
}

void DefineAccelerators(CLI::App& app, CommandLine& line) {
  CLI::App* command = app.add_subcommand(
      "accelerators", "List the accelerators of this host, and how their export is classified");
  command
      ->add_option("inventories", line.scan.inventories,
                   "Captured inventories instead of this host: the output of lspci -nn, "
                   "nvidia-smi -q -x, rocm-smi --json, npu-smi info, lshw -json, kubectl get nodes "
                   "-o json and others; - is standard input")
      ->type_name("FILE");
  command
      ->add_option("--sysroot", line.scan.sysroot,
                   "Read /sys, /proc and /dev of another host below this folder")
      ->type_name("DIR");
  AddSerials(*command, line);
  AddReportOptions(*command, line);
}

// True when two names are one file, there already or to be made.
bool SamePlace(const std::string& a, const std::string& b) {
  std::error_code ignored;
  // /dev/null takes any number of reports.
  const auto status = std::filesystem::status(a, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return false;
  const auto resolved = [&](const std::string& name) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(name, ignored), ignored);
  };
  return a == b || (!a.empty() && resolved(a) == resolved(b)) ||
         (!a.empty() && std::filesystem::equivalent(a, b, ignored));
}

Status ParseOutputs(CommandLine& line) {
  if (line.output_texts.empty()) line.output_texts.emplace_back("table");
  std::size_t on_stdout = 0;
  for (const std::string& text : line.output_texts) {
    const std::size_t equals = text.find('=');
    OutputChoice choice{text.substr(0, equals),
                        equals == std::string::npos ? "" : text.substr(equals + 1)};
    if (FindWriter(choice.format) == nullptr) {
      std::vector<std::string> names;
      for (const Writer& writer : Writers()) names.emplace_back(writer.id);
      const std::string near = Nearest(choice.format, names);
      return Error{ErrorCode::kInvalidArgument,
                   "unknown output format " + Quote(choice.format) +
                       (near.empty() ? " (known: " + FormatNames() + ")"
                                     : " (did you mean \"" + near + "\"?)")};
    }
    if (equals != std::string::npos && choice.file.empty()) {
      return Error{ErrorCode::kInvalidArgument, "-o " + Quote(text) + " names no file"};
    }
    if (choice.file == "-") choice.file.clear();
    if (choice.file.empty() && ++on_stdout > 1) {
      return Error{ErrorCode::kInvalidArgument,
                   "two outputs on standard output; give one a file: -o FORMAT=FILE"};
    }
    const bool taken =
        std::any_of(line.outputs.begin(), line.outputs.end(), [&](const OutputChoice& other) {
          return !choice.file.empty() && SamePlace(other.file, choice.file);
        });
    if (taken) {
      return Error{ErrorCode::kInvalidArgument, "two outputs in the file " + Quote(choice.file) +
                                                    "; the second would replace "
                                                    "the first"};
    }
    line.outputs.push_back(std::move(choice));
  }
  return {};
}

Status ReadIgnoreFile(CommandLine& line) {
  if (line.ignore_file.empty()) return {};
  std::ifstream file(line.ignore_file);
  if (!file) return Error{ErrorCode::kNotFound, Printable(line.ignore_file) + ": cannot be read"};
  for (std::string text; std::getline(file, text);) {
    const std::string_view pattern = Trim(text);
    if (!pattern.empty() && pattern.front() != '#') line.scan.excludes.emplace_back(pattern);
  }
  return {};
}

Status ReadFilesFrom(CommandLine& line) {
  if (line.files_from.empty()) return {};
  std::ifstream file;
  if (line.files_from != "-") {
    file.open(line.files_from, std::ios::binary);
    if (!file) return Error{ErrorCode::kNotFound, Printable(line.files_from) + ": cannot be read"};
  }
  std::istream& input = line.files_from == "-" ? std::cin : file;
  for (std::string name; std::getline(input, name, line.null_separated ? '\0' : '\n');) {
    if (!name.empty()) line.scan.targets.push_back(name);
  }
  return {};
}

}  // namespace

void DefineCommandLine(CLI::App& app, CommandLine& line) {
  app.description(
      "Says what model weights are, where they come from and which rules they fall under.");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("weighbridge ") + WEIGHBRIDGE_VERSION_TEXT);

  CLI::App* scan =
      app.add_subcommand("scan", "Scan files and directories and report on the models in them");
  scan->add_option("targets", line.scan.targets,
                   "Files and directories, or dir:, file:, oci-dir:, docker-archive:, "
                   "oci-archive:, registry: and host: targets")
      ->type_name("PATH");
  AddScanOptions(*scan, line);

  CLI::App* explain =
      app.add_subcommand("explain",
                         "Scan a target and show how each conclusion was reached; of an "
                         "accelerator in the catalogue, show what is known");
  explain->add_option("targets", line.scan.targets, "File or directory, or an accelerator's id")
      ->type_name("TARGET")
      ->required();
  AddWalkOptions(*explain, line);
  AddDatabaseOptions(*explain, line);
  explain
      ->add_option("--policy", line.scan.policy_file,
                   "Who deploys where and for what; own lists and waivers (JSON, // comments)")
      ->type_name("FILE");
  explain
      ->add_option("--as-of", line.scan.as_of,
                   "Apply the rules in force on this day (default: the day of the report)")
      ->type_name("YYYY-MM-DD");

  CLI::App* compare =
      app.add_subcommand("compare", "Say how much of their tensor bytes two models have in common");
  compare->add_option("models", line.compare, "Two files or directories")
      ->expected(2)
      ->type_name("A B")
      ->required();
  compare->add_option("-j,--jobs", line.scan.jobs, "Threads, up to 256; 0 means one per processor")
      ->type_name("N")
      ->check(CLI::Range(0, 256).description(""));
  compare->add_option("-o,--output", line.output_texts, "table or json")
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"table", "json"}));

  CLI::App* list = app.add_subcommand("list", "List what the program knows");
  list->add_option("what", line.list_what,
                   "accelerators, formats, publishers, models, rules or licences")
      ->check(
          CLI::IsMember({"accelerators", "formats", "publishers", "models", "rules", "licences"}))
      ->required()
      ->type_name("WHAT");
  list->add_option("-o,--output", line.output_texts, "table or json")
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"table", "json"}));
  list->add_option("--as-of", line.scan.as_of,
                   "Classify accelerators under the text of this day (default: today)")
      ->type_name("YYYY-MM-DD");
  AddDatabaseOptions(*list, line);

  DefineAccelerators(app, line);
  DefineClassify(app, line);
  DefineDatabases(app, line);

  CLI::App* policy = app.add_subcommand("policy", "Write or check a policy file");
  policy->require_subcommand(1);
  policy->add_subcommand("init", "Write a commented example to standard output");
  CLI::App* check = policy->add_subcommand("check", "Check a policy file and list every error");
  check->add_option("file", line.policy_file, "Policy file")->required()->type_name("FILE");
  check
      ->add_option("--report", line.rules.report,
                   "Judge a stored report (-o json) under the policy, without a scan; exit 1 when "
                   "a finding is at or above the gate")
      ->type_name("REPORT");
  check
      ->add_option("--as-of", line.scan.as_of,
                   "With --report: apply the rules in force on this day (default: today)")
      ->type_name("YYYY-MM-DD");
  check
      ->add_option("--rules", line.scan.rule_packs,
                   "A rule pack of one's own that the policy names; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);

  DefineScreening(app, line);
  DefineRules(app, line);

  CLI::App* version =
      app.add_subcommand("version", "Print the versions of the program and its database");
  version->add_option("-o,--output", line.output_texts, "table or json")
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"table", "json"}));
  version
      ->add_option("--db", line.scan.database,
                   "Database to describe instead of the one in use; embedded: the one in the "
                   "program")
      ->type_name("FILE");
  version
      ->add_option("--data-dir", line.scan.database_folder,
                   "Folder of installed databases (see db update)")
      ->type_name("DIR");

  CLI::App* completion = app.add_subcommand("completion", "Print a completion script for a shell");
  completion->add_option("shell", line.shell, "bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required()
      ->type_name("SHELL");
  app.add_subcommand("man", "Print the manual page (roff)");
}

Status FinishCommandLine(CommandLine& line, bool needs_target) {
  line.scan.hash = line.hash == "none" ? HashMode::kNone : HashMode::kFull;
  if (!line.timestamp.empty()) {
    const auto seconds = ParseUint(line.timestamp);
    if (!seconds || *seconds >= (1ULL << 40)) {
      return Error{ErrorCode::kInvalidArgument,
                   "--timestamp " + Quote(line.timestamp) + " is not a Unix time"};
    }
    line.scan.report_time = static_cast<std::int64_t>(*seconds);
  }
  Status status = ParseOutputs(line);
  if (status.ok()) status = ReadIgnoreFile(line);
  if (status.ok()) status = ReadFilesFrom(line);
  if (status.ok() && needs_target && line.scan.targets.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "no target: name a file or directory, or use --files-from"};
  }
  return status;
}

}  // namespace weighbridge
