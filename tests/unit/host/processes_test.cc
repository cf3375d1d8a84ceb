#include "scanner/host/processes.h"

#include <doctest/doctest.h>

#include "scanner/base/text.h"
#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

const std::string kId(64, 'a');

TEST_CASE("maps: one line a file") {
  const std::string text =
      "00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/dbus-daemon\n"
      "7f0000000000-7f0000001000 r--p 00000000 fd:01 42  /models/a b.gguf\n"
      "7f0000001000-7f0000002000 r--p 00001000 fd:01 42  /models/a b.gguf\n"
      "7f0000003000-7f0000004000 rw-s 00000000 00:05 7   /models/gone.gguf (deleted)\n"
      "7f0000005000-7f0000006000 r--p 00000000 00:05 8   /models/two\\012lines\n"
      "7f0000007000-7f0000008000 rw-p 00000000 00:00 0 \n"
      "7f0000009000-7f000000a000 rw-p 00000000 00:00 0   [heap]\n"
      "7f000000b000-7f000000c000 rw-s 00000000 00:0e 9   anon_inode:[perf]\n"
      "nonsense\n\n"
      "x y z 00:01 11 /no/range\n"
      "7f000000d000-7f000000e000 r--p 00000000 00:05 99999999999999999999999 /too/large\n"
      "7f000000f000-7f0000010000 r--p 00000000 00:05 12 /cut";
  std::string read;
  for (const MapLine& line : ParseMaps(text)) {
    read += line.range + " " + line.device + " " + std::to_string(line.inode) + " " +
            Printable(line.path) + (line.deleted ? " deleted" : "") + "\n";
  }
  CHECK(read ==
        "00400000-00452000 08:02 173521 /usr/bin/dbus-daemon\n"
        "7f0000000000-7f0000001000 fd:01 42 /models/a b.gguf\n"
        "7f0000003000-7f0000004000 00:05 7 /models/gone.gguf deleted\n"
        "7f0000005000-7f0000006000 00:05 8 /models/two\\nlines\n"
        "7f000000f000-7f0000010000 00:05 12 /cut\n");
  for (std::size_t length = 0; length < text.size(); ++length) ParseMaps(text.substr(0, length));
}

TEST_CASE("the container in a control group") {
  const struct {
    std::string text;
    std::string container;
  } rows[] = {
      {"0::/system.slice/docker-" + kId + ".scope\n", kId},
      {"12:cpu:/docker/" + kId + "\n1:name=systemd:/docker/" + kId + "\n", kId},
      {"0::/kubepods.slice/kubepods-besteffort.slice/cri-containerd-" + kId + ".scope", kId},
      {"0::/kubepods/besteffort/pod1234/" + kId, kId},
      {"0::/system.slice/containerd.service/kubepods:cri-containerd:" + kId, kId},
      {"0::/machine.slice/libpod-" + kId + ".scope/container", kId},
      {"0::/user.slice/user-1000.slice/session-3.scope\n", ""},
      {"", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(ContainerOfCgroup(row.text) == row.container);
  }
}

TEST_CASE("what arguments may name") {
  const std::string line = std::string("vllm\0serve\0Qwen/Qwen2.5-7B\0--model=/m/x\0--port\0", 48) +
                           std::string("8000\0--api-key\0sk-secret!\0llama3.2:1b\0./y.gguf\0", 47);
  CHECK(Join(NamedByArguments(line, "/srv"), "\n") ==
        "/m/x\n/srv/8000\n/srv/Qwen/Qwen2.5-7B\n/srv/llama3.2:1b\n/srv/serve\n"
        "/srv/sk-secret!\n/srv/y.gguf\nQwen/Qwen2.5-7B\nllama3.2:1b");
  CHECK(Join(NamedByArguments(line, ""), "\n") == "/m/x\nQwen/Qwen2.5-7B\nllama3.2:1b");
  CHECK(NamedByArguments("", "/").empty());
  CHECK(NamedByArguments(std::string(100'000, '\0'), "/").empty());
}

TEST_CASE("processes of a copied /proc") {
  const Scratch scratch;
  const std::string map = "7f0000000000-7f0000001000 r--p 00000000 fd:01 42 /m/a.gguf\n";
  scratch.Write("proc/7/comm", "llama-server\n");
  scratch.Write("proc/7/maps", map);
  scratch.Write("proc/7/cmdline", std::string("llama-server\0-m\0/m/a.gguf", 25));
  scratch.Write("proc/7/environ", std::string("LLAMA_CACHE=/m\0TOKEN=x", 22));
  scratch.Write("proc/12/comm", "python3\n");
  scratch.Write("proc/12/maps", map);
  scratch.Write("proc/12/cgroup", "0::/docker/" + kId);
  scratch.Write("proc/2/comm", "kthreadd");
  scratch.Write("proc/2/maps", "");
  scratch.Write("proc/self/maps", map);
  scratch.Write("proc/cpuinfo", "");
  auto root = Sysroot::Open(scratch.path());
  REQUIRE(root.ok());
  const ProcessList list = ReadProcesses(root.value());
  CHECK(list.available);
  CHECK(list.seen == 3);
  CHECK(list.refused == 0);
  REQUIRE(list.processes.size() == 2);
  const Process& server = list.processes[0];
  CHECK(server.pid == 7);
  CHECK(server.name == "llama-server");
  CHECK(server.in_host_root);
  CHECK(server.maps.size() == 1);
  CHECK(server.named == std::vector<std::string>{"/m/a.gguf"});
  REQUIRE(server.variables.size() == 1);
  CHECK(server.variables[0].value == "/m");
  CHECK(list.processes[1].container == kId);
  CHECK_FALSE(list.processes[1].in_host_root);
}

}  // namespace
}  // namespace weighbridge
