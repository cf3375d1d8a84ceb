// CycloneDX components: one per model, one per file.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sbom/document.h"

namespace weighbridge {

// Hands out bom-refs, each once, and remembers which component stands for what.
class RefBook {
 public:
  // `wanted`, or `wanted#2`, `wanted#3`... when that is taken.
  std::string Take(const std::string& wanted);
  void NameFile(const Artifact& artifact, const std::string& ref);
  void NameModel(const Model& model, const std::string& ref);
  void NameAccelerator(const Accelerator& accelerator, const std::string& ref);
  void NameService(const ServiceUse& use, const std::string& ref);
  // The first component at that place; "" when there is none.
  std::string FileRef(const Location& location) const;
  std::string ModelRef(const std::string& model_id) const;
  std::string AcceleratorRef(const std::string& accelerator_id) const;
  std::string ServiceRef(const std::string& service_id) const;
  // The model that was concluded to be this hub repository; "" when none was scanned.
  std::string HubRef(const std::string& hub_id) const;

 private:
  std::set<std::string> taken_;
  std::map<std::string, std::size_t> next_ordinal_;
  std::map<Location, std::string> file_refs_;
  std::map<std::string, std::string> model_refs_;
  std::map<std::string, std::string> accelerator_refs_;
  std::map<std::string, std::string> service_refs_;
  std::map<std::string, std::string> hub_refs_;
};

// Findings by what they are about.
struct FindingIndex {
  explicit FindingIndex(const Report& report);
  std::map<std::string, std::vector<const Finding*>> by_model;
  std::map<std::string, std::vector<const Finding*>> by_accelerator;
  std::map<Location, std::vector<const Finding*>> by_file;  // those of neither
};

// {"name": ..., "value": ...}, appended unless the value is empty.
void AddProperty(OrderedJson& properties, const char* name, std::string_view value);
// "RULE-ID OUTCOME settled|undecided[ waived]", one for each.
void AddFindingProperties(OrderedJson& properties, const std::vector<const Finding*>& findings);

OrderedJson FileComponent(const Artifact& artifact, const FindingIndex& findings, RefBook& refs);
OrderedJson ModelComponent(const Report& report, const Model& model, const FindingIndex& findings,
                           RefBook& refs);

// evidence.identity of a model: what speaks for its name and its developer.
OrderedJson IdentityEvidence(const Model& model, const std::string& purl);
OrderedJson AncestorComponents(const Model& model);
OrderedJson LicenceList(const Model& model);

}  // namespace weighbridge
