#include "scanner/services/text_search.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/services/settings.h"
#include "scanner/services/text_context.h"

namespace weighbridge {
namespace {

using Technique = ServiceTechnique;
using Strength = ServiceStrength;

std::string WithoutPath(const std::string& host) { return host.substr(0, host.find('/')); }

}  // namespace

Strength TextSearch::Weighed(Strength strength, std::size_t at) const {
  if (kind_ == ServiceFileKind::kDocumentation) return Strength::kMention;
  return InComment(LineBefore(text_, at)) ? Strength::kMention : strength;
}

const HostFit& TextSearch::Fit(const std::string& host) {
  constexpr std::size_t kMaxFits = 256;
  if (fits_.size() >= kMaxFits && !fits_.contains(host)) fits_.clear();
  const auto found = fits_.find(host);
  return found != fits_.end() ? found->second
                              : fits_.emplace(host, FitHost(table_, host)).first->second;
}

void TextSearch::Run() {
  const std::vector<int> found = patterns_.Occurring(text_);
  if (found.empty()) return;
  lower_ = ToLower(text_);
  for (const int index : found) {
    const Entry& entry = patterns_.entries[static_cast<std::size_t>(index)];
    switch (entry.what) {
      case What::kHost: Each(entry, [&](std::size_t at) { TakeHost(entry, at); }); break;
      case What::kVariable: Each(entry, [&](std::size_t at) { TakeVariable(entry, at); }); break;
      case What::kModelPrefix: Each(entry, [&](std::size_t at) { TakeModel(entry, at); }); break;
      case What::kPythonImport: TakeImports(patterns_.python_import, "pypi"); break;
      case What::kNpmImport: TakeImports(patterns_.npm_import, "npm"); break;
      case What::kGoImport: TakeImports(patterns_.go_import, "go"); break;
      case What::kOverride: overrides_.push_back(&entry); break;
    }
  }
  // Last: whether a plain base_url is that of a client depends on what else is here.
  const bool client = out_.HasClient();
  for (const Entry* entry : overrides_) {
    Each(*entry, [&](std::size_t at) { TakeOverride(*entry, at, client); });
  }
}

void TextSearch::TakeHost(const Entry& entry, std::size_t at) {
  const HostToken token = HostAt(lower_, at, entry.fragment.size());
  if (token.host.empty()) return;
  if (kind_ == ServiceFileKind::kSource && !token.quoted_or_url) return;
  if (seen_hosts_.contains(token.begin)) return;  // by another name of the table
  const bool fits = std::any_of(entry.items.begin(), entry.items.end(), [&](std::size_t item) {
    return HostMatches(table_.items[item].text, token.host);
  });
  if (!fits) return;
  seen_hosts_.insert(token.begin);
  const HostFit& fit = Fit(token.host);
  ServiceHit hit;
  hit.services = fit.rows;
  hit.endpoint = WithoutPath(token.host);
  hit.unverified = fit.unverified;
  hit.setting = SettingBefore(text_, lower_, token.begin);
  hit.technique = hit.setting.empty() ? Technique::kEndpoint : Technique::kBaseUrl;
  hit.matched = (hit.setting.empty() ? "" : hit.setting + " -> ") + hit.endpoint;
  hit.strength = Weighed(fit.shared ? Strength::kWeak : Strength::kStrong, token.begin);
  out_.Add(std::move(hit), token.begin);
}

void TextSearch::TakeVariable(const Entry& entry, std::size_t at) {
  const std::string& name = table_.items[entry.items.front()].text;
  if (text_.substr(at, name.size()) != name) return;  // names of variables have a case
  if (!WordStartsAt(text_, at) || !WordEndsAt(text_, at + name.size())) return;
  ServiceHit hit;
  hit.services = RowsOf(table_, entry.items);
  hit.technique = Technique::kVariable;
  hit.matched = name;
  hit.unverified = AnyUnverified(table_, entry.items);
  hit.strength = Weighed(StrengthOf(table_, entry.items), at);
  out_.Add(std::move(hit), at);
}

void TextSearch::TakeModel(const Entry& entry, std::size_t at) {
  if (kind_ == ServiceFileKind::kDocumentation) return;
  const bool unquoted = kind_ == ServiceFileKind::kConfig;
  const ModelToken token = ModelTokenAt(text_, at, entry.fragment.size(), unquoted);
  if (token.id.empty() || !seen_models_.insert(token.begin).second) return;
  const ModelMeaning meaning = patterns_.models.Read(token.id);
  if (!meaning.publisher_row && !meaning.gateway_row) return;
  ServiceHit hit;
  hit.technique = Technique::kModelId;
  hit.matched = token.id;
  hit.model.id = token.id;
  if (meaning.publisher_row) {
    hit.model.publisher = table_.rows[*meaning.publisher_row].publisher;
    hit.model.country = table_.rows[*meaning.publisher_row].country;
  }
  if (meaning.gateway_row) hit.services = {*meaning.gateway_row};
  hit.named_as_model = token.named_as_model;
  hit.strength = Weighed(meaning.gateway_row ? Strength::kMedium : Strength::kWeak, token.begin);
  out_.Add(std::move(hit), token.begin);
}

void TextSearch::TakeImports(const RE2& pattern, std::string_view ecosystem) {
  if (kind_ != ServiceFileKind::kSource) return;
  re2::StringPiece rest(text_.data(), text_.size());
  re2::StringPiece name;
  while (RE2::FindAndConsume(&rest, pattern, &name)) {
    const auto at = static_cast<std::size_t>(name.data() - text_.data());
    Add(patterns_.packages.Look(ecosystem, text_.substr(at, name.size()), at));
  }
}

void TextSearch::TakeOverride(const Entry& entry, std::size_t at, bool client) {
  std::size_t begin = at;
  std::size_t end = at + entry.fragment.size();
  while (begin > 0 && IsWordByte(text_[begin - 1]) && at - begin < 64) --begin;
  while (end < text_.size() && IsWordByte(text_[end]) && end - at < 64) ++end;
  const std::string_view name = std::string_view(lower_).substr(begin, end - begin);
  if (!IsClientSetting(name) && (!client || begin != at)) return;
  const std::string host = HostAfter(lower_, end);
  if (host.empty() || !Fit(host).rows.empty()) return;
  ServiceHit hit;
  hit.technique = Technique::kBaseUrl;
  hit.endpoint = host;
  hit.setting = std::string(text_.substr(begin, end - begin));
  hit.matched = hit.setting + " -> " + host;
  hit.strength = Weighed(Strength::kStrong, begin);
  out_.Add(std::move(hit), begin);
}

void TextSearch::Add(const PackageHit& package) {
  if (package.items == nullptr) return;
  ServiceHit hit;
  hit.services = RowsOf(table_, *package.items);
  hit.technique = Technique::kPackage;
  hit.matched = table_.items[package.items->front()].text;
  hit.unverified = AnyUnverified(table_, *package.items);
  hit.strength = Weighed(StrengthOf(table_, *package.items), package.at);
  out_.Add(std::move(hit), package.at);
}

}  // namespace weighbridge
