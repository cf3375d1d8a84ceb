// Golden documents: tests/golden/sbom/<case>/expected.*, one per writer. Set
// WEIGHBRIDGE_UPDATE_GOLDEN=1 to write them, then read the diff.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "sbom/writer.h"
#include "tests/support/report_builder.h"

namespace weighbridge {
namespace {

struct WriterFile {
  const char* writer;
  const char* file;
};

constexpr WriterFile kFiles[] = {{"table", "expected.txt"},
                                 {"json", "expected.report.json"},
                                 {"cyclonedx-json", "expected.1.7.cdx.json"},
                                 {"cyclonedx-json@1.6", "expected.1.6.cdx.json"},
                                 {"sarif", "expected.sarif.json"}};

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Report HostileReport() { return testing::ReportOf("a\n\"\\<\x1b[2J\xff\xe2\x80\xae/../%00 &'"); }

Report AcceleratorReport() {
  Report report = testing::EmptyReport();
  testing::AddAccelerators(report);
  report.models_sought = false;
  return report;
}

TEST_CASE("every writer gives the golden document of every case") {
  struct Row {
    const char* name;
    Report report;
  };
  const Row rows[] = {{"full", testing::FullReport()},
                      {"empty", testing::EmptyReport()},
                      {"accelerators", AcceleratorReport()},
                      {"hostile", HostileReport()}};
  const bool update = std::getenv("WEIGHBRIDGE_UPDATE_GOLDEN") != nullptr;
  const auto root = std::filesystem::path(WEIGHBRIDGE_SOURCE_DIR) / "tests/golden/sbom";
  for (const Row& row : rows) {
    for (const WriterFile& each : kFiles) {
      CAPTURE(row.name);
      CAPTURE(each.writer);
      const Writer* writer = FindWriter(each.writer);
      REQUIRE(writer != nullptr);
      WriterOptions options;
      options.rules = {testing::ExampleRule()};
      const std::string made = writer->write(row.report, options);
      const auto path = root / row.name / each.file;
      if (update) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << made;
      }
      CHECK(made == ReadAll(path));
      CHECK(made == writer->write(row.report, options));
    }
  }
}

TEST_CASE("writers are found by id and unknown ids are not") {
  for (const WriterFile& each : kFiles) CHECK(FindWriter(each.writer) != nullptr);
  CHECK(FindWriter("cyclonedx") == nullptr);
  CHECK(FindWriter("") == nullptr);
  CHECK(Writers().size() == std::size(kFiles));
}

}  // namespace
}  // namespace weighbridge
