// From a device to the findings of the shipped rules, over the embedded catalogue.
#include "scanner/pipeline/accelerator_facts.h"

#include <doctest/doctest.h>

#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

constexpr const char* kToday = "2026-11-24";

TEST_CASE("a device's products are classified and its maker's listings are found") {
  const auto catalog = Catalog::Open("");
  REQUIRE(catalog.ok());
  struct Row {
    const char* product;
    const char* eccn;
    const char* country;
    const char* listed;  // part of the name of one list, "" none
  };
  const Row rows[] = {
      {"nvidia-h100-sxm5-80gb", "3A090.a", "US", ""},
      {"huawei-ascend-910b1", "3A090.a", "CN", "BIS Entity List"},
      {"cambricon-mlu270", "3A991.p", "CN", "BIS Entity List"},
      {"kunlunxin-p800", "3A090.a", "CN", "DoD Section 1260H"},  // its parent, Baidu
      {"metax-c500-oam", "", "CN", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.product);
    Device device;
    device.location.path = "lspci.txt";
    device.products = {row.product};
    const AcceleratorFacts facts = MakeAcceleratorFacts(device, *catalog.value(), kToday);
    REQUIRE(facts.products.size() == 1);
    CHECK(facts.location == device.location);
    CHECK(facts.products[0].classification.eccn == row.eccn);
    CHECK(facts.products[0].designer_country == row.country);
    const bool found =
        std::any_of(facts.products[0].listings.begin(), facts.products[0].listings.end(),
                    [&](const ListingFact& listing) {
                      return listing.list.find(row.listed) != std::string::npos;
                    });
    CHECK(found == (*row.listed != '\0'));
  }
}

TEST_CASE("a device is asked the rules with the groups of the catalogue") {
  const auto catalog = Catalog::Open("");
  const auto rules = RuleSet::Builtin();
  REQUIRE(catalog.ok());
  REQUIRE(rules.ok());
  Device device;
  device.products = {"nvidia-a30"};
  Policy policy;
  policy.packs = {"us-accelerators"};
  const auto ask = [&](const char* destination) {
    policy.context.activity = {"distribute"};
    policy.context.destinations = {destination};
    return Lines(
        rules.value()->EvaluateAccelerator(MakeAcceleratorFacts(device, *catalog.value(), kToday),
                                           policy, kToday, CountryGroupsOf(*catalog.value())));
  };
  CHECK(ask("VN").size() == 4);
  CHECK(ask("IL").empty());
  CHECK(ask("BR").empty());
  device.products = {"no-such-product"};
  CHECK(ask("VN").empty());
}

}  // namespace
}  // namespace weighbridge
