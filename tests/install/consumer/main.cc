// A program outside the project: includes every public header, scans a folder.
#include <cstdio>

#include <weighbridge/artifact.h>
#include <weighbridge/bytes.h>
#include <weighbridge/diagnostic.h>
#include <weighbridge/digest.h>
#include <weighbridge/evidence.h>
#include <weighbridge/finding.h>
#include <weighbridge/limits.h>
#include <weighbridge/location.h>
#include <weighbridge/model.h>
#include <weighbridge/report.h>
#include <weighbridge/result.h>
#include <weighbridge/scan.h>
#include <weighbridge/version.h>

int main(int argc, char** argv) {
  weighbridge::ScanOptions options;
  options.targets = {argc > 1 ? argv[1] : "."};
  const auto report = weighbridge::Scan(options);
  if (!report.ok()) {
    std::fprintf(stderr, "%s\n", report.error().message.c_str());
    return 1;
  }
  std::printf("%llu files seen\n",
              static_cast<unsigned long long>(report.value().coverage.files_seen));
  return report.value().coverage.Balanced() ? 0 : 1;
}
