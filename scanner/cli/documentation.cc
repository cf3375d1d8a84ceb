// The man page, written from the option table.
#include <sstream>

#include "scanner/base/text.h"
#include "scanner/cli/options.h"

namespace weighbridge {
namespace {

std::vector<const CLI::App*> Subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// A line of text: roff's own characters escaped, no line that looks like a request.
std::string Roff(const std::string& text) {
  std::string out;
  if (!text.empty() && (text[0] == '.' || text[0] == '\'')) out = "\\&";
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

// "MODE:{full,none}" is MODE; the description says what it may be.
std::string TypeName(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(":{"));
}

std::string Choices(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find(":{");
  return open == std::string::npos ? std::string() : type.substr(open + 1);
}

void WriteOption(std::ostringstream& out, const CLI::Option& option) {
  out << ".TP\n";
  if (option.get_positional()) {
    out << "\\fI" << Roff(TypeName(option)) << "\\fR"
        << (option.get_items_expected_max() > 2 ? "..." : "");
  } else {
    std::vector<std::string> names;
    for (const std::string& name : option.get_snames())
      names.push_back("\\fB" + Roff("-" + name) + "\\fR");
    for (const std::string& name : option.get_lnames())
      names.push_back("\\fB" + Roff("--" + name) + "\\fR");
    out << Join(names, ", ");
    if (option.get_type_size() != 0) out << " \\fI" << Roff(TypeName(option)) << "\\fR";
  }
  std::string text = option.get_description();
  // A choice that the description does not spell out.
  const std::string choices = Choices(option);
  if (!choices.empty() && text.find("full") == std::string::npos &&
      text.find(" or ") == std::string::npos)
    text += " " + choices;
  out << "\n" << Roff(text) << ".\n";
}

void WriteCommand(std::ostringstream& out, const CLI::App& command, const std::string& prefix) {
  const std::string name = prefix + command.get_name();
  out << ".SS " << Roff(name) << "\n" << Roff(command.get_description()) << ".\n";
  for (const CLI::Option* option : command.get_options()) {
    if (!option->check_lname("help")) WriteOption(out, *option);
  }
  for (const CLI::App* child : Subcommands(command)) WriteCommand(out, *child, name + " ");
}

struct Entry {
  const char* term;
  const char* text;
};

void WriteEntries(std::ostringstream& out, const char* heading,
                  std::initializer_list<Entry> entries) {
  out << ".SH " << heading << "\n";
  for (const Entry& entry : entries)
    out << ".TP\n.B " << Roff(entry.term) << "\n" << Roff(entry.text) << "\n";
}

}  // namespace

std::string ManPage(const CLI::App& app) {
  std::ostringstream out;
  out << ".TH WEIGHBRIDGE 1 \"\" \"weighbridge " WEIGHBRIDGE_VERSION_TEXT "\" \"User Commands\"\n"
      << ".SH NAME\nweighbridge \\- "
      << Roff("identify model weights, their origin and the rules that apply") << "\n"
      << ".SH SYNOPSIS\n.B weighbridge\n\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n"
      << ".SH DESCRIPTION\n"
      << Roff(app.get_description()) << "\n"
      << Roff(
             "Files are recognised by their bytes; a name never decides. Nothing that is read is "
             "executed, and nothing is fetched. Weighbridge flags and cites; it does not give "
             "legal advice.")
      << "\n.SH COMMANDS\nEvery command takes \\fB\\-h\\fR, \\fB\\-\\-help\\fR.\n";
  for (const CLI::App* command : Subcommands(app)) WriteCommand(out, *command, "");
  WriteEntries(
      out, "EVIDENCE",
      {{"verified", "A digest computed now is one that was published."},
       {"claimed", "A file, card, pointer or store says so."},
       {"inferred", "Tensor names and shapes suggest so."},
       {"unknown", "Nothing settles it; the candidates that structure leaves are listed."}});
  WriteEntries(out, "FINDINGS",
               {{"prohibited, licence-required, restricted, review, notice",
                 "What a rule means for this copy of weights, strongest first."},
                {"settled",
                 "All that the rule asks is known. Only these count for the gate, unless "
                 "--fail-on-undecided is given."},
                {"undecided",
                 "The finding names the facts that it depends on. Those of the deployer "
                 "(country, sector, activity, destinations) are given in a policy file."},
                {"waived", "A waiver of the policy applies; it is reported and does not gate."}});
  WriteEntries(
      out, "EXIT STATUS",
      {{"0", "No finding at or above the gate, or --exit-zero was given; screen: nothing found."},
       {"1", "A finding at or above the gate; screen: an exact hit or a candidate."},
       {"2",
        "Usage error, unreadable target, failed write, interrupted scan, or an incomplete "
        "scan with --strict."}});
  WriteEntries(
      out, "ENVIRONMENT",
      {{"SOURCE_DATE_EPOCH", "Unix time to use as the time of the report."},
       {"XDG_DATA_HOME, HOME", "Where installed databases lie, unless --data-dir is given."},
       {"NO_COLOR", "When set, the table has no colours."}});
  WriteEntries(
      out, "EXAMPLES",
      {{"weighbridge scan /srv/models", "A table, findings first."},
       {"weighbridge scan / --one-file-system -o cyclonedx-json=host.cdx.json",
        "An inventory of one host as CycloneDX."},
       {"weighbridge scan . --policy policy.json -o table -o sarif=out.sarif",
        "A gate in continuous integration: exit 1 stops the job, the SARIF file says why."},
       {"weighbridge scan . --as-of 2026-01-16", "The same under the rules of that day."},
       {"weighbridge classify --tops8 1979 --die-area 814",
        "The export classification of a part, with the working."},
       {"weighbridge classify \"H100 SXM\" --as-of 2023-01-01",
        "A product of the catalogue, under the rules of a day."},
       {"weighbridge policy init > policy.json", "A commented policy file to fill in."},
       {"weighbridge explain model.gguf", "How the conclusion about one model was reached."}});
  return out.str();
}

}  // namespace weighbridge
