// Captured inventories re-made: the layouts are the tools', the machines are invented.
#pragma once

#include <string>
#include <vector>

namespace weighbridge::testing {

inline std::string LspciText() {
  return "00:00.0 Host bridge [0600]: Intel Corporation Device [8086:09a2] (rev 20)\n"
         "03:00.0 VGA compatible controller [0300]: ASPEED Technology, Inc. ASPEED Graphics "
         "Family [1a03:2000] (rev 52)\n"
         "05:00.0 Bridge [0680]: NVIDIA Corporation GH100 [H100 NVSwitch] [10de:22a3] (rev a1)\n"
         "07:00.0 Co-processor [0b40]: Chengdu Haiguang IC Design Co., Ltd. KONGMING "
         "[1d94:62b7] (rev 01)\n"
         "15:00.0 Processing accelerators [1200]: Device [1e3e:0002]\n"
         "17:00.0 3D controller [0302]: NVIDIA Corporation GH100 [H100 SXM5 80GB] [10de:2330] "
         "(rev a1)\n"
         "\tSubsystem: NVIDIA Corporation Device [10de:16c1]\n"
         "\tKernel driver in use: nvidia\n"
         "\tKernel modules: nvidiafb, nouveau, nvidia_drm, nvidia\n"
         "33:02.1 Processing accelerators [1200]: Habana Labs Ltd. Gaudi Virtual Function "
         "[1da3:1ff1]\n"
         "53:00.0 Communication controller: Device 1d22:3684\n"
         "6a:00.0 Co-processor [0b40]: Intel Corporation 4xxx Series QAT [8086:4940] (rev 40)\n"
         "10000:e1:00.0 Display controller [0380]: Advanced Micro Devices, Inc. [AMD/ATI] "
         "Aldebaran [1002:740f] (rev 02)\n";
}

inline std::string LspciMachineText() {
  return "03:00.0 \"VGA compatible controller [0300]\" \"ASPEED Technology, Inc. [1a03]\" \"ASPEED "
         "Graphics Family [2000]\" -r52 -p00 \"Super Micro Computer Inc [15d9]\" \"Device "
         "[1b95]\"\n"
         "41:00.0 \"3D controller [0302]\" \"NVIDIA Corporation [10de]\" \"GA100 [A100 PCIe 40GB] "
         "[20f1]\" -ra1 \"NVIDIA Corporation [10de]\" \"Device [145f]\"\n"
         "c1:00.0 \"Processing accelerators [1200]\" \"Huawei Technologies Co., Ltd. [19e5]\" "
         "\"Device [d802]\" -r20 \"Huawei Technologies Co., Ltd. [19e5]\" \"A \\\"quoted\\\" name "
         "[3003]\"\n";
}

inline std::string LspciRecordsText() {
  return "Slot:\t00:1f.0\nClass:\tISA bridge [0601]\nVendor:\tIntel Corporation [8086]\n"
         "Device:\tDevice [1b81]\n\n"
         "Slot:\t0001:c1:00.0\nClass:\tProcessing accelerators [1200]\n"
         "Vendor:\tAdvanced Micro Devices, Inc. [AMD/ATI] [1002]\n"
         "Device:\tAqua Vanjaram [Instinct MI300X] [74a1]\n"
         "SVendor:\tAdvanced Micro Devices, Inc. [AMD/ATI] [1002]\nSDevice:\tDevice [74a1]\n"
         "Driver:\tamdgpu\nModule:\tamdgpu\nNUMANode:\t0\n\n";
}

inline std::string NvidiaSmiXml() {
  const auto gpu = [](const std::string& bus, const std::string& mig) {
    return "\t<gpu id=\"00000000:" + bus +
           ":00.0\">\n\t\t<product_name>NVIDIA H100 80GB HBM3</product_name>\n"
           "\t\t<product_brand>NVIDIA</product_brand>\n"
           "\t\t<product_architecture>Hopper</product_architecture>\n"
           "\t\t<mig_mode>\n\t\t\t<current_mig>" +
           mig + "</current_mig>\n\t\t\t<pending_mig>" + mig +
           "</pending_mig>\n\t\t</mig_mode>\n\t\t<mig_devices>None</mig_devices>\n"
           "\t\t<serial>16524230" +
           bus + "</serial>\n\t\t<uuid>GPU-" + bus +
           "</uuid>\n\t\t<vbios_version>96.00.61.00.01</vbios_version>\n"
           "\t\t<gpu_part_number>2330-885-A1</gpu_part_number>\n"
           "\t\t<pci>\n\t\t\t<pci_bus>17</pci_bus>\n"
           "\t\t\t<pci_base_class>3</pci_base_class>\n\t\t\t<pci_sub_class>2</pci_sub_class>\n"
           "\t\t\t<pci_device_id>233010DE</pci_device_id>\n\t\t\t<pci_bus_id>00000000:" +
           bus +
           ":00.0</pci_bus_id>\n\t\t\t<pci_sub_system_id>16C110DE</pci_sub_system_id>\n\t\t</pci>\n"
           "\t\t<fb_memory_usage>\n\t\t\t<total>81559 MiB</total>\n\t\t\t<used>4 MiB</used>\n"
           "\t\t</fb_memory_usage>\n\t\t<bar1_memory_usage>\n\t\t\t<total>131072 MiB</total>\n"
           "\t\t</bar1_memory_usage>\n\t\t<processes>\n\t\t\t<process_info>\n"
           "\t\t\t\t<process_name>a &lt;b&gt; &amp; &#x63;</process_name>\n"
           "\t\t\t</process_info>\n\t\t</processes>\n\t</gpu>\n";
  };
  return "<?xml version=\"1.0\" ?>\n"
         "<!DOCTYPE nvidia_smi_log SYSTEM \"nvsmi_device_v12.dtd\">\n<nvidia_smi_log>\n"
         "\t<timestamp>Tue Nov 24 15:00:00 2026</timestamp>\n"
         "\t<driver_version>535.129.03</driver_version>\n\t<cuda_version>12.2</cuda_version>\n"
         "\t<attached_gpus>2</attached_gpus>\n" +
         gpu("17", "Disabled") + gpu("2A", "Enabled") + "</nvidia_smi_log>\n";
}

inline std::string NvidiaSmiCsv() {
  return "index, name, uuid, pci.bus_id, pci.device_id, pci.sub_device_id, memory.total [MiB], "
         "compute_cap, driver_version, serial\n"
         "0, NVIDIA H20, GPU-a, 00000000:01:00.0, 0x232910DE, 0x19B110DE, 97871 MiB, 9.0, "
         "550.54.14, [N/A]\n"
         "1, NVIDIA H20, GPU-b, 00010000:02:00.0, 0x232910DE, 0x19B110DE, 97871 MiB, 9.0, "
         "550.54.14, 1650\n"
         "0, NVIDIA H20, GPU-a, 00000000:01:00.0, 0x232910DE, 0x19B110DE, 97871 MiB, 9.0, "
         "550.54.14, [N/A]\n";
}

inline std::string NvidiaSmiList() {
  return "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-a)\n"
         "  MIG 1g.5gb      Device  0: (UUID: MIG-1)\n"
         "  MIG 2g.10gb     Device  1: (UUID: MIG-2)\n"
         "GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-b)\n";
}

inline std::string RocmSmiJson() {
  return "WARNING: AMD GPU device(s) is/are in a low-power state. Check power "
         "control/runtime_status\n\n"
         "{\"card0\": {\"Device Name\": \"AMD Instinct MI300X\", \"Device ID\": \"0x74a1\", "
         "\"Unique ID\": \"0x2CF5BE8BF7AE6C30\", \"VBIOS version\": \"113-M3000100-102\", "
         "\"PCI Bus\": \"0000:08:00.0\", \"VRAM Total Memory (B)\": \"206141652992\", "
         "\"Card Series\": \"AMD Instinct MI300X\", \"Card Model\": \"0x74a1\", \"Card Vendor\": "
         "\"Advanced Micro Devices, Inc. [AMD/ATI]\", \"Card SKU\": \"M3000100\", \"Subsystem "
         "ID\": \"0x74a1\", \"GFX Version\": \"gfx942\", \"Serial Number\": \"6922\"}, "
         "\"card1\": {\"Card series\": \"AMD Instinct MI300X\", \"Card model\": \"0x74a1\", "
         "\"Unique ID\": \"0x2cf5be8bf7ae6c30\", \"PCI Bus\": \"0000:08:00.0\"}, "
         "\"card2\": {\"Card series\": \"DCU K100_AI\", \"Device ID\": \"0x6210\", \"GFX "
         "Version\": \"gfx928\", \"PCI Bus\": \"0000:09:00.0\"}, "
         "\"system\": {\"Driver version\": \"6.7.0\"}}\n";
}

inline std::string AmdSmiText() {
  const auto gpu = [](const std::string& number) {
    return "GPU: " + number +
           "\n    ASIC:\n        MARKET_NAME: MI308X\n        VENDOR_ID: 0x1002\n"
           "        VENDOR_NAME: Advanced Micro Devices Inc. [AMD/ATI]\n"
           "        SUBVENDOR_ID: 0x1002\n        DEVICE_ID: 0x74a2\n        SUBSYSTEM_ID: 0x74a2\n"
           "        REV_ID: 0x00\n        ASIC_SERIAL: 0x3E2DBE8BF7AE6C31\n        OAM_ID: 0\n"
           "        NUM_COMPUTE_UNITS: 20\n        TARGET_GRAPHICS_VERSION: gfx942\n"
           "    BUS:\n        BDF: 0000:0c:00.0\n        MAX_PCIE_WIDTH: 16\n"
           "    VBIOS:\n        NAME: AMD MI308X\n        VERSION: 022.040.003\n"
           "    DRIVER:\n        NAME: amdgpu\n        VERSION: 6.10.5\n"
           "    VRAM:\n        TYPE: HBM\n        SIZE: 196592 MB\n"
           "    PARTITION:\n        COMPUTE_PARTITION: CPX\n";
  };
  return gpu("0") + "\n" + gpu("1");
}

inline std::string AmdSmiJson() {
  return "[\n    {\n        \"gpu\": 0,\n        \"asic\": {\"market_name\": \"AMD Instinct "
         "MI325X\", "
         "\"vendor_id\": \"0x1002\", \"subvendor_id\": \"0x1002\", \"device_id\": \"0x74a5\", "
         "\"subsystem_id\": \"0x74a5\", \"asic_serial\": \"0xA1\", \"num_compute_units\": 304, "
         "\"target_graphics_version\": \"gfx942\"},\n"
         "        \"bus\": {\"bdf\": \"0000:05:00.0\"},\n"
         "        \"vram\": {\"type\": \"HBM\", \"size\": {\"value\": 262128, \"unit\": \"MB\"}},\n"
         "        \"driver\": {\"name\": \"amdgpu\", \"version\": \"6.12.12\"}\n    }\n]\n";
}

inline std::string NpuSmi() {
  const std::string rule =
      "+---------------------------+---------------+-----------------------------------------------"
      "-----+\n";
  return rule +
         "| npu-smi 23.0.2                   Version: 23.0.2.1                                     "
         "  "
         "      |\n" +
         rule +
         "| NPU   Name                | Health        | Power(W)    Temp(C)           "
         "Hugepages-Usage(page)|\n"
         "| Chip                      | Bus-Id        | AICore(%)   Memory-Usage(MB)  "
         "HBM-Usage(MB) "
         "       |\n"
         "+===========================+===============+===================================="
         "================+\n"
         "| 0     910B1               | OK            | 88.4        46                0    / 0     "
         "        |\n"
         "| 0                         | 0000:C1:00.0  | 0           0    / 0          4175 / 65536 "
         "        |\n" +
         rule +
         "| 1     910B1               | Warning       | 90.1        48                0    / 0     "
         "        |\n"
         "| 0                         | 0000:01:00.0  | 0           0    / 0          4176 / 65536 "
         "        |\n" +
         rule +
         "| NPU     Chip              | Process id    | Process name             | Process "
         "memory(MB)      |\n"
         "+===========================+===============+===================================="
         "================+\n"
         "| 0       0                 | 12345         | python3.9                | 61043           "
         "  "
         "      |\n" +
         rule;
}

inline std::string LshwJson() {
  return "{\n  \"id\" : \"node7\",\n  \"class\" : \"system\",\n  \"claimed\" : true,\n  "
         "\"children\" "
         ": [ { \"id\" : \"core\", \"class\" : \"bus\", \"claimed\" : true, \"children\" : [\n"
         "    { \"id\" : \"display\", \"class\" : \"display\", \"claimed\" : true, \"handle\" : "
         "\"PCI:0000:17:00.0\", \"description\" : \"3D controller\", \"product\" : \"GH100 [H100 "
         "SXM5 "
         "80GB] [10DE:2330]\", \"vendor\" : \"NVIDIA Corporation [10DE]\", \"physid\" : \"0\", "
         "\"businfo\" : \"pci@0000:17:00.0\", \"version\" : \"a1\", \"configuration\" : { "
         "\"driver\" : \"nvidia\", \"latency\" : \"0\" } },\n"
         "    { \"id\" : \"display:1\", \"class\" : \"display\", \"handle\" : "
         "\"PCI:0000:03:00.0\", "
         "\"description\" : \"VGA compatible controller\", \"product\" : \"ASPEED Graphics "
         "Family\", "
         "\"vendor\" : \"ASPEED Technology, Inc.\", \"businfo\" : \"pci@0000:03:00.0\" },\n"
         "    { \"id\" : \"generic\", \"class\" : \"generic\", \"handle\" : \"PCI:0000:33:00.0\", "
         "\"description\" : \"Processing accelerators\", \"product\" : \"Gaudi2\", \"vendor\" : "
         "\"Habana Labs Ltd.\", \"businfo\" : \"pci@0000:33:00.0\" } ] } ]\n}\n";
}

inline std::string KubernetesNodeJson() {
  return "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"gpu-1\", "
         "\"labels\": "
         "{\"nvidia.com/gpu.product\": \"A100-SXM4-40GB\", \"nvidia.com/gpu.family\": \"ampere\", "
         "\"nvidia.com/gpu.compute.major\": \"8\", \"nvidia.com/gpu.compute.minor\": \"0\", "
         "\"nvidia.com/gpu.memory\": \"40960\", \"nvidia.com/gpu.count\": \"8\", "
         "\"nvidia.com/gpu.machine\": \"DGX-A100\", \"nvidia.com/cuda.driver-version.full\": "
         "\"535.129.03\", \"feature.node.kubernetes.io/pci-0302_10de.present\": \"true\"}}, "
         "\"status\": {\"capacity\": {\"cpu\": \"128\", \"memory\": \"1056Ki\", "
         "\"nvidia.com/gpu\": \"8\"}}}\n";
}

inline std::string KubernetesListJson() {
  const auto node = [](const std::string& name, const std::string& labels,
                       const std::string& capacity) {
    return "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"labels\": {" + labels +
           "}, \"name\": \"" + name + "\"}, \"status\": {\"capacity\": {" + capacity + "}}}";
  };
  return "{\"apiVersion\": \"v1\", \"items\": [" +
         node("shared",
              "\"nvidia.com/gpu.product\": \"NVIDIA-A10-SHARED\", \"nvidia.com/gpu.count\": \"1\", "
              "\"nvidia.com/gpu.replicas\": \"4\"",
              "\"nvidia.com/gpu\": \"4\"") +
         "," +
         node("mig",
              "\"nvidia.com/gpu.product\": \"A100-SXM4-40GB-MIG-1g.5gb\", "
              "\"nvidia.com/gpu.count\": \"56\", \"nvidia.com/gpu.memory\": \"4864\"",
              "\"nvidia.com/gpu\": \"56\"") +
         "," +
         node("amd",
              "\"amd.com/gpu.device-id\": \"74a1\", \"amd.com/gpu.device-id.74a1\": \"8\", "
              "\"beta.amd.com/gpu.device-id.74a1\": \"8\", \"amd.com/gpu.product-name\": "
              "\"AMD_Instinct_MI300X_OAM\", \"amd.com/gpu.vram\": \"192G\", "
              "\"amd.com/gpu.cu-count\": \"304\"",
              "\"amd.com/gpu\": \"8\"") +
         "," +
         node("ascend",
              "\"accelerator\": \"huawei-Ascend910\", \"node.kubernetes.io/npu.chip.name\": "
              "\"910B3\"",
              "\"huawei.com/Ascend910\": \"8\"") +
         "," + node("vnpu", "", "\"huawei.com/Ascend310P-4c\": \"2\"") + "," +
         node("neuron", "\"node.kubernetes.io/instance-type\": \"trn1.32xlarge\"",
              "\"aws.amazon.com/neuron\": \"16\", \"aws.amazon.com/neuroncore\": \"32\", "
              "\"aws.amazon.com/neurondevice\": \"16\"") +
         "," + node("mlu", "", "\"cambricon.com/mlu370\": \"4\", \"example.com/npu\": \"2\"") +
         "," +
         node("nfd",
              "\"feature.node.kubernetes.io/pci-1200_1da3.present\": \"true\", "
              "\"feature.node.kubernetes.io/pci-0300_1a03.present\": \"true\"",
              "\"cpu\": \"4\"") +
         "], \"kind\": \"List\"}\n";
}

inline std::string DcgmText() {
  const auto line = [](const std::string& metric, const std::string& gpu,
                       const std::string& value) {
    return "DCGM_FI_DEV_" + metric + "{gpu=\"" + gpu + "\",UUID=\"GPU-" + gpu +
           "\",pci_bus_id=\"00000000:" + (gpu == "0" ? "17" : "2A") + ":00.0\",device=\"nvidia" +
           gpu + "\",modelName=\"NVIDIA H800\",Hostname=\"n1\",DCGM_FI_DRIVER_VERSION=\"535.1\"} " +
           value + "\n";
  };
  return "# HELP DCGM_FI_DEV_SM_CLOCK SM clock frequency (in MHz).\n"
         "# TYPE DCGM_FI_DEV_SM_CLOCK gauge\n" +
         line("SM_CLOCK", "0", "1980") + line("SM_CLOCK", "1", "1980") +
         "# HELP DCGM_FI_DEV_FB_TOTAL Total.\n# TYPE DCGM_FI_DEV_FB_TOTAL gauge\n" +
         line("FB_TOTAL", "0", "81559") + line("FB_TOTAL", "1", "81559") +
         "DCGM_FI_DEV_XID_ERRORS{gpu=\"2\",uuid=\"\",pci_bus_id=\"\",modelName=\"A \\\"b\\\"\","
         "hostname=\"n2\"} 0\n";
}

struct InventorySample {
  const char* kind;
  std::string text;
};

inline std::vector<InventorySample> InventorySamples() {
  return {{"lspci", LspciText()},
          {"lspci-machine", LspciMachineText()},
          {"lspci-records", LspciRecordsText()},
          {"nvidia-smi-xml", NvidiaSmiXml()},
          {"smi-csv", NvidiaSmiCsv()},
          {"nvidia-smi-list", NvidiaSmiList()},
          {"rocm-smi-json", RocmSmiJson()},
          {"amd-smi-text", AmdSmiText()},
          {"amd-smi-json", AmdSmiJson()},
          {"npu-smi", NpuSmi()},
          {"lshw-json", LshwJson()},
          {"kubernetes-json", KubernetesNodeJson()},
          {"kubernetes-json", KubernetesListJson()},
          {"dcgm-exporter", DcgmText()}};
}

}  // namespace weighbridge::testing
