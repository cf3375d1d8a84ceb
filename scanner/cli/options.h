// The command line: one table of commands and options (CLI11), from which --help,
// the shell completions and the man page are made.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "weighbridge/scan.h"

namespace weighbridge {

struct OutputChoice {
  std::string format;
  std::string file;  // "" = standard output
};

// Of classify: figures as they were typed, "" where none was given.
struct ClassifyLine {
  std::string product;
  std::string tops4, tops8, tflops4, tflops8, tflops16, tflops_tf32, tflops32, tflops64;
  std::string die_area, memory_bandwidth, interconnect;
  bool planar = false;
  bool datacenter = false;
  bool not_datacenter = false;
};

// Of rules: packs as they were named, and what is asked of them.
struct RulesLine {
  std::vector<std::string> packs;  // of test, lint and explain; A and B of diff
  std::string id;
  std::string report;
};

// Of db: files and folders as they were given.
struct DatabaseLine {
  std::string file, output, key, from;
  std::string catalog_dir, packs_dir, parties;
  std::string expires, version, previous;
  bool force = false;
};

struct CommandLine {
  ScanOptions scan;
  std::vector<std::string> output_texts;  // -o as given
  std::vector<OutputChoice> outputs;      // parsed
  std::string hash = "full";
  std::string ignore_file;
  std::string files_from;
  bool null_separated = false;
  bool quiet = false;
  bool verbose = false;
  bool exit_zero = false;
  bool strict = false;
  std::string timestamp;
  std::string serial;
  std::string list_what;
  std::vector<std::string> compare;  // A, B
  std::string policy_file;           // of policy check
  std::string shell;                 // of completion
  ClassifyLine classify;
  std::vector<std::string> screen_names;
  std::vector<std::string> party_lists;  // of screen and db import-list
  std::string party_database;            // read by screen, written by db import-list
  std::string screen_country, screen_type, screen_from;
  double screen_threshold = 0;  // 0: the program's own
  RulesLine rules;
  DatabaseLine db;
};

// Adds the command classify, bound to `line`.
void DefineClassify(CLI::App& app, CommandLine& line);

// screen and db import-list.
void DefineScreening(CLI::App& app, CommandLine& line);

// Adds the command rules with its commands, bound to `line`.
void DefineRules(CLI::App& app, CommandLine& line);

// Adds the commands of db that make and use database bundles.
void DefineDatabases(CLI::App& app, CommandLine& line);

// Adds every command and option to `app`, bound to `line`.
void DefineCommandLine(CLI::App& app, CommandLine& line);

// Parses -o texts, reads --ignore-file and --files-from, checks combinations.
Status FinishCommandLine(CommandLine& line, bool needs_target = true);

std::string ManPage(const CLI::App& app);
// `shell` is bash, zsh or fish.
std::string Completion(const CLI::App& app, const std::string& shell);

}  // namespace weighbridge
