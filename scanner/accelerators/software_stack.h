// Which accelerator software a library belongs to, by its file name: CUDA, ROCm, CANN and
// the like. The libraries' names are those that their makers document.
#pragma once

#include <string>
#include <string_view>

namespace weighbridge {

struct SoftwareStack {
  std::string name;     // "CUDA", "" none
  std::string vendor;   // "NVIDIA"
  std::string version;  // of the file name: "12.4.127", "" when it states none
};

// Of the last component of a path. Libraries that only start a program on a device: what
// merely uses one is not part of the stack.
SoftwareStack StackOfLibrary(std::string_view file_name);

// Whether a name says that there may be GPU code inside. For streams, of which the end can
// only be had by taking all.
bool MayHoldGpuCode(std::string_view file_name);

}  // namespace weighbridge
