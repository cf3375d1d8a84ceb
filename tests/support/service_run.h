// Runs the finder of hosted services over a text and writes its hits as short lines.
#pragma once

#include <string>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/services/service_finder.h"

namespace weighbridge::test {

inline std::string ServiceNames(const std::vector<std::size_t>& rows) {
  std::string out;
  for (const std::size_t row : rows) {
    out += (out.empty() ? "" : "+") + ServiceFinder::Instance().table().rows[row].service;
  }
  return out.empty() ? "-" : out;
}

// "2 strong base-url DeepSeek: OPENAI_BASE_URL -> api.deepseek.com"
inline std::string HitLine(const ServiceHit& hit) {
  return std::to_string(hit.line) + " " + ServiceStrengthName(hit.strength) + " " +
         ServiceTechniqueName(hit.technique) + " " + ServiceNames(hit.services) + ": " +
         hit.matched;
}

inline std::vector<ServiceHit> FindServices(const std::string& path, const std::string& text) {
  std::vector<ServiceHit> hits;
  ServiceFinder::Instance().FindInText(text, path, Location{path, {}}, hits);
  return hits;
}

inline std::string HitLines(const std::string& path, const std::string& text) {
  std::vector<std::string> lines;
  for (const ServiceHit& hit : FindServices(path, text)) lines.push_back(HitLine(hit));
  return Join(lines, "\n");
}

}  // namespace weighbridge::test
