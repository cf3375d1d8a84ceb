// The accelerators section of the text report: by host, each product once, with how it is
// classified and the arithmetic.
#include <map>

#include "sbom/classification_words.h"
#include "sbom/table.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kIndent = 4;

void PrintWorking(TextPage& page, const AcceleratorProduct& product) {
  const Classification& result = product.classification;
  for (const std::string& line : result.working) page.Field(kIndent, "working", Printable(line));
  for (const std::string& line : result.near_lines) {
    page.Field(kIndent, "near a line", Printable(line));
  }
  for (const std::string& line : result.assumptions) {
    page.Field(kIndent, "assumes", Printable(line));
  }
  page.Field(kIndent, "text", Printable(result.citation));
  page.Field(kIndent, "figures",
             Printable(product.source) + " (confidence " + Printable(product.confidence) + ")");
}

std::string Identification(const Accelerator& accelerator) {
  const Device& device = accelerator.devices.front();
  std::string text = device.pci.device.empty()
                         ? std::string()
                         : "PCI " + device.pci.vendor + ":" + device.pci.device;
  if (!device.pci.subsystem_device.empty()) {
    text += ", subsystem " + device.pci.subsystem_vendor + ":" + device.pci.subsystem_device;
  }
  if (!device.product.empty()) {
    text += (text.empty() ? "" : ", ") + ("named " + Quote(device.product));
  }
  if (text.empty()) text = device.architecture;
  text += (text.empty() ? "" : ", ") + ("seen in " + device.seen_in);
  return Printable(text) + " [" + GradeName(accelerator.grade) + "]";
}

void PrintAccelerator(TextPage& page, const Report& report, const Accelerator& accelerator,
                      bool with_working) {
  const std::vector<const AcceleratorProduct*> products = ProductsOf(report, accelerator);
  const SharedClassification shared = Share(products);
  page.Paragraph(2, (accelerator.count_is_upper_bound ? "at most " : "") +
                        std::to_string(accelerator.count) + " x " + Printable(accelerator.name));
  page.Field(kIndent, "host", Printable(accelerator.host));
  page.Field(kIndent, "known by", Identification(accelerator));
  page.Field(kIndent, "ECCN",
             Printable(shared.eccn.empty() ? "undecided: " + shared.undecided : shared.eccn));
  page.Field(kIndent, "TPP", Printable(shared.tpp));
  page.Field(kIndent, "density", Printable(shared.density));
  if (products.size() == 1 && with_working) PrintWorking(page, *products[0]);
  const Device& first = accelerator.devices.front();
  page.Field(
      kIndent, "driver",
      Printable(first.driver + (first.driver_version.empty() ? "" : " ") + first.driver_version));
}

// "built for cuda sm_80, sm_90", "CUDA 12.4.127 (NVIDIA)"
std::string SoftwareText(const Artifact& artifact) {
  const std::string& name = artifact.ClaimOr("stack:name");
  std::string text = name;
  if (!name.empty()) {
    const std::string& version = artifact.ClaimOr("stack:version");
    if (!version.empty()) text += " " + version;
    text += " (" + artifact.ClaimOr("stack:vendor") + ")";
  }
  for (const char* kind : {"cuda", "rocm", "device"}) {
    const std::vector<std::string> targets = artifact.ClaimList(std::string("target:") + kind);
    if (targets.empty()) continue;
    text += (text.empty() ? "" : ", ") + std::string("built for ") +
            (std::string(kind) == "device" ? "" : std::string(kind) + " ") + Join(targets, ", ");
  }
  return text;
}

struct Counted {
  std::size_t count = 0;
  std::string first;
};

void PrintHosts(TextPage& page, const Report& report) {
  page.Blank();
  for (const AcceleratorHost& host : report.accelerator_hosts) {
    std::string text = host.host.empty() ? "this host" : Printable(host.host);
    text += ": " + std::to_string(host.devices) + (host.devices == 1 ? " device" : " devices");
    text += ", as a computer " +
            (host.computer_eccn.empty() ? std::string("undecided") : host.computer_eccn);
    if (!host.decided_by.empty()) {
      text += " (the worst circuit decides: " + Printable(Join(host.decided_by, "; ")) + ")";
    }
    if (!host.undecided.empty() && !host.computer_eccn.empty()) {
      text += "; may be higher by " + Printable(Join(host.undecided, "; "));
    }
    page.Field(2, "in all", text);
  }
}

}  // namespace

void PrintAccelerators(TextPage& page, const Report& report, const TableLimits& limits) {
  if (report.accelerators.empty() && report.host_software.empty()) return;
  page.Heading("ACCELERATORS");
  if (report.accelerators.empty()) page.Paragraph(2, "none found");
  std::map<std::string, bool> worked;  // the arithmetic of a product is printed once
  std::size_t count = 0;
  for (const Accelerator& accelerator : report.accelerators) {
    if (count == limits.entries) break;
    if (count++ != 0) page.Blank();
    const bool first =
        accelerator.products.size() == 1 && worked.emplace(accelerator.products[0], true).second;
    PrintAccelerator(page, report, accelerator, first);
  }
  PrintMore(page, 2, report.accelerators.size(), count);
  PrintHosts(page, report);
  for (const HostSoftware& software : report.host_software) {
    page.Field(2, software.kind == "firmware" ? "firmware" : "driver",
               Printable(software.name + " " + software.version +
                         (software.host.empty() ? "" : " on " + software.host)));
  }
}

void PrintTargets(TextPage& page, const Report& report, const TableLimits& limits) {
  std::map<std::string, Counted> software;
  for (const Artifact& artifact : report.artifacts) {
    const std::string text = SoftwareText(artifact);
    if (text.empty()) continue;
    Counted& counted = software[text];
    if (counted.count++ == 0) counted.first = Escaped(artifact.location.ToString());
  }
  if (software.empty()) return;
  page.Heading("SOFTWARE FOR ACCELERATORS (what it was built for; it shows no device)");
  std::size_t printed = 0;
  for (const auto& [text, counted] : software) {
    if (printed == limits.entries) break;
    ++printed;
    page.Paragraph(
        4,
        Printable(text) + ": " + counted.first +
            (counted.count == 1 ? "" : " and " + std::to_string(counted.count - 1) + " more files"),
        "  -");
  }
  PrintMore(page, 2, software.size(), printed);
}

}  // namespace weighbridge
