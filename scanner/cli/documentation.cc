// The man page and the shell completions, written from the option table.
#include <algorithm>
#include <sstream>

#include "scanner/base/text.h"
#include "scanner/cli/options.h"

namespace weighbridge {
namespace {

std::vector<const CLI::App*> Subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string OptionWords(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    for (const std::string& name : option->get_snames()) words.push_back("-" + name);
  }
  return Join(words, " ");
}

std::string Roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

void WriteOptions(std::ostringstream& out, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    std::string name = option->get_name(false, true);
    std::replace(name.begin(), name.end(), ',', ' ');
    const std::string type =
        option->get_type_size() == 0 || option->get_positional() ? "" : option->get_type_name();
    out << ".TP\n.B " << Roff(name) << (type.empty() ? "" : " \\fI" + Roff(type) + "\\fR") << "\n"
        << Roff(option->get_description()) << "\n";
  }
}

void WriteCommand(std::ostringstream& out, const CLI::App& command, const std::string& prefix) {
  const std::string name = prefix + command.get_name();
  out << ".SS " << Roff(name) << "\n" << Roff(command.get_description()) << "\n";
  WriteOptions(out, command);
  for (const CLI::App* child : Subcommands(command)) WriteCommand(out, *child, name + " ");
}

std::string BashCompletion(const CLI::App& app) {
  std::ostringstream out;
  std::vector<std::string> names;
  for (const CLI::App* command : Subcommands(app)) names.push_back(command->get_name());
  out << "_weighbridge() {\n  local cur=${COMP_WORDS[COMP_CWORD]} words=\n  case ${COMP_WORDS[1]} "
         "in\n";
  for (const CLI::App* command : Subcommands(app)) {
    std::vector<std::string> children;
    for (const CLI::App* child : Subcommands(*command)) children.push_back(child->get_name());
    const std::string extra = command->get_name() == "list"
                                  ? "formats publishers models rules licences"
                                  : Join(children, " ");
    out << "    " << command->get_name() << ") words=\"" << OptionWords(*command)
        << (extra.empty() ? "" : " ") << extra << "\" ;;\n";
  }
  out << "  esac\n  [ \"$COMP_CWORD\" -eq 1 ] && words=\"" << Join(names, " ")
      << " --help --version\"\n"
      << "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\") $(compgen -f -- \"$cur\"))\n}\n"
      << "complete -o filenames -F _weighbridge weighbridge\n";
  return out.str();
}

std::string FishCompletion(const CLI::App& app) {
  std::ostringstream out;
  for (const CLI::App* command : Subcommands(app)) {
    out << "complete -c weighbridge -n __fish_use_subcommand -a " << command->get_name() << " -d '"
        << command->get_description() << "'\n";
    for (const CLI::Option* option : command->get_options()) {
      if (option->get_positional() && option->get_lnames().empty()) continue;
      std::string text = option->get_description();
      std::erase(text, '\'');
      out << "complete -c weighbridge -n '__fish_seen_subcommand_from " << command->get_name()
          << "'";
      for (const std::string& name : option->get_lnames()) out << " -l " << name;
      for (const std::string& name : option->get_snames()) out << " -s " << name;
      out << " -d '" << text << "'\n";
    }
  }
  return out.str();
}

}  // namespace

std::string ManPage(const CLI::App& app) {
  std::ostringstream out;
  out << ".TH WEIGHBRIDGE 1 \"\" \"weighbridge " WEIGHBRIDGE_VERSION_TEXT "\" \"User Commands\"\n"
      << ".SH NAME\nweighbridge \\- "
      << Roff("identify model weights, their origin and the rules that apply") << "\n"
      << ".SH SYNOPSIS\n.B weighbridge\n\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIPATH\\fR]...\n"
      << ".SH DESCRIPTION\n"
      << Roff(app.get_description()) << "\n"
      << Roff(
             "Evidence is verified (a hash checked now), claimed (a file says so) or inferred "
             "(structure suggests so). "
             "Findings cite their rule and its date. Weighbridge flags and cites; it does not give "
             "legal advice.")
      << "\n.SH COMMANDS\n";
  for (const CLI::App* command : Subcommands(app)) WriteCommand(out, *command, "");
  out << ".SH EXIT STATUS\n.TP\n.B 0\nNothing at or above the gate.\n.TP\n.B 1\nA finding at or "
         "above the gate.\n"
      << ".TP\n.B 2\nUsage error, unreadable target, failed write, interrupted scan, or an "
         "incomplete scan with \\-\\-strict.\n"
      << ".SH ENVIRONMENT\n.TP\n.B SOURCE_DATE_EPOCH\nUnix time to use as the time of the "
         "report.\n";
  return out.str();
}

std::string Completion(const CLI::App& app, const std::string& shell) {
  if (shell == "fish") return FishCompletion(app);
  if (shell == "zsh")
    return "#compdef weighbridge\nautoload -U bashcompinit && bashcompinit\n" + BashCompletion(app);
  return BashCompletion(app);
}

}  // namespace weighbridge
