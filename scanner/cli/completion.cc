// Shell completions, written from the option table.
#include <sstream>

#include "sbom/writer.h"
#include "scanner/base/text.h"
#include "scanner/cli/options.h"

namespace weighbridge {
namespace {

std::vector<const CLI::App*> Subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> Names(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

// The words that an option takes: "MODE:{full,none}" says full and none.
std::vector<std::string> Words(const CLI::App& command, const CLI::Option& option) {
  if (command.get_name() == "scan" && option.get_name() == "--output") {
    std::vector<std::string> formats;
    for (const Writer& writer : Writers()) formats.emplace_back(writer.id);
    return formats;
  }
  if (option.check_lname("fail-on"))
    return {"none", "notice", "review", "restricted", "licence-required", "prohibited"};
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  return Split(type.substr(open + 1, close - open - 1), ',');
}

// What may follow a command: its options, its commands, the words of its positionals.
std::vector<std::string> Following(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : command.get_options()) {
    const std::vector<std::string> more =
        Names(*option).empty() ? Words(command, *option) : Names(*option);
    words.insert(words.end(), more.begin(), more.end());
  }
  for (const CLI::App* child : Subcommands(command)) words.push_back(child->get_name());
  return words;
}

bool TakesValue(const CLI::Option& option) { return option.get_items_expected_max() != 0; }

// Whether a bare word may be a file: there is a positional that takes no fixed words.
bool TakesFiles(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (Names(*option).empty() && Words(command, *option).empty()) return true;
  }
  return false;
}

std::string Bash(const CLI::App& app) {
  std::ostringstream values, follows;
  std::vector<std::string> commands;
  for (const CLI::App* command : Subcommands(app)) {
    const std::string& name = command->get_name();
    commands.push_back(name);
    bool files = TakesFiles(*command);
    for (const CLI::App* child : Subcommands(*command)) files = files || TakesFiles(*child);
    follows << "    " << name << ") words=\"" << Join(Following(*command), " ") << "\""
            << (files ? "" : "; only=word") << " ;;\n";
    for (const CLI::Option* option : command->get_options()) {
      if (!TakesValue(*option) || Names(*option).empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& each : Names(*option)) patterns.push_back(name + "," + each);
      values << "    " << Join(patterns, "|") << ")\n      words=\""
             << Join(Words(*command, *option), " ") << "\"; only=value ;;\n";
    }
  }
  std::ostringstream out;
  out << "_weighbridge() {\n  local cur=${COMP_WORDS[COMP_CWORD]} words= only=\n"
      << "  local prev=${COMP_WORDS[COMP_CWORD-1]}\n"
      << "  case ${COMP_WORDS[1]} in\n"
      << follows.str() << "  esac\n  case ${COMP_WORDS[1]},$prev in\n"
      << values.str() << "  esac\n"
      << "  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"" << Join(commands, " ")
      << " --help --version\"; only=word; fi\n"
      << "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
      // Files, where no fixed words are asked for.
      << "  if [ -z \"$only\" ] || { [ \"$only\" = value ] && [ -z \"$words\" ]; }; then\n"
      << "    COMPREPLY+=($(compgen -f -- \"$cur\"))\n  fi\n}\n"
      << "complete -o filenames -F _weighbridge weighbridge\n";
  return out.str();
}

// Text between single quotes, as fish reads it.
std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string Fish(const CLI::App& app) {
  std::ostringstream out;
  for (const CLI::App* command : Subcommands(app)) {
    const std::string seen = " -n " + Quoted("__fish_seen_subcommand_from " + command->get_name());
    out << "complete -c weighbridge -f -n __fish_use_subcommand -a " << command->get_name()
        << " -d " << Quoted(command->get_description()) << "\n";
    for (const CLI::App* child : Subcommands(*command)) {
      out << "complete -c weighbridge -f" << seen << " -a " << child->get_name() << " -d "
          << Quoted(child->get_description()) << "\n";
    }
    for (const CLI::Option* option : command->get_options()) {
      const std::vector<std::string> words = Words(*command, *option);
      if (Names(*option).empty()) {
        if (!words.empty())
          out << "complete -c weighbridge -f" << seen << " -a " << Quoted(Join(words, " ")) << "\n";
        continue;
      }
      out << "complete -c weighbridge" << seen;
      for (const std::string& name : option->get_lnames()) out << " -l " << name;
      for (const std::string& name : option->get_snames()) out << " -s " << name;
      if (!words.empty())
        out << " -x -a " << Quoted(Join(words, " "));
      else if (TakesValue(*option))
        out << " -r";
      out << " -d " << Quoted(option->get_description()) << "\n";
    }
  }
  return out.str();
}

}  // namespace

std::string Completion(const CLI::App& app, const std::string& shell) {
  if (shell == "fish") return Fish(app);
  if (shell == "zsh")
    return "#compdef weighbridge\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(app);
  return Bash(app);
}

}  // namespace weighbridge
