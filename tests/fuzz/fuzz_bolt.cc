// bbolt databases: walked whole, and read as each of containerd's two.
#include <cstdint>
#include <string>

#include "scanner/sidecars/bolt_reader.h"
#include "scanner/sidecars/sidecars.h"

namespace {

class Counting final : public weighbridge::BoltVisitor {
 public:
  bool Enter(const std::vector<std::string>& path) override { return !path.empty(); }
  void Value(const std::vector<std::string>&, std::string_view, weighbridge::ByteSpan) override {
    ++values;
  }
  std::uint64_t values = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const MemorySource source(std::vector<std::uint8_t>(data, data + size));
  if (const auto meta = FindBoltMeta(source); meta.ok()) {
    Counting counting;
    const Status status = WalkBolt(source, meta.value(), counting);
    if (counting.values > size / 16 || (!status.ok() && status.error().message.empty())) {
      __builtin_trap();
    }
  }
  for (const char* path : {"c/io.containerd.metadata.v1.bolt/meta.db",
                           "c/io.containerd.snapshotter.v1.overlayfs/metadata.db"}) {
    Artifact artifact;
    artifact.location.path = path;
    const std::string folder = artifact.location.Folder();
    ProbeWindow window;
    window.head = ByteSpan(data, size < kHeadBytes ? size : kHeadBytes);
    window.source = &source;
    window.size = size;
    window.file_name = artifact.location.FileName();
    window.folder_name = std::string_view(folder).substr(2);
    if (!InspectEngineDatabase(source, window, {}, artifact)) __builtin_trap();
    for (const Claim& claim : artifact.claims) {
      if (claim.value.find('\n') != std::string::npos) __builtin_trap();
    }
  }
  return 0;
}
