// host: targets, on a fake root whose /proc is plain files and links.
#include <filesystem>

#include <sys/stat.h>

#include "scanner/base/text.h"
#include "tests/support/scan_run.h"
#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

const std::string kContainer(64, 'c');

class FakeHost {
 public:
  std::uint64_t Weights(const std::string& path, int seed) {
    scratch.Write(path, SafetensorsFile({{"w", Pattern(64, seed)}}));
    struct stat info {};
    REQUIRE(stat((scratch / path).c_str(), &info) == 0);
    return info.st_ino;
  }
  void Process(int pid, const std::string& name, const std::string& maps,
               const std::string& arguments = {}, const std::string& container = {}) {
    const std::string folder = "proc/" + std::to_string(pid) + "/";
    scratch.Write(folder + "comm", name + "\n");
    scratch.Write(folder + "maps", maps);
    scratch.Write(folder + "cmdline", arguments);
    if (!container.empty()) scratch.Write(folder + "cgroup", "0::/docker/" + container);
  }
  static std::string Map(std::uint64_t inode, const std::string& path) {
    return "7f0000000000-7f0000001000 r--p 00000000 fd:01 " + std::to_string(inode) + " " + path +
           "\n";
  }
  Report Scan() {
    ScanOptions options;
    options.targets = {"host:" + scratch.path()};
    return RunScan(options);
  }
  // "path: process, process": places below the root.
  std::string Served(const Report& report) const {
    std::string text;
    for (const Artifact& artifact : report.artifacts) {
      text += artifact.location.ToString().substr(scratch.path().size()) + ":";
      for (const ProcessUse& use : artifact.processes) {
        text += " " + std::to_string(use.pid) + "/" + use.name + (use.mapped ? "" : "?") +
                (use.container.empty() ? "" : "@" + use.container.substr(0, 2));
      }
      text += "\n";
    }
    return text;
  }

  Scratch scratch;
};

TEST_CASE("files of stores, and the processes that serve them") {
  FakeHost host;
  const auto inode = host.Weights("usr/share/ollama/.ollama/models/m.safetensors", 1);
  host.Weights("home/ada/.cache/torch/hub/n.safetensors", 2);
  host.Process(10, "ollama",
               FakeHost::Map(inode, "/usr/share/ollama/.ollama/models/m.safetensors"));
  host.Process(11, "python3", FakeHost::Map(1, "/nowhere"),
               std::string("python3\0--model=/home/ada/.cache/torch/hub/n.safetensors", 56));
  const Report report = host.Scan();
  CHECK(host.Served(report) ==
        "/home/ada/.cache/torch/hub/n.safetensors: 11/python3?\n"
        "/usr/share/ollama/.ollama/models/m.safetensors: 10/ollama\n");
  std::string notes;
  for (const Diagnostic& diagnostic : report.diagnostics) {
    notes += diagnostic.location.ToString().substr(host.scratch.path().size()) + ": " +
             diagnostic.message + "\n";
  }
  CHECK(notes ==
        "/home/ada/.cache/torch: walked: torch hub (documented place)\n"
        "/usr/share/ollama/.ollama: walked: Ollama (documented place)\n");
  CHECK(report.coverage.recognised == 2);
}

TEST_CASE("mapped files outside of every store, with what lies beside them") {
  FakeHost host;
  const auto inode = host.Weights("srv/m/model.safetensors", 1);
  host.scratch.Write("srv/m/config.json", R"({"model_type":"llama","architectures":["X"]})");
  host.Process(10, "server", FakeHost::Map(inode, "/srv/m/model.safetensors"));
  host.Process(12, "worker", FakeHost::Map(inode, "/srv/m/model.safetensors"));
  CHECK(host.Served(host.Scan()) ==
        "/srv/m/config.json:\n/srv/m/model.safetensors: 10/server 12/worker\n");
}

TEST_CASE("a removed file is read as its process has it") {
  FakeHost host;
  const auto inode = host.Weights("proc/10/map_files/7f0000000000-7f0000001000", 3);
  host.Process(10, "server", FakeHost::Map(inode, "/srv/gone.safetensors (deleted)"));
  const Report report = host.Scan();
  CHECK(host.Served(report) == "/proc/10/map_files/7f0000000000-7f0000001000: 10/server\n");
  REQUIRE(report.findings.size() >= 1);
  const auto removed =
      std::find_if(report.findings.begin(), report.findings.end(),
                   [](const Finding& finding) { return finding.rule_id == "WB-DELETED-IN-USE"; });
  REQUIRE(removed != report.findings.end());
  CHECK(removed->message ==
        "/srv/gone.safetensors was removed from the file system; server (pid 10) still has it "
        "mapped.");
  CHECK_FALSE(report.artifacts[0].sha256.empty());
}

TEST_CASE("a file that only a container sees") {
  FakeHost host;
  const auto inode = host.Weights("proc/10/root/models/m.safetensors", 4);
  host.Process(10, "vllm", FakeHost::Map(inode, "/models/m.safetensors"), {}, kContainer);
  // At the same path of the host lies another file.
  host.Weights("models/m.safetensors", 5);
  CHECK(host.Served(host.Scan()) == "/proc/10/root/models/m.safetensors: 10/vllm@cc\n");
}

TEST_CASE("a file of a layer that an overlay shows") {
  FakeHost host;
  const std::string layer = "var/lib/docker/overlay2/ab/diff/models/m.safetensors";
  const auto inode = host.Weights(layer, 6);
  // An overlay would show it on another device; here the container has a hard link.
  host.scratch.Write("proc/10/root/models/other", "");
  std::filesystem::create_hard_link(host.scratch / layer,
                                    host.scratch / "proc/10/root/models/m.safetensors");
  host.Process(10, "vllm", FakeHost::Map(inode, "/models/m.safetensors"), {}, kContainer);
  CHECK(host.Served(host.Scan()) == "/" + layer + ": 10/vllm@cc\n");
}

TEST_CASE("a host without processes and stores") {
  FakeHost host;
  const Report report = host.Scan();
  REQUIRE(report.diagnostics.size() == 2);
  CHECK(report.diagnostics[0].message == "not a Linux tree: it has no sys, proc or dev");
  CHECK(report.diagnostics[1].message == "no processes here: what runs is not known");
  CHECK(report.complete);
  ScanOptions options;
  options.targets = {"host:" + (host.scratch / "absent")};
  CHECK_FALSE(Scan(options).ok());
}

}  // namespace
}  // namespace weighbridge
