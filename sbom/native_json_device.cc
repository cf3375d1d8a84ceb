#include "sbom/native_json_device.h"

#include "sbom/classification_words.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

const char* AnswerWord(Answer answer) {
  if (answer == Answer::kYes) return "yes";
  return answer == Answer::kNo ? "no" : "undecided";
}

OrderedJson DeviceJson(const Device& device) {
  OrderedJson out = OrderedJson::object();
  out["location"] = Escaped(device.location.ToString());
  PutText(out, "seen_in", device.seen_in);
  PutText(out, "address", device.address);
  PutText(out, "pci_vendor", device.pci.vendor);
  PutText(out, "pci_device", device.pci.device);
  PutText(out, "pci_subsystem_vendor", device.pci.subsystem_vendor);
  PutText(out, "pci_subsystem_device", device.pci.subsystem_device);
  PutText(out, "pci_class", device.pci.class_code);
  PutText(out, "vendor", device.vendor);
  PutText(out, "product", device.product);
  PutText(out, "architecture", device.architecture);
  if (device.memory_bytes != 0) out["memory_bytes"] = device.memory_bytes;
  out["count"] = device.count;
  if (device.partitioned) out["partitioned"] = true;
  PutText(out, "driver", device.driver);
  PutText(out, "driver_version", device.driver_version);
  PutText(out, "firmware", device.firmware);
  PutText(out, "serial", device.serial);
  PutText(out, "uuid", device.uuid);
  OrderedJson claims = OrderedJson::array();
  for (const Claim& claim : device.claims) {
    claims.push_back({{"key", Printable(claim.key)}, {"value", Printable(claim.value)}});
  }
  PutArray(out, "claims", std::move(claims));
  return out;
}

void PutFigure(OrderedJson& out, const char* key, const std::optional<double>& value) {
  if (value) out[key] = *value;
}

OrderedJson FiguresJson(const AcceleratorFigures& figures) {
  OrderedJson out = OrderedJson::object();
  PutFigure(out, "fp64_tflops", figures.fp64);
  PutFigure(out, "fp32_tflops", figures.fp32);
  PutFigure(out, "tf32_tflops", figures.tf32);
  PutFigure(out, "fp16_tflops", figures.fp16);
  PutFigure(out, "fp8_tflops", figures.fp8);
  PutFigure(out, "int8_tops", figures.int8);
  PutFigure(out, "fp4_tflops", figures.fp4);
  PutFigure(out, "int4_tops", figures.int4);
  PutFigure(out, "die_area_mm2", figures.die_area_mm2);
  PutFigure(out, "memory_bandwidth_gbs", figures.memory_bandwidth_gbs);
  PutFigure(out, "interconnect_gbs", figures.interconnect_gbs);
  return out;
}

OrderedJson ClassificationJson(const Classification& result) {
  OrderedJson out = OrderedJson::object();
  out["eccn"] = result.eccn.empty() ? "undecided" : result.eccn;
  PutArray(out, "candidates", TextArray(result.candidates));
  PutArray(out, "needs", TextArray(result.needs));
  PutText(out, "computer_eccn", result.computer_eccn);
  PutText(out, "z_paragraph", result.z_paragraph);
  if (result.tpp > 0) out["tpp"] = result.tpp;
  if (result.tpp_tf32_at_32 > 0) out["tpp_tf32_at_32"] = result.tpp_tf32_at_32;
  out["tpp_is_lower_bound"] = result.tpp_is_lower_bound;
  PutFigure(out, "performance_density", result.performance_density);
  PutFigure(out, "performance_density_tf32_at_32", result.performance_density_tf32_at_32);
  if (result.below_case_by_case) {
    out["below_case_by_case"] = AnswerWord(*result.below_case_by_case);
  }
  PutArray(out, "case_by_case_needs", TextArray(result.case_by_case_needs));
  PutArray(out, "working", TextArray(result.working));
  PutArray(out, "near_lines", TextArray(result.near_lines));
  PutArray(out, "assumptions", TextArray(result.assumptions));
  PutText(out, "citation", result.citation);
  return out;
}

}  // namespace

OrderedJson NativeAccelerator(const Report& report, const Accelerator& accelerator) {
  const SharedClassification shared = Share(ProductsOf(report, accelerator));
  OrderedJson out = OrderedJson::object();
  out["id"] = Escaped(accelerator.id);
  out["name"] = Printable(accelerator.name);
  PutText(out, "host", accelerator.host);
  out["location"] = Escaped(accelerator.location.ToString());
  out["count"] = accelerator.count;
  out["count_is_upper_bound"] = accelerator.count_is_upper_bound;
  out["products"] = TextArray(accelerator.products);
  PutText(out, "match_basis", accelerator.match_basis);
  out["grade"] = GradeName(accelerator.grade);
  out["eccn"] = shared.eccn.empty() ? "undecided" : shared.eccn;
  PutText(out, "undecided", shared.undecided);
  out["devices"] = OrderedJson::array();
  for (const Device& device : accelerator.devices) out["devices"].push_back(DeviceJson(device));
  return out;
}

OrderedJson NativeProduct(const AcceleratorProduct& product) {
  OrderedJson out = OrderedJson::object();
  out["id"] = Printable(product.id);
  out["vendor"] = Printable(product.vendor);
  out["name"] = Printable(product.name);
  PutText(out, "segment", product.segment);
  PutText(out, "designer_country", product.designer_country);
  out["circuits"] = product.circuits;
  if (product.memory_gb > 0) out["memory_gb"] = product.memory_gb;
  out["figures"] = FiguresJson(product.figures);
  PutText(out, "source", product.source);
  PutText(out, "confidence", product.confidence);
  PutText(out, "note", product.note);
  out["classification"] = ClassificationJson(product.classification);
  return out;
}

OrderedJson NativeAcceleratorHost(const AcceleratorHost& host) {
  OrderedJson out = OrderedJson::object();
  PutText(out, "host", host.host);
  out["devices"] = host.devices;
  out["computer_eccn"] = host.computer_eccn.empty() ? "undecided" : host.computer_eccn;
  PutArray(out, "decided_by", TextArray(host.decided_by));
  PutArray(out, "undecided", TextArray(host.undecided));
  return out;
}

OrderedJson NativeSoftware(const HostSoftware& software) {
  OrderedJson out = OrderedJson::object();
  out["kind"] = software.kind;
  out["name"] = Printable(software.name);
  PutText(out, "version", software.version);
  PutText(out, "host", software.host);
  out["location"] = Escaped(software.location.ToString());
  return out;
}

}  // namespace weighbridge
