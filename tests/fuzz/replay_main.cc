// Runs a fuzz target over every file of its corpus folders, then over prefixes and
// single-byte flips of each, so that ordinary test runs keep what fuzzing found.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  LLVMFuzzerTestOneInput(nullptr, 0);
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::vector<std::uint8_t> bytes((std::istreambuf_iterator<char>(file)), {});
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      ++inputs;
      const std::size_t step = bytes.size() / 256 + 1;
      for (std::size_t at = 0; at < bytes.size(); at += step) {
        const std::vector<std::uint8_t> prefix(bytes.begin(),
                                               bytes.begin() + static_cast<std::ptrdiff_t>(at));
        LLVMFuzzerTestOneInput(prefix.data(), prefix.size());
        bytes[at] ^= 0xFF;
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
        bytes[at] ^= 0xFF;
      }
    }
  }
  if (inputs == 0) {
    std::fprintf(stderr, "no corpus\n");
    return 1;
  }
  std::printf("replayed %zu inputs\n", inputs);
  return 0;
}
