#include "scanner/host/processes.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/host/environment.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxProcesses = 200'000;
constexpr std::size_t kMaxMapsBytes = 32U << 20;
constexpr std::size_t kMaxArgumentBytes = 64U << 10;
constexpr std::size_t kMaxEnvironmentBytes = 256U << 10;
constexpr std::size_t kMaxNamed = 256;  // of one process
constexpr std::size_t kMaxNameBytes = 4096;

// "ORG/NAME" or "NAME:TAG", as hubs and Ollama name models.
bool LooksLikeModelId(std::string_view text) {
  if (text.empty() || text.size() > 200 || text[0] == '-' || text[0] == '.') return false;
  for (const char c : text) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!word && std::string_view("-_./:").find(c) == std::string_view::npos) return false;
  }
  const auto slashes = std::count(text.begin(), text.end(), '/');
  return slashes == 1 || (slashes == 0 && text.find(':') != text.npos);
}

void AddNamed(std::string_view argument, const std::string& folder,
              std::vector<std::string>& named) {
  if (argument.empty() || argument.size() > kMaxNameBytes || named.size() >= kMaxNamed) return;
  if (argument[0] == '/') {
    named.emplace_back(argument);
    return;
  }
  if (argument[0] == '-') return;
  if (LooksLikeModelId(argument)) named.emplace_back(argument);
  if (!folder.empty() && named.size() < kMaxNamed) {
    if (argument.starts_with("./")) argument.remove_prefix(2);
    named.push_back((folder == "/" ? "" : folder) + "/" + std::string(argument));
  }
}

Process ReadProcess(const Sysroot& root, const std::string& number, ProcessList& list) {
  const std::string folder = "/proc/" + number;
  Process process;
  process.pid = ParseUint(number).value_or(0);
  if (auto name = root.ReadBeginning(folder + "/comm", 64); name.ok()) {
    process.name = Trim(name.value());
  }
  auto maps = root.ReadBeginning(folder + "/maps", kMaxMapsBytes);
  if (!maps.ok()) {
    if (maps.error().code == ErrorCode::kPermission) ++list.refused;
    return process;
  }
  process.maps = ParseMaps(maps.value());
  if (auto cgroup = root.ReadBeginning(folder + "/cgroup", 64U << 10); cgroup.ok()) {
    process.container = ContainerOfCgroup(cgroup.value());
  }
  const std::string own_root = root.LinkText(folder + "/root");
  process.in_host_root = process.container.empty() && (own_root.empty() || own_root == "/");
  if (auto arguments = root.ReadBeginning(folder + "/cmdline", kMaxArgumentBytes); arguments.ok()) {
    process.named = NamedByArguments(arguments.value(), root.LinkText(folder + "/cwd"));
  }
  if (auto environment = root.ReadBeginning(folder + "/environ", kMaxEnvironmentBytes);
      environment.ok()) {
    process.variables = StoreVariablesOf(environment.value(), '\0');
  }
  return process;
}

}  // namespace

std::vector<std::string> NamedByArguments(std::string_view text, const std::string& folder) {
  std::vector<std::string> named;
  const std::vector<std::string> arguments = Split(text, '\0');
  for (std::size_t i = 1; i < arguments.size(); ++i) {  // the first is the program
    const std::string& argument = arguments[i];
    AddNamed(argument, folder, named);
    if (const std::size_t equals = argument.find('='); equals != argument.npos) {
      AddNamed(std::string_view(argument).substr(equals + 1), folder, named);
    }
  }
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  return named;
}

// ".../docker-<id>.scope", ".../crio-<id>.scope", ".../libpod-<id>.scope", ".../<id>":
// the last such id of a line is the innermost container.
std::string ContainerOfCgroup(std::string_view text) {
  std::string container;
  for (const std::string& line : Split(text, '\n')) {
    for (const std::string& part : Split(line, '/')) {
      std::string_view id = part;
      if (const std::size_t dot = id.find('.'); dot != id.npos) id = id.substr(0, dot);
      if (const std::size_t dash = id.rfind('-'); dash != id.npos) id.remove_prefix(dash + 1);
      if (const std::size_t colon = id.rfind(':'); colon != id.npos) id.remove_prefix(colon + 1);
      if (IsSha256Hex(id)) container = id;
    }
  }
  return container;
}

ProcessList ReadProcesses(const Sysroot& root) {
  ProcessList list;
  bool more = false;
  auto names = root.Entries("/proc", &more, 1U << 20);
  if (!names.ok()) return list;
  std::vector<std::string> numbers;
  for (const std::string& name : names.value()) {
    if (!ParseUint(name)) continue;
    ++list.seen;
    if (numbers.size() < kMaxProcesses) numbers.push_back(name);
  }
  list.available = !numbers.empty();
  list.refused = list.seen - numbers.size();
  for (const std::string& number : numbers) {
    Process process = ReadProcess(root, number, list);
    if (process.maps.empty()) continue;  // a kernel thread, or it has ended
    list.processes.push_back(std::move(process));
  }
  std::sort(list.processes.begin(), list.processes.end(),
            [](const Process& a, const Process& b) { return a.pid < b.pid; });
  return list;
}

}  // namespace weighbridge
