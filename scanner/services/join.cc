#include "scanner/services/join.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using Technique = ServiceTechnique;
using Strength = ServiceStrength;
using Rows = std::vector<std::size_t>;

auto SortKey(const ServiceHit& hit) {
  return std::tie(hit.location, hit.line, hit.technique, hit.matched, hit.services, hit.endpoint,
                  hit.strength, hit.model.id);
}

// Uses of one project; what is beyond joins the use without an endpoint.
constexpr std::size_t kMaxUses = 4096;

// One use while it grows.
struct Growing {
  Rows rows;
  std::string endpoint;
  std::vector<const ServiceHit*> hits;
};

// The hits of one project.
class Project {
 public:
  Project(const ServiceTable& table, std::string root) : table_(table), root_(std::move(root)) {}

  void Take(const ServiceHit* hit) { hits_.push_back(hit); }

  void Finish(std::vector<ServiceUse>& out) {
    // From what stands by itself to what needs another to lean on.
    EachLeft([&](const ServiceHit& hit) { return TakeEndpoint(hit); });
    EachLeft([&](const ServiceHit& hit) { return TakeRedirected(hit); });
    EachLeft([&](const ServiceHit& hit) { return TakeNamed(hit, 1); });
    EachLeft([&](const ServiceHit& hit) { return TakeNamed(hit, table_.rows.size()); });
    EachLeft([&](const ServiceHit& hit) { return TakeClient(hit); });
    EachLeft([&](const ServiceHit& hit) { return TakeModel(hit); });
    EachLeft([&](const ServiceHit& hit) { return TakeLone(hit); });
    EachLeft([&](const ServiceHit& hit) { return TakeSupport(hit); });
    for (const Growing& use : uses_) out.push_back(Make(use));
  }

 private:
  template <typename F>
  void EachLeft(F take) {
    std::erase_if(hits_, [&](const ServiceHit* hit) { return take(*hit); });
  }

  bool IsClient(const ServiceHit& hit) const {
    return hit.services.size() == 1 &&
           table_.rows[hit.services.front()].role == ServiceRole::kClient;
  }

  std::size_t UseOf(const Rows& rows, const std::string& endpoint) {
    const auto found = index_.find({rows, endpoint});
    if (found != index_.end()) return found->second;
    if (uses_.size() >= kMaxUses && !endpoint.empty()) return UseOf(rows, {});
    const std::size_t made = uses_.size();
    uses_.push_back({rows, endpoint, {}});
    index_[{rows, endpoint}] = made;
    for (const std::size_t row : rows) {
      of_row_.emplace(row, made);
      of_publisher_.emplace(table_.rows[row].publisher, made);
    }
    return made;
  }

  void Give(std::size_t use, const ServiceHit& hit) { uses_[use].hits.push_back(&hit); }

  // The first use that has a row in common.
  std::optional<std::size_t> UseSharing(const Rows& rows) const {
    std::optional<std::size_t> first;
    for (const std::size_t row : rows) {
      const auto found = of_row_.find(row);
      if (found != of_row_.end()) first = std::min(found->second, first.value_or(found->second));
    }
    return first;
  }

  static std::optional<std::size_t> Only(const std::set<std::size_t>& uses) {
    return uses.size() == 1 ? std::optional(*uses.begin()) : std::nullopt;
  }

  // The uses with an endpoint that the hit's file shows.
  const std::set<std::size_t>& EndpointsOfFile(const ServiceHit& hit) const {
    static const std::set<std::size_t> none;
    const auto found = endpoints_of_file_.find(hit.location);
    return found == endpoints_of_file_.end() ? none : found->second;
  }

  // The one endpoint of the hit's file, else that of the project; nothing when several
  // could be meant.
  std::optional<std::size_t> OnlyEndpointUse(const ServiceHit& hit) const {
    const std::set<std::size_t>& in_file = EndpointsOfFile(hit);
    return Only(in_file.empty() ? endpoints_ : in_file);
  }

  bool TakeEndpoint(const ServiceHit& hit) {
    if (hit.endpoint.empty() || hit.strength != Strength::kStrong) return false;
    const std::size_t use = UseOf(hit.services, hit.endpoint);
    Give(use, hit);
    endpoints_.insert(use);
    endpoints_of_file_[hit.location].insert(use);
    const std::string setting = ToLower(hit.setting);
    for (const char* vendor : {"openai_", "anthropic_"}) {
      if (setting.starts_with(vendor)) redirects_[vendor].insert(use);
    }
    return true;
  }

  // A vendor's own client, where a setting of that client names another host.
  bool TakeRedirected(const ServiceHit& hit) {
    if (hit.services.size() != 1 || !hit.endpoint.empty()) return false;
    if (hit.technique != Technique::kVariable && hit.technique != Technique::kPackage) return false;
    if (hit.strength == Strength::kMention) return false;
    const ServiceRow& row = table_.rows[hit.services.front()];
    const bool openai = row.role == ServiceRole::kClient;
    if (!openai && row.service != "Anthropic") return false;
    const std::set<std::size_t>& redirects = redirects_[openai ? "openai_" : "anthropic_"];
    std::set<std::size_t> in_file;
    for (const std::size_t use : EndpointsOfFile(hit)) {
      if (redirects.contains(use)) in_file.insert(use);
    }
    const auto use = Only(in_file.empty() ? redirects : in_file);
    if (!use || uses_[*use].rows == hit.services) return false;
    Give(*use, hit);
    return true;
  }

  // Variables, packages and spellings of one service, or of several alike.
  bool TakeNamed(const ServiceHit& hit, std::size_t most) {
    if (hit.strength != Strength::kMedium || hit.services.empty()) return false;
    if (hit.services.size() > most) return false;
    const auto use = UseSharing(hit.services);
    Give(use ? *use : UseOf(hit.services, {}), hit);
    return true;
  }

  bool TakeClient(const ServiceHit& hit) {
    if (hit.strength != Strength::kWeak || !IsClient(hit)) return false;
    auto use = OnlyEndpointUse(hit);
    if (!use) use = UseOf(hit.services, {});
    if (uses_[*use].endpoint.empty() && !client_) client_ = use;
    Give(*use, hit);
    return true;
  }

  // An id without a service: to the endpoint of its file, to its publisher's own service,
  // to the only endpoint, to a client, or to the only use.
  bool TakeModel(const ServiceHit& hit) {
    if (hit.technique != Technique::kModelId || hit.strength != Strength::kWeak) return false;
    auto use = Only(EndpointsOfFile(hit));
    const auto own = of_publisher_.find(hit.model.publisher);
    if (!use && own != of_publisher_.end() && !own->first.empty()) use = own->second;
    if (!use) use = OnlyEndpointUse(hit);
    if (!use) use = client_;
    if (!use && uses_.size() == 1) use = 0;
    if (!use) return false;
    Give(*use, hit);
    return true;
  }

  // "model: deepseek-chat" with no service in sight. A hub id more often names weights.
  bool TakeLone(const ServiceHit& hit) {
    if (hit.technique != Technique::kModelId || hit.strength != Strength::kWeak) return false;
    if (!hit.named_as_model || hit.model.id.find('/') != std::string::npos) return true;
    Give(UseOf({}, {}), hit);
    return true;
  }

  // What is left supports a use of its own service, or falls.
  bool TakeSupport(const ServiceHit& hit) {
    const auto use = UseSharing(hit.services);
    if (use) Give(*use, hit);
    return true;
  }

  ServiceUse Make(const Growing& growing) const {
    ServiceUse use;
    use.root = root_;
    use.endpoint = growing.endpoint;
    Name(growing.rows, use);
    Strength strongest = Strength::kMention;
    std::set<ServiceModel> models;
    for (const ServiceHit* hit : growing.hits) {
      strongest = std::max(strongest, hit->strength);
      if (hit->strength == Strength::kMention) {
        use.mentions += hit->repeats;
        continue;
      }
      use.evidence_count += hit->repeats;
      use.evidence.push_back(
          {hit->technique, hit->matched, hit->location, hit->line, hit->strength, hit->unverified});
      if (!hit->model.id.empty()) models.insert(hit->model);
    }
    std::stable_sort(use.evidence.begin(), use.evidence.end(),
                     [](const ServiceEvidence& a, const ServiceEvidence& b) {
                       return std::tie(b.strength, a.technique) < std::tie(a.strength, b.technique);
                     });
    if (use.evidence.size() > kMaxServiceEvidence) use.evidence.resize(kMaxServiceEvidence);
    use.models.assign(models.begin(), models.end());
    if (use.models.size() > kMaxServiceModels) use.models.resize(kMaxServiceModels);
    use.grade = strongest == Strength::kStrong   ? Grade::kClaimed
                : strongest == Strength::kMedium ? Grade::kInferred
                                                 : Grade::kUnknown;
    Conclude(growing, use);
    return use;
  }

  // What all rows agree on.
  void Name(const Rows& rows, ServiceUse& use) const {
    for (const std::size_t index : rows) {
      const ServiceRow& row = table_.rows[index];
      const bool first = index == rows.front();
      use.service += (first ? "" : " or ") + row.service;
      use.country_unverified |= row.country_unverified;
      if (first) {
        use.provider = row.provider;
        use.country = row.country;
        use.role = row.role;
        use.provider_publisher = row.publisher;
        continue;
      }
      if (use.provider != row.provider) use.provider.clear();
      if (use.country != row.country) use.country.clear();
      if (use.provider_publisher != row.publisher) use.provider_publisher.clear();
      if (use.role != row.role) use.role = ServiceRole::kUnknown;
    }
    if (use.country.empty()) use.country_unverified = false;
  }

  void Conclude(const Growing& growing, ServiceUse& use) const {
    std::set<std::string> publishers;
    for (const ServiceModel& model : use.models) publishers.insert(model.publisher);
    if (publishers.size() == 1) {
      use.publisher = *publishers.begin();
    } else if (publishers.empty() && use.role == ServiceRole::kPublisher) {
      use.publisher = table_.rows[growing.rows.front()].publisher;
    }
    if (use.role == ServiceRole::kClient) {
      use.note = growing.rows.front() == table_.RowOf("OpenAI-compatible client")
                     ? "an OpenAI-compatible client; the endpoint is not known"
                     : "a client of many services; the endpoint is not known";
    } else if (growing.rows.empty() && !use.endpoint.empty()) {
      use.note = "the table does not know who runs this endpoint";
    } else if (growing.rows.empty()) {
      use.note = "a model is named; what serves it is not known";
    } else if (use.grade == Grade::kInferred && use.service == "Anthropic") {
      const auto found = redirects_.find("anthropic_");
      use.note = found == redirects_.end() || found->second.empty()
                     ? "a client that a base URL may point elsewhere; none was seen"
                     : "a client that base URLs of this project point elsewhere, at least in part";
    }
  }

  const ServiceTable& table_;
  std::string root_;
  std::vector<const ServiceHit*> hits_;
  std::vector<Growing> uses_;
  std::map<std::pair<Rows, std::string>, std::size_t> index_;
  std::map<std::size_t, std::size_t> of_row_;
  std::map<std::string, std::size_t> of_publisher_;
  std::map<std::string, std::set<std::size_t>> redirects_;
  std::optional<std::size_t> client_;  // the use of a client whose endpoint is not known
  std::set<std::size_t> endpoints_;
  std::map<Location, std::set<std::size_t>> endpoints_of_file_;
};

}  // namespace

std::vector<ServiceUse> JoinServiceHits(std::vector<ServiceHit> hits, const ServiceTable& table,
                                        const ProjectRoots& roots) {
  std::sort(hits.begin(), hits.end(),
            [](const ServiceHit& a, const ServiceHit& b) { return SortKey(a) < SortKey(b); });
  ProjectRoots known = roots;
  for (const ServiceHit& hit : hits) known.See(hit.location);
  std::map<std::string, Project> projects;
  for (const ServiceHit& hit : hits) {
    const std::string root = known.RootOf(hit.location);
    projects.try_emplace(root, table, root).first->second.Take(&hit);
  }
  std::vector<ServiceUse> uses;
  for (auto& [root, project] : projects) project.Finish(uses);
  std::sort(uses.begin(), uses.end(), [](const ServiceUse& a, const ServiceUse& b) {
    return std::tie(a.root, a.service, a.endpoint) < std::tie(b.root, b.service, b.endpoint);
  });
  return uses;
}

}  // namespace weighbridge
