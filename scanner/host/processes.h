// The running processes of a host, as far as they say which files they serve. Read from
// /proc; nothing of a process is kept but its number, its name, its container, the files
// that it has mapped, and those of its arguments that may name a file or a model.
// Environments are read for the variables that move model stores and for no other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/host/process_maps.h"
#include "scanner/source/sysroot.h"

namespace weighbridge {

struct StoreVariable {
  std::string name;   // "OLLAMA_MODELS"
  std::string value;  // a path
};

struct Process {
  std::uint64_t pid = 0;
  std::string name;           // the kernel's, 15 bytes at most
  std::string container;      // 64 hexadecimal digits, "" when it runs in none
  bool in_host_root = false;  // its paths are the host's
  std::vector<MapLine> maps;
  std::vector<std::string> named;  // absolute paths, and ids like "Qwen/Qwen2.5-7B"
  std::vector<StoreVariable> variables;
};

struct ProcessList {
  std::vector<Process> processes;  // by number
  std::uint64_t seen = 0;
  std::uint64_t refused = 0;  // their maps may not be read
  bool available = false;     // there is a /proc
};

ProcessList ReadProcesses(const Sysroot& root);

// Of the text of /proc/<pid>/cmdline, arguments separated by NUL: what may name a file
// or a model. `folder` is where relative paths begin, "" to leave them out.
std::vector<std::string> NamedByArguments(std::string_view text, const std::string& folder);

// Of the text of /proc/<pid>/cgroup: the container's id, "" for none.
std::string ContainerOfCgroup(std::string_view text);

}  // namespace weighbridge
