#include <cstdio>
#include <iostream>

#include <malloc.h>

#include "sbom/text_layout.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"
#include "scanner/cli/progress.h"

namespace weighbridge {

void Complain(const std::string& message) {
  std::fprintf(stderr, "weighbridge: %s\n", message.c_str());
}

namespace {

int RunRules(const CLI::App& rules, CommandLine& line) {
  if (rules.got_subcommand("test")) return RunRulesTest(line);
  if (rules.got_subcommand("lint")) return RunRulesLint(line);
  return rules.got_subcommand("explain") ? RunRulesExplain(line) : RunRulesDiff(line);
}

int Dispatch(const CLI::App& app, CommandLine& line) {
  if (app.got_subcommand("scan")) return RunScan(line);
  if (app.got_subcommand("accelerators")) return RunAccelerators(line);
  if (app.got_subcommand("explain")) return RunExplain(line);
  if (app.got_subcommand("compare")) return RunCompare(line);
  if (app.got_subcommand("classify")) return RunClassify(line);
  if (app.got_subcommand("list")) return RunList(line);
  if (app.got_subcommand("rules")) return RunRules(*app.get_subcommand("rules"), line);
  if (app.got_subcommand("version")) return RunVersion(line);
  if (app.got_subcommand("screen")) return RunScreen(line);
  if (app.got_subcommand("db") && app.get_subcommand("db")->got_subcommand("import-list"))
    return RunImportList(line);
  if (app.got_subcommand("db")) return RunDatabase(*app.get_subcommand("db"), line);
  if (app.got_subcommand("policy")) {
    return app.get_subcommand("policy")->got_subcommand("init") ? RunPolicyInit()
                                                                : RunPolicyCheck(line);
  }
  const std::string text = app.got_subcommand("man") ? ManPage(app) : Completion(app, line.shell);
  return WriteDocument("", text).ok() ? kExitClean : kExitError;
}

// --help within 80 columns, as everything else.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(kNameColumns); }
  std::string make_option_desc(const CLI::Option* option) const override {
    return Join(WrapText(option->get_description(), 80 - kNameColumns), "\n");
  }

 private:
  static constexpr std::size_t kNameColumns = 26;
};

int Run(int argc, char** argv) {
  // One arena per thread would reserve 64 MiB of address space each: hosts scan
  // under `ulimit -v`.
  mallopt(M_ARENA_MAX, 2);
  BlockSignals();
  CLI::App app;
  app.name("weighbridge");
  app.formatter(std::make_shared<HelpFormatter>());
  CommandLine line;
  DefineCommandLine(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, std::cout, std::cerr);
    return code == 0 ? kExitClean : kExitError;
  }
  return Dispatch(app, line);
}

}  // namespace
}  // namespace weighbridge

int main(int argc, char** argv) {
  try {
    return weighbridge::Run(argc, argv);
  } catch (const std::exception& error) {  // the last resort: out of memory, mostly
    weighbridge::Complain(error.what());
    return weighbridge::kExitError;
  }
}
