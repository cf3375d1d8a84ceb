#include "sbom/cyclonedx_device.h"

#include <set>

#include "sbom/classification_words.h"
#include "sbom/cyclonedx_findings.h"
#include "scanner/base/figure_text.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

void AddFigure(OrderedJson& out, const char* name, const std::optional<double>& value) {
  if (value) AddProperty(out, name, FigureText(*value));
}

// Of one integrated circuit, dense.
void AddFigures(OrderedJson& out, const AcceleratorProduct& product) {
  const AcceleratorFigures& figures = product.figures;
  AddFigure(out, "weighbridge:figure.fp64-tflops", figures.fp64);
  AddFigure(out, "weighbridge:figure.fp32-tflops", figures.fp32);
  AddFigure(out, "weighbridge:figure.tf32-tflops", figures.tf32);
  AddFigure(out, "weighbridge:figure.fp16-tflops", figures.fp16);
  AddFigure(out, "weighbridge:figure.fp8-tflops", figures.fp8);
  AddFigure(out, "weighbridge:figure.int8-tops", figures.int8);
  AddFigure(out, "weighbridge:figure.fp4-tflops", figures.fp4);
  AddFigure(out, "weighbridge:figure.int4-tops", figures.int4);
  AddFigure(out, "weighbridge:figure.die-area-mm2", figures.die_area_mm2);
  AddFigure(out, "weighbridge:figure.memory-bandwidth-gbs", figures.memory_bandwidth_gbs);
  AddFigure(out, "weighbridge:figure.interconnect-gbs", figures.interconnect_gbs);
  AddProperty(out, "weighbridge:figure-source", product.source);
  AddProperty(out, "weighbridge:figure-confidence", product.confidence);
  AddProperty(out, "weighbridge:segment", product.segment);
  AddProperty(out, "weighbridge:designer-country", product.designer_country);
  if (product.circuits > 1) {
    AddProperty(out, "weighbridge:circuits", std::to_string(product.circuits));
  }
}

void AddClassification(OrderedJson& out, const std::vector<const AcceleratorProduct*>& products) {
  const SharedClassification shared = Share(products);
  AddProperty(out, "weighbridge:tpp", shared.tpp);
  AddProperty(out, "weighbridge:performance-density", shared.density);
  if (shared.eccn != "none") AddProperty(out, "weighbridge:eccn", shared.eccn);
  AddProperty(out, "weighbridge:eccn-none-met", shared.eccn == "none" ? "true" : "");
  AddProperty(out, "weighbridge:eccn-undecided", shared.undecided);
  for (const AcceleratorProduct* product : products) {
    const Classification& result = product->classification;
    const std::string whose = products.size() == 1 ? "" : product->id + ": ";
    for (const std::string& line : result.working) {
      AddProperty(out, "weighbridge:working", whose + line);
    }
    for (const std::string& line : result.near_lines) {
      AddProperty(out, "weighbridge:near-line", whose + line);
    }
    for (const std::string& line : result.assumptions) {
      AddProperty(out, "weighbridge:assumption", whose + line);
    }
  }
  if (!products.empty()) {
    AddProperty(out, "weighbridge:classification-text", products[0]->classification.citation);
  }
}

void AddDevice(OrderedJson& out, const Device& device) {
  AddProperty(out, "weighbridge:address", device.address);
  AddProperty(out, "weighbridge:serial", device.serial);
  AddProperty(out, "weighbridge:uuid", device.uuid);
}

void AddIds(OrderedJson& out, const Device& device) {
  if (!device.pci.vendor.empty()) {
    AddProperty(out, "weighbridge:pci-id", device.pci.vendor + ":" + device.pci.device);
  }
  if (!device.pci.subsystem_vendor.empty()) {
    AddProperty(out, "weighbridge:pci-subsystem",
                device.pci.subsystem_vendor + ":" + device.pci.subsystem_device);
  }
  AddProperty(out, "weighbridge:pci-class", device.pci.class_code);
  AddProperty(out, "weighbridge:stated-vendor", device.vendor);
  AddProperty(out, "weighbridge:stated-product", device.product);
  AddProperty(out, "weighbridge:code-target", device.architecture);
  if (device.memory_bytes != 0) {
    AddProperty(out, "weighbridge:memory-bytes", std::to_string(device.memory_bytes));
  }
  AddProperty(out, "weighbridge:driver", device.driver);
  AddProperty(out, "weighbridge:driver-version", device.driver_version);
  AddProperty(out, "weighbridge:device-firmware", device.firmware);
}

}  // namespace

OrderedJson DeviceComponent(const Report& report, const Accelerator& accelerator,
                            const FindingIndex& findings, RefBook& refs) {
  const std::vector<const AcceleratorProduct*> products = ProductsOf(report, accelerator);
  const std::string ref = refs.Take("device:" + Escaped(accelerator.id));
  refs.NameAccelerator(accelerator, ref);
  OrderedJson out = OrderedJson::object();
  out["type"] = "device";
  out["bom-ref"] = ref;
  const std::string maker =
      products.size() == 1 ? products[0]->vendor : accelerator.devices.front().vendor;
  if (!maker.empty()) out["manufacturer"] = {{"name", Printable(maker)}};
  out["name"] = Printable(products.size() == 1 ? products[0]->name : accelerator.name);
  OrderedJson properties = OrderedJson::array();
  AddProperty(properties, "weighbridge:count", std::to_string(accelerator.count));
  AddProperty(properties, "weighbridge:count-is-upper-bound",
              accelerator.count_is_upper_bound ? "true" : "");
  AddProperty(properties, "weighbridge:host", accelerator.host);
  if (products.size() == 1) AddProperty(properties, "weighbridge:product", products[0]->id);
  if (products.size() > 1) {
    AddProperty(properties, "weighbridge:candidates", Join(accelerator.products, ","));
  }
  AddProperty(properties, "weighbridge:match-basis", accelerator.match_basis);
  AddProperty(properties, "weighbridge:identity-grade", GradeName(accelerator.grade));
  AddProperty(properties, "weighbridge:seen-in", accelerator.devices.front().seen_in);
  AddIds(properties, accelerator.devices.front());
  for (const Device& device : accelerator.devices) AddDevice(properties, device);
  if (products.size() == 1) AddFigures(properties, *products[0]);
  AddClassification(properties, products);
  const auto found = findings.by_accelerator.find(accelerator.id);
  if (found != findings.by_accelerator.end()) AddFindingProperties(properties, found->second);
  std::set<std::string> places;  // one file may list all devices
  for (const Device& device : accelerator.devices) places.insert(device.location.ToString());
  OrderedJson occurrences = OrderedJson::array();
  for (const std::string& place : places) occurrences.push_back({{"location", Escaped(place)}});
  out["evidence"]["occurrences"] = std::move(occurrences);
  out["properties"] = std::move(properties);
  return out;
}

OrderedJson SoftwareComponent(const HostSoftware& software, RefBook& refs) {
  OrderedJson out = OrderedJson::object();
  out["type"] = software.kind;
  out["bom-ref"] = refs.Take(software.kind + ":" + Escaped(software.host) +
                             (software.host.empty() ? "" : "/") + Escaped(software.name));
  out["name"] = Printable(software.name);
  PutText(out, "version", software.version);
  out["evidence"]["occurrences"] =
      OrderedJson::array({{{"location", Escaped(software.location.ToString())}}});
  OrderedJson properties = OrderedJson::array();
  AddProperty(properties, "weighbridge:host", software.host);
  PutArray(out, "properties", std::move(properties));
  return out;
}

}  // namespace weighbridge
