// origin_of PATH: the library in forty lines. Prints each model below PATH with its
// origin, how that was established, and the rules that say something about it.
#include <iostream>

#include "weighbridge/scan.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: origin_of PATH\n";
    return 2;
  }
  weighbridge::ScanOptions options;
  options.targets = {argv[1]};
  options.hash = weighbridge::HashMode::kNone;  // headers only: fast
  const auto report = weighbridge::Scan(options);
  if (!report.ok()) {
    std::cerr << report.error().message << "\n";
    return 2;
  }
  for (const weighbridge::Model& model : report.value().models) {
    const weighbridge::Identity& identity = model.identity;
    std::cout << identity.name << ": ";
    if (!identity.origin_publisher.empty()) {
      std::cout << identity.origin_publisher << " (" << identity.origin_country << ")";
    } else if (!identity.candidates.empty()) {
      std::cout << "one of";
      for (const std::string& candidate : identity.candidates) std::cout << " " << candidate;
    } else {
      std::cout << "origin unknown";
    }
    std::cout << ", " << weighbridge::GradeName(identity.grade) << "\n";
    for (const weighbridge::Finding& finding : report.value().findings) {
      if (finding.model_id != model.id || !finding.settled) continue;
      std::cout << "  " << finding.rule_id << ": " << weighbridge::OutcomeName(finding.outcome)
                << "\n";
    }
  }
  return 0;
}
