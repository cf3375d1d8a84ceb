// /proc/driver/nvidia: what NVIDIA's kernel module says of itself and of its GPUs.
#include <algorithm>
#include <string>

#include "scanner/accelerators/host_scan.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {

void DetectNvidiaProc(const HostScan& scan, DeviceMerger& devices) {
  const std::string folder = "proc/driver/nvidia/gpus";
  for (const std::string& name : scan.Names(folder)) {
    const std::string path = folder + "/" + name + "/information";
    const auto values = KeyValues(scan.Text(path), ':');
    if (values.empty()) continue;
    // A driver that has not started the GPU writes question marks for its digits.
    const auto value = [&](const char* key) {
      const auto found = values.find(key);
      if (found == values.end() || found->second.find("??") != std::string::npos)
        return std::string();
      return Stated(found->second);
    };
    Device device = scan.NewDevice(path, "nvidia-proc");
    device.address = PciAddress(value("Bus Location"));
    if (device.address.empty()) device.address = PciAddress(name);
    if (device.address.empty() && value("Model").empty()) continue;
    device.vendor = "NVIDIA";
    device.product = value("Model");
    device.uuid = value("GPU UUID");
    device.firmware = value("Video BIOS");
    device.driver = "nvidia";
    AddDeviceClaim(device, "nvidia-proc:gpu-firmware", value("GPU Firmware"));
    AddDeviceClaim(device, "nvidia-proc:gpu-excluded", value("GPU Excluded"));
    devices.Add(std::move(device));
  }
}

}  // namespace weighbridge
