#include "scanner/pipeline/accelerator_stage.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "rules/classify.h"
#include "scanner/accelerators/inventory.h"
#include "scanner/base/text.h"
#include "scanner/identity/accelerator_match.h"
#include "scanner/pipeline/accelerator_facts.h"

namespace weighbridge {
namespace {

// The user named it: a pipe is as good as a file.
Result<std::string> ReadAll(std::istream& in) {
  std::string text;
  std::vector<char> buffer(64 * 1024);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxInventoryBytes) {
      return Error{ErrorCode::kLimitExceeded, "too long for an inventory"};
    }
  }
  if (in.bad()) return Error{ErrorCode::kIo, "cannot be read"};
  return text;
}

Result<std::string> ReadText(const std::string& name) {
  if (name == "-") return ReadAll(std::cin);
  std::ifstream file(name, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, "cannot be read"};
  return ReadAll(file);
}

// What tells one unit from another of its kind.
void Redact(Device& device) {
  device.serial.clear();
  device.uuid.clear();
  std::erase_if(device.claims, [](const Claim& claim) {
    const std::string key = ToLower(claim.key);
    return key.find("serial") != key.npos || key.find("unique_id") != key.npos ||
           key.find("uuid") != key.npos;
  });
}

AcceleratorProduct ProductOf(const AcceleratorRow& row, const std::string& as_of) {
  AcceleratorProduct product;
  product.id = row.id;
  product.vendor = row.vendor;
  product.name = row.product;
  product.segment = row.segment;
  product.designer_country = row.designer_country;
  product.figures = FiguresOf(row);
  product.circuits = std::max<std::uint64_t>(row.ics, 1);
  product.memory_gb = row.memory_gb;
  product.source = row.source;
  product.confidence = row.confidence;
  product.note = row.note;
  product.classification = Classify(product.figures, as_of);
  return product;
}

std::string StatedName(const Device& device) {
  if (!device.product.empty()) return device.product;
  if (!device.pci.device.empty()) {
    return "device " + device.pci.vendor + ":" + device.pci.device;
  }
  if (!device.architecture.empty()) return device.architecture;
  return device.vendor.empty() ? "unknown accelerator" : device.vendor + " accelerator";
}

// What makes two devices of a host one line of the report.
using Key = std::tuple<std::string, std::string, std::string, std::string, bool>;

Key KeyOf(const Device& device, bool live) {
  const bool known = !device.products.empty();
  return {device.host, known ? Join(device.products, "|") : StatedName(device),
          known ? "" : device.pci.vendor + ":" + device.pci.device, device.match_basis, live};
}

class Builder {
 public:
  Builder(const Catalog& catalog, bool with_serials, Report& report)
      : catalog_(catalog), with_serials_(with_serials), report_(report) {}

  void Add(HostInventory inventory, bool live) {
    for (Device& device : inventory.devices) {
      MatchDevice(catalog_, device);
      for (const Diagnostic& diagnostic : device.diagnostics) {
        report_.diagnostics.push_back(diagnostic);
      }
      if (!with_serials_) Redact(device);
      // Two records that name no host are not taken to be of one.
      if (!live && device.host.empty()) device.host = device.location.ToString();
      Accelerator& group = groups_[KeyOf(device, live)];
      group.grade = live ? Grade::kInferred : Grade::kClaimed;
      group.count += device.count;
      group.count_is_upper_bound |= device.partitioned;
      group.devices.push_back(std::move(device));
    }
    for (HostSoftware& software : inventory.software) {
      if (!live && software.host.empty()) software.host = software.location.ToString();
    }
    std::move(inventory.software.begin(), inventory.software.end(),
              std::back_inserter(report_.host_software));
    std::move(inventory.diagnostics.begin(), inventory.diagnostics.end(),
              std::back_inserter(report_.diagnostics));
  }

  void Finish() {
    for (auto& [key, group] : groups_) AddGroup(std::move(group));
    for (const std::string& id : wanted_) {
      if (const auto row = catalog_.AcceleratorById(id)) {
        report_.accelerator_products.push_back(ProductOf(*row, report_.as_of));
      }
    }
    NameGroups();
    AddHosts();
    auto& software = report_.host_software;
    std::sort(software.begin(), software.end(), [](const auto& a, const auto& b) {
      return std::tie(a.host, a.kind, a.name, a.version, a.location) <
             std::tie(b.host, b.kind, b.name, b.version, b.location);
    });
    software.erase(std::unique(software.begin(), software.end()), software.end());
  }

 private:
  void AddGroup(Accelerator group) {
    std::stable_sort(group.devices.begin(), group.devices.end(),
                     [](const Device& a, const Device& b) {
                       return std::tie(a.address, a.location) < std::tie(b.address, b.location);
                     });
    const Device& first = group.devices.front();
    group.host = first.host;
    group.location = first.location;
    group.products = first.products;
    group.match_basis = first.match_basis;
    wanted_.insert(group.products.begin(), group.products.end());
    std::string id = group.host.empty() ? "" : group.host + ": ";
    id += group.products.empty() ? StatedName(first) : Join(group.products, "|");
    std::string distinct = id;
    for (int number = 2; !ids_.insert(distinct).second; ++number) {
      distinct = id + " (" + std::to_string(number) + ")";
    }
    group.id = std::move(distinct);
    report_.accelerators.push_back(std::move(group));
  }

  const AcceleratorProduct* Product(const std::string& id) const {
    for (const AcceleratorProduct& product : report_.accelerator_products) {
      if (product.id == id) return &product;
    }
    return nullptr;
  }

  void NameGroups() {
    for (Accelerator& group : report_.accelerators) {
      std::vector<std::string> names;
      for (const std::string& id : group.products) {
        const AcceleratorProduct* product = Product(id);
        if (product != nullptr) names.push_back(product->vendor + " " + product->name);
      }
      if (names.empty()) {
        group.name = StatedName(group.devices.front());
      } else {
        group.name = names.size() == 1 ? names[0] : "one of " + Join(names, ", ");
      }
    }
  }

  // The strongest paragraph that some device gives, and the devices that may give more.
  void AddHosts() {
    constexpr std::array<const char*, 4> kRank{"none", "4A994.l", "4A090.b", "4A090.a"};
    const auto rank = [&](const std::string& eccn) {
      return std::find(kRank.begin(), kRank.end(), eccn) - kRank.begin();
    };
    std::map<std::string, AcceleratorHost> hosts;
    for (const Accelerator& group : report_.accelerators) {
      AcceleratorHost& host = hosts[group.host];
      host.host = group.host;
      host.devices += group.count;
      const std::string eccn = ComputerEccn(group);
      if (eccn.empty()) {
        host.undecided.push_back(group.id);
      } else if (host.computer_eccn.empty() || rank(eccn) > rank(host.computer_eccn)) {
        host.computer_eccn = eccn;
        host.decided_by = {group.id};
      } else if (eccn == host.computer_eccn) {
        host.decided_by.push_back(group.id);
      }
    }
    for (auto& [name, host] : hosts) {
      if (host.computer_eccn == "4A090.a") host.undecided.clear();  // nothing is above it
      if (!host.undecided.empty() && host.computer_eccn == "none") host.computer_eccn.clear();
      report_.accelerator_hosts.push_back(std::move(host));
    }
  }

  // "" when the products that it may be do not agree.
  std::string ComputerEccn(const Accelerator& group) const {
    std::set<std::string> eccns;
    for (const std::string& id : group.products) {
      const AcceleratorProduct* product = Product(id);
      eccns.insert(product == nullptr ? "" : product->classification.computer_eccn);
    }
    return eccns.size() == 1 ? *eccns.begin() : std::string();
  }

  const Catalog& catalog_;
  const bool with_serials_;
  Report& report_;
  std::map<Key, Accelerator> groups_;
  std::set<std::string> ids_;
  std::set<std::string> wanted_;
};

}  // namespace

Result<HostInventory> ReadInventoryFile(const std::string& name) {
  auto text = ReadText(name);
  if (!text.ok()) {
    return Error{text.error().code, Printable(name) + ": " + text.error().message};
  }
  auto inventory = ReadInventory(text.value(), Location{name, {}});
  if (!inventory.ok()) {
    return Error{inventory.error().code, Printable(name) + ": " + inventory.error().message};
  }
  return inventory;
}

void AddAccelerators(std::vector<SeenInventory> inventories, const Catalog& catalog,
                     bool with_serials, Report& report) {
  Builder builder(catalog, with_serials, report);
  for (SeenInventory& seen : inventories) builder.Add(std::move(seen.inventory), seen.live);
  builder.Finish();
}

void EvaluateAccelerators(const Setup& setup, Report& report) {
  const GroupLookup groups = CountryGroupsOf(*setup.catalog);
  for (const Accelerator& accelerator : report.accelerators) {
    AcceleratorFacts facts =
        MakeAcceleratorFacts(accelerator.devices.front(), *setup.catalog, report.as_of);
    facts.device_id = accelerator.id;
    facts.display_name = accelerator.name;
    facts.count = accelerator.count;
    for (Finding& finding :
         setup.rules->EvaluateAccelerator(facts, setup.policy, report.as_of, groups)) {
      finding.accelerator_id = std::exchange(finding.model_id, {});
      report.findings.push_back(std::move(finding));
    }
  }
}

}  // namespace weighbridge
