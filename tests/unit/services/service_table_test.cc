#include "scanner/services/service_table.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "scanner/base/text.h"

using namespace weighbridge;

namespace {

std::string Columns() {
  return "service\tprovider\tcountry\trole\tpublisher\thostnames\tenv_vars\tpackages\t"
         "model_prefixes\tshared\tunverified\tsource\tconfidence\n";
}

std::string ErrorsOf(const std::string& text) {
  std::vector<std::string> errors;
  ParseServiceTable(text, errors);
  return Join(errors, "\n");
}

}  // namespace

TEST_CASE("the embedded table is the file and has no faults") {
  CHECK(ErrorsOf(std::string(EmbeddedServiceText())) == "");
  std::ifstream file(WEIGHBRIDGE_SOURCE_DIR "/rules/catalog/services.tsv", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  CHECK(text == EmbeddedServiceText());
  CHECK(EmbeddedServiceTable().rows.size() == 80);
}

TEST_CASE("rows say who runs a service, where, and how sure that is") {
  const ServiceTable& table = EmbeddedServiceTable();
  const ServiceRow& deepseek = table.rows[table.RowOf("DeepSeek")];
  CHECK(deepseek.country == "CN");
  CHECK(deepseek.publisher == "deepseek-ai");
  CHECK(deepseek.role == ServiceRole::kPublisher);
  CHECK_FALSE(deepseek.country_unverified);
  CHECK(table.rows[table.RowOf("302.AI")].country_unverified);
  CHECK(table.rows[table.RowOf("OpenRouter")].publisher == "");
  CHECK(table.rows[table.RowOf("OpenAI-compatible client")].provider == "");
  CHECK(table.RowOf("no such service") == table.rows.size());
}

TEST_CASE("publishers of the table are hub namespaces of the catalogue") {
  std::ifstream file(WEIGHBRIDGE_SOURCE_DIR "/rules/catalog/publishers.tsv", std::ios::binary);
  std::string line;
  std::vector<std::string> first;
  while (std::getline(file, line)) {
    const auto cells = Split(line, '\t');
    REQUIRE(cells.size() > 1);
    first.push_back(Split(cells[1], '|').front());
  }
  for (const ServiceRow& row : EmbeddedServiceTable().rows) {
    CAPTURE(row.service);
    CHECK((row.publisher.empty() ||
           std::find(first.begin(), first.end(), row.publisher) != first.end()));
  }
}

TEST_CASE("every fault of a table is told with its line") {
  const std::string good =
      "A\tAcme\tUS\tgateway\t\tapi.acme.ai\tACME_API_KEY\tpypi:acme\tacme-1\t"
      "ACME_API_KEY\tcountry\tsomewhere\thigh\n";
  CHECK(ErrorsOf(Columns() + good) == "");
  struct Row {
    std::string text;
    std::string errors;
  };
  const Row rows[] = {
      {"", "services.tsv:0: the table is empty"},
      {"service\tprovider\n", "services.tsv:1: the columns are not those of the table of services"},
      {Columns() + "A\tB\n", "services.tsv:2: 2 cells where 13 belong"},
      {Columns() + good + good, "services.tsv:3: \"A\" is not in sorted place"},
      {Columns() + "A\t\tusa\tbroker\t\tAPI.acme\tacme\tgem:acme\tGPT\tx\ty\t\tsure\n",
       "services.tsv:2: \"broker\" is not a role\n"
       "services.tsv:2: \"usa\" is not a country\n"
       "services.tsv:2: source is empty\n"
       "services.tsv:2: \"sure\" is not high, medium or low\n"
       "services.tsv:2: \"API.acme\" is not a hostname in lower case\n"
       "services.tsv:2: \"acme\" is not the name of a variable\n"
       "services.tsv:2: \"gem:acme\" is not ECOSYSTEM:NAME\n"
       "services.tsv:2: \"GPT\" is not a prefix of model ids in lower case\n"
       "services.tsv:2: \"x\" is no item of this row\n"
       "services.tsv:2: \"y\" is no item of this row"},
  };
  for (const Row& row : rows) CHECK(ErrorsOf(row.text) == row.errors);
}
