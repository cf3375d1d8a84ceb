#include <doctest/doctest.h>
#include <unistd.h>

#include "scanner/accelerators/host_inventory.h"
#include "tests/support/device_text.h"
#include "tests/support/sysfs_builder.h"

using namespace weighbridge;
using namespace weighbridge::testing;

namespace {

using Texts = std::vector<std::string>;

// Messages with the place below the root.
Texts Messages(const HostInventory& inventory, const std::string& root) {
  Texts texts;
  for (const Diagnostic& diagnostic : inventory.diagnostics) {
    std::string place = diagnostic.location.path;
    if (place.starts_with(root)) place.erase(0, root.size());
    texts.push_back(place + ": " + diagnostic.message);
  }
  return texts;
}

std::string Hex2(int number) {
  const char* digits = "0123456789abcdef";
  return {digits[number / 16], digits[number % 16]};
}

void AddAspeed(const SysfsBuilder& tree) {
  tree.Add({"0000:03:00.0", "0x1a03\n", "0x2000\n", "0x030000\n", "0x15d9\n", "0x1b95\n", "ast"});
}

}  // namespace

TEST_CASE("an HGX H100: eight GPUs, four switches, a console") {
  SysfsBuilder tree;
  AddAspeed(tree);
  const int buses[] = {0x17, 0x2a, 0x41, 0x5b, 0x97, 0xab, 0xc1, 0xdb};
  Texts expected;
  for (int i = 0; i < 8; ++i) {
    const std::string address = "0000:" + Hex2(buses[i]) + ":00.0";
    const std::string number = std::to_string(i);
    tree.Add({address, "0x10de\n", "0x2330\n", "0x030200\n", "0x10de\n", "0x16c1\n", "nvidia"});
    tree.Write("proc/driver/nvidia/gpus/" + address + "/information",
               "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 408\nGPU UUID: \t GPU-" + number +
                   "\nVideo BIOS: \t 96.00.61.00.01\nBus Type: \t PCIe\nBus Location: \t " +
                   address + "\nDevice Minor: \t " + number + "\nGPU Excluded:\t No\n");
    tree.AddClass("drm/card" + std::to_string(i + 1), address);
    expected.push_back("sysfs-pci host=hgx at=" + address +
                       " pci=10de:2330 sub=10de:16c1 class=030200 vendor=NVIDIA "
                       "product=NVIDIA H100 80GB HBM3 driver=nvidia driver-version=535.129.03 "
                       "fw=96.00.61.00.01 uuid=GPU-" +
                       number +
                       " host:also-seen-in=nvidia-proc nvidia-proc:gpu-excluded=No "
                       "host:also-seen-in=sysfs-drm");
  }
  tree.AddClass("drm/card0", "0000:03:00.0");
  for (int i = 5; i < 9; ++i) {
    tree.Add({"0000:0" + std::to_string(i) + ":00.0", "0x10de\n", "0x22a3\n", "0x068000\n", "", "",
              "nvidia-nvswitch"});
  }
  tree.Write("proc/driver/nvidia/version",
             "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC "
             "2023\nGCC version:  gcc version 12.3.0\n");
  tree.Write("proc/sys/kernel/hostname", "hgx\n");
  for (const char* node : {"nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm"})
    tree.Write("dev/" + std::string(node), "");

  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) == expected);
  CHECK(inventory.fabric_functions == 4);
  CHECK(SoftwareTexts(inventory.software) ==
        Texts{"device-driver NVIDIA kernel module 535.129.03",
              "firmware nvidia board firmware 96.00.61.00.01"});
  CHECK(inventory.diagnostics.empty());
}

TEST_CASE("MI300X in CPX mode: eight packages of eight nodes are eight devices") {
  SysfsBuilder tree;
  Texts expected;
  tree.Write("sys/class/kfd/kfd/topology/nodes/0/properties", "cpu_cores_count 96\nsimd_count 0\n");
  tree.Write("sys/class/kfd/kfd/topology/nodes/0/gpu_id", "0\n");
  for (int gpu = 0; gpu < 2; ++gpu) {
    const int bus = 0x0c + gpu * 0x10;
    const std::string address = "0000:" + Hex2(bus) + ":00.0";
    tree.Add({address, "0x1002\n", "0x74a1\n", "0x120000\n", "0x1002\n", "0x74a1\n", "amdgpu"});
    const std::string folder = tree.Folder(address);
    tree.Write(folder + "/mem_info_vram_total", "206141652992\n");
    tree.Write(folder + "/unique_id", "2cf5be8bf7ae6c3" + std::to_string(gpu) + "\n");
    tree.Write(folder + "/vbios_version", "113-M3000100-102\n");
    tree.Write(folder + "/current_compute_partition", "CPX\n");
    tree.AddClass("drm/card" + std::to_string(gpu + 1), address);
    tree.Write("sys/class/drm/card" + std::to_string(gpu + 1) + "-DP-1/status", "connected\n");
    // 0x2cf5be8bf7ae6c30
    const std::string id = std::to_string(0x2cf5be8bf7ae6c30ULL + static_cast<unsigned>(gpu));
    for (int part = 0; part < 8; ++part) {
      const int place = bus << 8 | (7 - part);  // the driver numbers partitions as functions
      tree.AddKfdNode(1 + gpu * 8 + part,
                      "cpu_cores_count 0\nsimd_count 152\nsimd_per_cu 4\nvendor_id 4098\n"
                      "device_id 29857\nlocation_id " +
                          std::to_string(place) + "\ndomain 0\nunique_id " + id +
                          "\nnum_xcc 1\ngfx_target_version 90402\n",
                      "25767706624");
    }
    expected.push_back("sysfs-pci at=" + address +
                       " pci=1002:74a1 sub=1002:74a1 class=120000 arch=gfx942 mem=206141652992 "
                       "driver=amdgpu driver-version=6.10.5 fw=113-M3000100-102 "
                       "uuid=2cf5be8bf7ae6c3" +
                       std::to_string(gpu) +
                       " amdgpu:compute-partition=CPX host:also-seen-in=sysfs-kfd "
                       "kfd:name=ip discovery kfd:partitions=8 kfd:compute-units=304 "
                       "host:also-seen-in=sysfs-drm");
  }
  tree.Write("sys/module/amdgpu/version", "6.10.5\n");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) == expected);
  CHECK(inventory.diagnostics.empty());
}

TEST_CASE("MI250: two dies with one unique id are one product") {
  SysfsBuilder tree;
  for (const char* address : {"0000:31:00.0", "0000:34:00.0"}) {
    tree.Add({address, "0x1002\n", "0x740c\n", "0x038000\n", "0x1002\n", "0x0b0c\n", "amdgpu"});
    tree.Write(tree.Folder(address) + "/mem_info_vram_total", "68702699520\n");
    tree.Write(tree.Folder(address) + "/unique_id", "719d230578348e8c\n");
  }
  const std::string common =
      std::string() +
      "simd_count 416\nsimd_per_cu 4\nvendor_id 4098\ndevice_id 29708\ndomain 0\n"
      "gfx_target_version 90010\nunique_id " +
      std::to_string(0x719d230578348e8cULL) + "\nlocation_id ";
  tree.AddKfdNode(1, common + "12544\n", "68702699520");
  tree.AddKfdNode(2, common + "13312\n", "68702699520");
  CHECK(DeviceTexts(ReadHostAccelerators(tree.root()).devices) ==
        Texts{"sysfs-pci at=0000:31:00.0 pci=1002:740c sub=1002:0b0c class=038000 arch=gfx90a "
              "mem=137405399040 driver=amdgpu uuid=719d230578348e8c host:also-seen-in=sysfs-kfd "
              "kfd:name=ip discovery kfd:compute-units=104 host:further-function=0000:34:00.0"});
}

TEST_CASE("kfd alone, without unique ids: nodes are joined by address") {
  SysfsBuilder tree;
  const char* properties =
      "simd_count 440\nsimd_per_cu 4\nvendor_id 4098\ndevice_id 29711\nlocation_id 49664\n"
      "domain 1\ngfx_target_version 90010\n";
  tree.AddKfdNode(1, properties, "68702699520");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"sysfs-kfd at=0001:c2:00.0 pci=1002:740f arch=gfx90a mem=68702699520 "
              "kfd:name=ip discovery kfd:compute-units=110"});
}

TEST_CASE("Ascend: virtual functions, the ZIP engine and the console are not counted") {
  SysfsBuilder tree;
  tree.Add({"0000:c1:00.0", "0x19e5\n", "0xd802\n", "0x120000\n", "0x19e5\n", "0x3003\n",
            "devdrv_device_driver"});
  tree.Add({"0000:c1:00.1", "0x19e5\n", "0xd802\n", "0x120000\n", "", "", ""});
  tree.Link(tree.Folder("0000:c1:00.1") + "/physfn", "../0000:c1:00.0");
  tree.Add({"0000:75:00.0", "0x19e5\n", "0xa250\n", "0x120000\n", "", "", "hisi_zip"});
  tree.Add({"0000:01:00.0", "0x19e5\n", "0x1711\n", "0x030000\n", "", "", "hibmc-drm"});
  tree.Write("dev/davinci0", "");
  tree.Write("dev/davinci_manager", "");
  tree.Write("usr/local/Ascend/driver/version.info", "Version=23.0.3\nascendhal_version=7.35\n");
  tree.Write("usr/local/Ascend/firmware/version.info", "Version=7.1.0.3.220\n");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"sysfs-pci at=0000:c1:00.0 pci=19e5:d802 sub=19e5:3003 class=120000 "
              "driver=devdrv_device_driver"});
  CHECK(SoftwareTexts(inventory.software) == Texts{"device-driver Ascend NPU driver 23.0.3",
                                                   "firmware Ascend NPU firmware 7.1.0.3.220"});
}

TEST_CASE("Gaudi through the accel class") {
  SysfsBuilder tree;
  tree.Add(
      {"0000:33:00.0", "0x1da3\n", "0x1020\n", "0x120000\n", "0x1da3\n", "0x1020\n", "habanalabs"});
  tree.AddClass("accel/accel0", "0000:33:00.0");
  tree.Write("sys/class/accel/accel0/pci_addr", "0000:33:00.0\n");
  tree.Write("sys/class/accel/accel0/module_id", "0\n");
  tree.Write("sys/class/accel/accel0/device_type", "GAUDI2\n");
  tree.Write("sys/class/accel/accel0/fw_os_ver", "hl-gaudi2-1.16.0-fw-50.1.2\n");
  tree.Write("sys/class/accel/accel_controlD0/dev", "261:1\n");
  tree.Write("sys/module/habanalabs/version", "1.16.0-526.el9\n");
  // PCI is not in this tree: the class says where the device is.
  tree.Write("sys/class/accel/accel1/device/pci_addr", "0000:34:00.0\n");
  tree.Write("sys/class/accel/accel1/device/module_id", "1\n");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"sysfs-pci at=0000:33:00.0 pci=1da3:1020 sub=1da3:1020 class=120000 "
              "driver=habanalabs driver-version=1.16.0-526.el9 fw=hl-gaudi2-1.16.0-fw-50.1.2 "
              "host:also-seen-in=sysfs-accel habanalabs:module-id=0 "
              "habanalabs:device-type=GAUDI2",
              "sysfs-accel at=0000:34:00.0 habanalabs:module-id=1"});
}

TEST_CASE("Jetson: the device tree, behind an absolute link that stays below the root") {
  SysfsBuilder tree;
  using namespace std::string_view_literals;
  const std::string base = "sys/firmware/devicetree/base";
  tree.Write(base + "/model", "NVIDIA Jetson AGX Orin Developer Kit\0"sv);
  tree.Write(base + "/compatible", "nvidia,p3737-0000+p3701-0005\0nvidia,tegra234\0"sv);
  tree.Write(base + "/serial-number", "1420921055905\0"sv);
  tree.Link("proc/device-tree", "/sys/firmware/devicetree/base");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"device-tree vendor=NVIDIA product=NVIDIA Jetson AGX Orin Developer Kit arch=sm_87 "
              "serial=1420921055905 device-tree:compatible=nvidia,p3737-0000+p3701-0005 "
              "device-tree:compatible=nvidia,tegra234"});
}

TEST_CASE("Jetson Thor is one device in PCI and device tree") {
  SysfsBuilder tree;
  using namespace std::string_view_literals;
  tree.Add({"0000:01:00.0", "0x10de\n", "0x2b00\n", "0x030000\n", "", "", "nvidia"});
  tree.Write("proc/device-tree/model", "NVIDIA Jetson AGX Thor Developer Kit\0"sv);
  tree.Write("proc/device-tree/compatible", "nvidia,p3971-0050+p3834-0005\0nvidia,tegra264\0"sv);
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"sysfs-pci at=0000:01:00.0 pci=10de:2b00 class=030000 vendor=NVIDIA "
              "product=NVIDIA Jetson AGX Thor Developer Kit arch=sm_110 driver=nvidia "
              "host:also-seen-in=device-tree device-tree:compatible=nvidia,p3971-0050+p3834-0005 "
              "device-tree:compatible=nvidia,tegra264"});
}

TEST_CASE("a collected report: folders in place of links") {
  SysfsBuilder tree(false);
  tree.Add(
      {"0000:17:00.0", "0x10de\n", "0x2330\n", "0x030200\n", "0x10de\n", "0x16c1\n", "nvidia"});
  AddAspeed(tree);
  tree.AddClass("drm/card0", "0000:03:00.0");
  tree.AddClass("drm/card1", "0000:17:00.0");
  tree.Write("etc/hostname", "collected\n");
  // uevent alone, as some collectors leave it.
  tree.Write("sys/bus/pci/devices/0000:18:00.0/uevent",
             "DRIVER=nvidia\nPCI_CLASS=30200\nPCI_ID=10DE:2331\nPCI_SUBSYS_ID=10DE:1626\n"
             "PCI_SLOT_NAME=0000:18:00.0\n");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"sysfs-pci host=collected at=0000:17:00.0 pci=10de:2330 sub=10de:16c1 class=030200 "
              "driver=nvidia host:also-seen-in=sysfs-drm",
              "sysfs-pci host=collected at=0000:18:00.0 pci=10de:2331 sub=10de:1626 class=030200 "
              "driver=nvidia"});
  CHECK(inventory.diagnostics.empty());
}

TEST_CASE("odd spellings: upper case, no newline, five-digit domain, no ids at all") {
  SysfsBuilder tree;
  tree.Add({"10000:e1:00.0", "0x10DE", "0x233B", "0x030200", "", "", ""});
  tree.Add({"0000:05:00.0", "", "", "0x120000\n", "", "", ""});
  tree.Add({"0000:06:00.0", "0xbeef\n", "0x0001\n", "0x120001\n", "", "", ""});
  tree.Add({"0000:07:00.0", "0xbeef\n", "0x0002\n", "0x030000\n", "", "", ""});
  tree.Add({"0000:00:02.0", "0x8086\n", "0x9a49\n", "0x030000\n", "", "", "i915"});
  tree.Add({"0000:6a:00.0", "0x8086\n", "0x4940\n", "0x0b4000\n", "", "", "4xxx"});
  tree.Write("sys/bus/pci/devices/x\x1b[31m/vendor", "0x10de\n");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"sysfs-pci at=0000:00:02.0 pci=8086:9a49 class=030000 driver=i915 "
              "host:position=slot of integrated graphics",
              "sysfs-pci at=0000:06:00.0 pci=beef:0001 class=120001",
              "sysfs-pci at=10000:e1:00.0 pci=10de:233b class=030200"});
  CHECK(Messages(inventory, tree.root()) ==
        Texts{"/sys/bus/pci/devices/0000:05:00.0: PCI function without a vendor id",
              "/sys/bus/pci/devices/x\x1b[31m: not a PCI address"});
}

TEST_CASE("hostile trees: dangling and looping links, links out, pipes, huge files") {
  SysfsBuilder tree;
  Scratch outside;
  outside.Write("vendor", "0x10de\n");
  outside.Write("device", "0x2330\n");
  outside.Write("class", "0x030200\n");
  const std::string pci = "sys/bus/pci/devices/";
  tree.Link(pci + "0000:01:00.0", "../../../devices/pci0000:00/nowhere");
  tree.Link(pci + "0000:02:00.0", "0000:03:00.0");
  tree.Link(pci + "0000:03:00.0", "0000:02:00.0");
  tree.Link(pci + "0000:04:00.0", outside.path());
  tree.Link(pci + "0000:05:00.0", "../../../../../../../../../../../../" + outside.path());
  tree.Add({"0000:06:00.0", "0x10de\n", "0x2330\n", "0x030200\n", "", "", ""});
  tree.Link("sys/devices/pci0000:00/0000:06:00.0/subsystem_vendor", outside / "vendor");
  std::filesystem::resize_file(tree.root() + "/" + tree.Folder("0000:06:00.0") + "/class", 8);
  tree.Write(tree.Folder("0000:06:00.0") + "/revision", "");
  std::filesystem::resize_file(tree.root() + "/" + tree.Folder("0000:06:00.0") + "/revision",
                               5ULL << 30);
  const std::string fifo = tree.root() + "/" + tree.Folder("0000:06:00.0") + "/subsystem_device";
  REQUIRE(std::system(("mkfifo '" + fifo + "'").c_str()) == 0);
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"sysfs-pci at=0000:06:00.0 pci=10de:2330 class=030200"});
  CHECK(
      Messages(inventory, tree.root()) ==
      Texts{"/sys/bus/pci/devices/0000:01:00.0: PCI function not readable: open: No such file or "
            "directory",
            "/sys/bus/pci/devices/0000:02:00.0: PCI function not readable: follow: Too many levels "
            "of symbolic links",
            "/sys/bus/pci/devices/0000:03:00.0: PCI function not readable: follow: Too many levels "
            "of symbolic links",
            "/sys/bus/pci/devices/0000:04:00.0: PCI function not readable: open: No such file or "
            "directory",
            "/sys/bus/pci/devices/0000:05:00.0: PCI function not readable: open: No such file or "
            "directory",
            "/sys/bus/pci/devices/0000:06:00.0/subsystem_device: not a regular file",
            "/sys/bus/pci/devices/0000:06:00.0/revision: more than 65536 bytes"});
}

TEST_CASE("sources that disagree are both heard") {
  SysfsBuilder tree;
  tree.Add({"0000:17:00.0", "0x1002\n", "0x74a1\n", "0x120000\n", "", "", "amdgpu"});
  tree.Write(tree.Folder("0000:17:00.0") + "/mem_info_vram_total", "206141652992\n");
  tree.AddKfdNode(1,
                  "simd_count 320\nsimd_per_cu 4\nvendor_id 4098\ndevice_id 29858\n"
                  "location_id 5888\ndomain 0\ngfx_target_version 90402\n",
                  "1024");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  REQUIRE(inventory.devices.size() == 1);
  CHECK(inventory.devices[0].pci.device == "74a1");
  Texts messages;
  for (const Diagnostic& diagnostic : inventory.devices[0].diagnostics)
    messages.push_back(diagnostic.message);
  CHECK(messages == Texts{"PCI device: sysfs-pci says \"74a1\", sysfs-kfd says \"74a2\"",
                          "memory: sysfs-pci says 206141652992 bytes, sysfs-kfd says 1024"});
}

TEST_CASE("device nodes are hints, and only where nothing else spoke") {
  struct Row {
    std::vector<const char*> nodes;
    Texts expected;
  };
  const std::string note = " !known by its device node alone: the product is not shown";
  const Row rows[] = {
      {{"davinci0", "davinci1", "davinci_manager"},
       {"device-node vendor=Huawei count=2 partitioned node:name=/dev/davinci0" + note}},
      {{"neuron0"},
       {"device-node vendor=AWS partitioned driver=neuron node:name=/dev/neuron0" + note}},
      {{"hl0", "hl_controlD0"},
       {"device-node vendor=Habana partitioned driver=habanalabs node:name=/dev/hl0" + note}},
      {{"cambricon_dev0", "cambricon_ctl", "cambricon_ipcm0"},
       {"device-node vendor=Cambricon partitioned node:name=/dev/cambricon_dev0" + note}},
      {{"xpu0"}, {"device-node vendor=Kunlunxin partitioned node:name=/dev/xpu0" + note}},
      {{"tenstorrent/0", "tenstorrent/1"},
       {"device-node vendor=Tenstorrent count=2 partitioned driver=tenstorrent "
        "node:name=/dev/tenstorrent/0" +
        note}},
      {{"nvidia0", "nvidiactl", "nvidia-uvm"},
       {"device-node vendor=NVIDIA partitioned driver=nvidia node:name=/dev/nvidia0" + note}},
      {{"dxg"}, {"device-node partitioned driver=dxgkrnl node:name=/dev/dxg" + note}},
      {{"null", "hlx", "xpu", "nvidiactl"}, {}},
  };
  for (const Row& row : rows) {
    SysfsBuilder tree;
    for (const char* node : row.nodes) tree.Write("dev/" + std::string(node), "");
    CHECK(DeviceTexts(ReadHostAccelerators(tree.root()).devices) == row.expected);
  }
}

TEST_CASE("Tenstorrent names its card in its class") {
  SysfsBuilder tree;
  tree.Add({"0000:81:00.0", "0x1e52\n", "0x401e\n", "0x120000\n", "0x1e52\n", "0x0014\n",
            "tenstorrent"});
  tree.AddClass("tenstorrent/tenstorrent!0", "0000:81:00.0");
  tree.Write("sys/class/tenstorrent/tenstorrent!0/tt_card_type", "n300\n");
  tree.Write("sys/class/tenstorrent/tenstorrent!0/tt_serial", "0100014211703033\n");
  CHECK(DeviceTexts(ReadHostAccelerators(tree.root()).devices) ==
        Texts{"sysfs-pci at=0000:81:00.0 pci=1e52:401e sub=1e52:0014 class=120000 product=n300 "
              "driver=tenstorrent serial=0100014211703033 host:also-seen-in=sysfs-tenstorrent"});
}

TEST_CASE("a driver that has not started its GPU states question marks") {
  SysfsBuilder tree;
  tree.Write("proc/driver/nvidia/gpus/0000:17:00.0/information",
             "Model: \t\t Unknown\nGPU UUID: \t GPU-" + std::string(8, '?') + "\nVideo BIOS: \t " +
                 std::string(2, '?') + ".00\nBus Location: \t 0000:17:00.0\n");
  tree.Write("proc/driver/nvidia/version",
             "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.14  Release Build\n");
  const HostInventory inventory = ReadHostAccelerators(tree.root());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"nvidia-proc at=0000:17:00.0 vendor=NVIDIA driver=nvidia "
              "driver-version=550.54.14"});
}

TEST_CASE("a file that may not be read is said to be so") {
  SysfsBuilder tree;
  tree.Add({"0000:17:00.0", "0x10de\n", "0x2330\n", "0x030200\n", "0x10de\n", "", ""});
  const std::string place = tree.Folder("0000:17:00.0") + "/subsystem_vendor";
  std::filesystem::permissions(tree.root() + "/" + place, std::filesystem::perms::none);
  if (geteuid() == 0) return;  // root reads it all the same
  CHECK(Messages(ReadHostAccelerators(tree.root()), tree.root()) ==
        Texts{"/sys/bus/pci/devices/0000:17:00.0/subsystem_vendor: open: Permission denied"});
}

TEST_CASE("no tree, an empty one, a file in its place") {
  Scratch scratch;
  CHECK(Messages(ReadHostAccelerators(scratch / "none"), "") ==
        Texts{(scratch / "none") + ": open directory: No such file or directory"});
  CHECK(Messages(ReadHostAccelerators(scratch.path()), scratch.path()) ==
        Texts{": not a Linux tree: it has no sys, proc or dev"});
  scratch.Write("sys", "a file");
  const HostInventory inventory = ReadHostAccelerators(scratch.path());
  CHECK(inventory.devices.empty());
  CHECK(inventory.diagnostics.empty());
}
