#include "scanner/pipeline/accelerator_facts.h"

#include "rules/classify.h"

namespace weighbridge {
namespace {

// "Kunlunxin (Baidu)": a maker and its parent.
PublisherRow MakerOf(const std::string& vendor) {
  PublisherRow maker;
  const std::size_t open = vendor.find(" (");
  maker.name = vendor.substr(0, open);
  if (open != std::string::npos && vendor.back() == ')')
    maker.parent = vendor.substr(open + 2, vendor.size() - open - 3);
  return maker;
}

ProductFact MakeProduct(const AcceleratorRow& row, const Catalog& catalog,
                        const std::string& as_of) {
  const AcceleratorFigures figures = FiguresOf(row);
  ProductFact fact;
  fact.id = row.id;
  fact.names = row.aliases;
  fact.names.push_back(row.product);
  fact.vendor = row.vendor;
  fact.designer_country = row.designer_country;
  fact.segment = figures.segment;
  fact.memory_bandwidth_gbs = figures.memory_bandwidth_gbs;
  fact.classification = Classify(figures, as_of);
  for (const ListedPartyRow& listed : catalog.Listings(MakerOf(row.vendor))) {
    fact.listings.push_back({listed.list, listed.party, listed.listed_on, listed.citation});
  }
  return fact;
}

}  // namespace

AcceleratorFacts MakeAcceleratorFacts(const Device& device, const Catalog& catalog,
                                      const std::string& as_of) {
  AcceleratorFacts facts;
  facts.display_name = device.product;
  facts.location = device.location;
  facts.count = device.count;
  for (const std::string& id : device.products) {
    if (const auto row = catalog.AcceleratorById(id))
      facts.products.push_back(MakeProduct(*row, catalog, as_of));
  }
  return facts;
}

GroupLookup CountryGroupsOf(const Catalog& catalog) {
  return [&catalog](const std::string& iso2, const std::string& as_of) {
    const auto row = catalog.CountryGroups(iso2);
    return row ? GroupsOn(*row, as_of) : std::vector<std::string>();
  };
}

}  // namespace weighbridge
