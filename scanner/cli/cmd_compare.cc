#include <cstdio>
#include <sstream>

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"

namespace weighbridge {
namespace {

double Share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string AsTable(const CommandLine& line, const Comparison& c) {
  char text[512];
  std::snprintf(text, sizeof text,
                "common: %llu bytes in %llu tensors\nA: %.2f%% of %llu bytes (%llu tensors)\n"
                "B: %.2f%% of %llu bytes (%llu tensors)\n",
                static_cast<unsigned long long>(c.bytes_common),
                static_cast<unsigned long long>(c.tensors_common), Share(c.bytes_common, c.bytes_a),
                static_cast<unsigned long long>(c.bytes_a),
                static_cast<unsigned long long>(c.tensors_a), Share(c.bytes_common, c.bytes_b),
                static_cast<unsigned long long>(c.bytes_b),
                static_cast<unsigned long long>(c.tensors_b));
  std::string out =
      "A = " + Printable(line.compare[0]) + "\nB = " + Printable(line.compare[1]) + "\n" + text;
  if (c.without_digest_a + c.without_digest_b != 0) {
    out += "not compared: " + std::to_string(c.without_digest_a) + " tensors of A, " +
           std::to_string(c.without_digest_b) + " of B (content not readable in place)\n";
  }
  return out;
}

std::string AsJson(const CommandLine& line, const Comparison& c) {
  nlohmann::ordered_json out;
  out["a"] = {{"target", Printable(line.compare[0])},
              {"bytes", c.bytes_a},
              {"tensors", c.tensors_a},
              {"tensors_without_digest", c.without_digest_a},
              {"percent_common", Share(c.bytes_common, c.bytes_a)}};
  out["b"] = {{"target", Printable(line.compare[1])},
              {"bytes", c.bytes_b},
              {"tensors", c.tensors_b},
              {"tensors_without_digest", c.without_digest_b},
              {"percent_common", Share(c.bytes_common, c.bytes_b)}};
  out["common"] = {{"bytes", c.bytes_common}, {"tensors", c.tensors_common}};
  return out.dump(2) + "\n";
}

}  // namespace

int RunCompare(CommandLine& line) {
  std::vector<Report> reports;
  for (const std::string& target : line.compare) {
    ScanOptions options = line.scan;
    options.targets = {target};
    auto report = Scan(options);
    if (!report.ok()) {
      Complain(report.error().message);
      return kExitError;
    }
    reports.push_back(std::move(report).value());
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (reports[i].models.empty()) {
      Complain(Printable(line.compare[i]) + ": no model found");
      return kExitError;
    }
  }
  const Comparison comparison = Compare(reports[0], reports[1]);
  const bool json = !line.output_texts.empty() && line.output_texts.back() == "json";
  Status wrote = WriteDocument("", json ? AsJson(line, comparison) : AsTable(line, comparison));
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace weighbridge
