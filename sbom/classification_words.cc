#include "sbom/classification_words.h"

#include <set>

#include "scanner/base/figure_text.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string Range(double low, double high, bool at_least) {
  if (low == 0 && high == 0) return {};
  std::string text = DensityText(low);
  if (high > low) text += " or " + DensityText(high);
  return text + (at_least ? " or more" : "");
}

// "A" when all say so, else "A (X), B (Y)".
template <typename Words>
std::string Each(const std::vector<const AcceleratorProduct*>& products, Words words) {
  std::set<std::string> texts;
  std::vector<std::string> each;
  for (const AcceleratorProduct* product : products) {
    const std::string text = words(product->classification);
    texts.insert(text);
    each.push_back((text.empty() ? "unknown" : text) + " (" + product->id + ")");
  }
  return texts.size() == 1 ? *texts.begin() : Join(each, ", ");
}

}  // namespace

std::string EccnWords(const Classification& result) {
  if (!result.eccn.empty()) return result.eccn;
  return "undecided (needs " + Join(result.needs, ", ") + ")";
}

std::string TppWords(const Classification& result) {
  return Range(result.tpp, result.tpp_tf32_at_32, result.tpp_is_lower_bound);
}

std::string DensityWords(const Classification& result) {
  return Range(result.performance_density.value_or(0),
               result.performance_density_tf32_at_32.value_or(0), result.tpp_is_lower_bound);
}

SharedClassification Share(const std::vector<const AcceleratorProduct*>& products) {
  SharedClassification shared;
  if (products.empty()) {
    shared.undecided = "needs the product: the catalogue does not know it";
    return shared;
  }
  shared.tpp = Each(products, TppWords);
  shared.density = Each(products, DensityWords);
  std::set<std::string> eccns;
  for (const AcceleratorProduct* product : products) eccns.insert(product->classification.eccn);
  if (eccns.size() == 1) shared.eccn = *eccns.begin();
  if (!shared.eccn.empty()) return shared;
  if (products.size() > 1) {
    shared.undecided = "needs to know which product: " + Each(products, EccnWords);
    return shared;
  }
  const Classification& only = products[0]->classification;
  shared.undecided = Join(only.candidates, " or ") + ", needs " + Join(only.needs, ", ");
  return shared;
}

}  // namespace weighbridge
