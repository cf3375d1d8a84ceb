#include "scanner/host/host_stores.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

class FakeHost {
 public:
  FakeHost& Folder(const std::string& path) {
    std::filesystem::create_directories(scratch.path() + path);
    return *this;
  }
  FakeHost& File(const std::string& path, const std::string& text) {
    scratch.Write(path.substr(1), text);
    return *this;
  }
  FakeHost& Link(const std::string& path, const std::string& target) {
    std::filesystem::create_symlink(target, scratch.path() + path);
    return *this;
  }
  std::string Stores(const std::vector<Process>& processes = {}) const {
    auto root = Sysroot::Open(scratch.path());
    REQUIRE(root.ok());
    const std::string real = root.value().root();
    std::string text;
    for (const HostStore& store : FindHostStores(root.value(), processes)) {
      REQUIRE(store.path.starts_with(real));
      text += store.path.substr(real.size()) + " | " + store.kind + " | " + store.basis + "\n";
    }
    return text;
  }

  Scratch scratch;
};

TEST_CASE("documented places, of the system and of every home") {
  FakeHost host;
  host.Folder("/var/lib/docker/overlay2")
      .Folder("/var/lib/rancher/k3s/agent/containerd")
      .Folder("/usr/share/ollama/.ollama/models")
      .Folder("/home/ada/.cache/huggingface/hub")
      .Folder("/home/ada/.cache/other")
      .Folder("/srv/people/bob/.cache/torch")
      .File("/etc/passwd", "root:x:0:0::/root:/bin/sh\nbob:x:1:1::/srv/people/bob:/bin/sh\nbad\n");
  CHECK(host.Stores() ==
        "/home/ada/.cache/huggingface | Hugging Face | documented place\n"
        "/srv/people/bob/.cache/torch | torch hub | documented place\n"
        "/usr/share/ollama/.ollama | Ollama | documented place\n"
        "/var/lib/docker | Docker | documented place\n"
        "/var/lib/rancher/k3s/agent/containerd | containerd of k3s | documented place\n");
}

TEST_CASE("places that configuration and variables name") {
  FakeHost host;
  host.Folder("/data/docker")
      .Folder("/data/containerd")
      .Folder("/data/pods")
      .Folder("/data/extra")
      .Folder("/big/ollama")
      .Folder("/big/ollama/inner")
      .Folder("/mnt/hf")
      .File("/etc/docker/daemon.json", R"({"data-root": "/data/docker"})")
      .File("/etc/containerd/config.toml", "version = 2\nroot = \"/data/containerd\"\n")
      .File("/etc/containers/storage.conf",
            "[storage]\ngraphroot = \"/data/pods\"\n[storage.options]\n"
            "additionalimagestores = [ '/data/extra', \"/data/absent\" ]\n# graphroot = \"/big\"\n")
      .File("/etc/systemd/system/ollama.service.d/override.conf",
            "[Service]\nEnvironment=\"OLLAMA_MODELS=/big/ollama\"\n")
      .File("/etc/environment", "TORCH_HOME=/big/ollama/inner\n");
  Process python;
  python.pid = 42;
  python.name = "python3";
  python.in_host_root = true;
  python.variables = {{"HF_HOME", "/mnt/hf"}};
  Process contained = python;
  contained.in_host_root = false;
  contained.variables = {{"HF_HOME", "/data"}};
  CHECK(host.Stores({python, contained}) ==
        "/big/ollama | model store | OLLAMA_MODELS of "
        "/etc/systemd/system/ollama.service.d/override.conf\n"
        "/data/containerd | containerd | /etc/containerd/config.toml\n"
        "/data/docker | Docker | /etc/docker/daemon.json\n"
        "/data/extra | containers/storage (podman, CRI-O) | /etc/containers/storage.conf\n"
        "/data/pods | containers/storage (podman, CRI-O) | /etc/containers/storage.conf\n"
        "/mnt/hf | model store | HF_HOME of python3 (pid 42)\n");
}

TEST_CASE("links lead where they would lead on that host") {
  FakeHost host;
  host.Folder("/data/docker").Folder("/var/lib").Link("/var/lib/docker", "/data/docker");
  host.Link("/var/lib/containerd", "../../../../../../../etc");  // of the fake root: absent
  host.Link("/var/lib/ollama", "ollama");                        // a loop
  CHECK(host.Stores() == "/data/docker | Docker | documented place\n");
}

TEST_CASE("broken configuration names nothing") {
  FakeHost host;
  host.File("/etc/docker/daemon.json", "{\"data-root\": ")
      .File("/etc/containerd/config.toml", "root = \"/unclosed\nroot =\n= = =\nroot = '/'\n")
      .File("/etc/environment", std::string(100, '\0'))
      .Folder("/etc/passwd");
  CHECK(host.Stores().empty());
}

}  // namespace
}  // namespace weighbridge
