// The hosted-services section of the text report.
#include "sbom/table.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string Title(const ServiceUse& use) {
  if (!use.service.empty()) return Printable(use.service);
  return use.endpoint.empty() ? "a model service that is not known" : Printable(use.endpoint);
}

void PrintService(TextPage& page, const ServiceUse& use) {
  constexpr std::size_t kIndent = 4;
  constexpr std::size_t kShown = 3;
  page.Paragraph(2, Title(use) + " [" + GradeName(use.grade) + "]");
  std::string provider = use.provider.empty() ? "not known" : Printable(use.provider);
  if (!use.country.empty()) {
    provider += ", " + Printable(use.country) + (use.country_unverified ? " (not verified)" : "");
  }
  page.Field(kIndent, "run by", provider);
  page.Field(kIndent, "endpoint", Printable(use.endpoint));
  std::vector<std::string> models;
  for (const ServiceModel& model : use.models) {
    std::string text = Escaped(model.id);
    if (!model.publisher.empty()) {
      text += " (" + model.publisher + (model.country.empty() ? "" : ", " + model.country) + ")";
    }
    models.push_back(text);
  }
  page.Field(kIndent, "models", Join(models, ", "));
  page.Field(kIndent, "project", Escaped(use.root));
  std::size_t shown = 0;
  for (const ServiceEvidence& evidence : use.evidence) {
    if (shown++ == kShown) break;
    page.Field(kIndent, "evidence",
               Escaped(evidence.matched) + ", " + Escaped(evidence.location.ToString()) +
                   (evidence.line == 0 ? "" : ":" + std::to_string(evidence.line)));
  }
  if (use.evidence_count > kShown) {
    page.Field(kIndent, "", "and " + std::to_string(use.evidence_count - kShown) + " more");
  }
  page.Field(kIndent, "note", Printable(use.note));
}

}  // namespace

void PrintServices(TextPage& page, const Report& report, const TableLimits& limits) {
  if (report.services.empty()) return;
  page.Heading("HOSTED SERVICES (names seen in files; no value of a variable is read)");
  std::size_t count = 0;
  for (const ServiceUse& use : report.services) {
    if (count == limits.entries) break;
    if (count++ != 0) page.Blank();
    PrintService(page, use);
  }
  PrintMore(page, 2, report.services.size(), count);
}

}  // namespace weighbridge
