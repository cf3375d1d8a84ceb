#include "scanner/accelerators/inventory.h"

#include <doctest/doctest.h>

#include "tests/support/device_text.h"
#include "tests/support/inventory_samples.h"

using namespace weighbridge;
using namespace weighbridge::testing;

namespace {

using Texts = std::vector<std::string>;

HostInventory Read(const std::string& text) {
  Result<HostInventory> inventory = ReadInventory(text, {"file", {}});
  REQUIRE_MESSAGE(inventory.ok(), inventory.error().message);
  return std::move(inventory).value();
}

Texts Messages(const HostInventory& inventory) {
  Texts texts;
  for (const Diagnostic& diagnostic : inventory.diagnostics) texts.push_back(diagnostic.message);
  return texts;
}

std::string Kind(const std::string& text) { return InventoryKind(AsBytes(text)).value_or("none"); }

}  // namespace

TEST_CASE("every sample is told by content, and reads without complaint") {
  for (const InventorySample& sample : InventorySamples()) {
    CAPTURE(sample.kind);
    CHECK(Kind(sample.text) == sample.kind);
    CHECK(Kind("\xEF\xBB\xBF" + sample.text) == sample.kind);
    const HostInventory inventory = Read(sample.text);
    CHECK_FALSE(inventory.devices.empty());
    CHECK(Messages(inventory) == Texts{});
  }
}

TEST_CASE("other files are no inventories") {
  const Texts others = {
      "",
      "\n\n",
      "name\nAlice\nBob\n",
      "index, name\n0, Alice\n",
      "uuid,name\n1,2\n",
      "pid, process_name, used_gpu_memory [MiB], gpu_uuid\n1, python, 5 MiB, GPU-a\n",
      "{\"card0\": {\"suit\": \"hearts\"}}",
      "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}",
      "{\"apiVersion\": \"apps/v1\", \"kind\": \"Node\"}",
      "{\"id\": 1, \"class\": \"x\"}",
      "{\"model_type\": \"llama\", \"architectures\": [\"LlamaForCausalLM\"]}",
      "<?xml version=\"1.0\"?><html/>",
      "17:00.0 hello: world of tables\n",
      "12:30:15 INFO: started\n",
      "| a | b |\n|---|---|\n",
      "GPU 0: is what we tested on\n",
      "# The DCGM_FI_ prefix\n",
      std::string("GPU 0: X (UUID: GPU-a)\n\0", 24),
  };
  for (const std::string& text : others) {
    CAPTURE(text);
    CHECK(Kind(text) == "none");
    const auto inventory = ReadInventory(text, {"file", {}});
    REQUIRE_FALSE(inventory.ok());
    CHECK(inventory.error().message == "not a known inventory of accelerators");
  }
}

TEST_CASE("lspci -nn, with details and unnamed devices") {
  CHECK(DeviceTexts(Read(LspciText()).devices) ==
        Texts{"lspci at=0000:07:00.0 pci=1d94:62b7 class=0b40 product=Chengdu Haiguang IC Design "
              "Co., Ltd. KONGMING pci:revision=01",
              "lspci at=0000:15:00.0 pci=1e3e:0002 class=1200",
              "lspci at=0000:17:00.0 pci=10de:2330 sub=10de:16c1 class=0302 product=GH100 [H100 "
              "SXM5 80GB] driver=nvidia pci:revision=a1",
              "lspci at=0000:53:00.0 pci=1d22:3684 class=0780",
              "lspci at=10000:e1:00.0 pci=1002:740f class=0380 product=Aldebaran "
              "pci:revision=02"});
}

TEST_CASE("lspci without names or without ids") {
  CHECK(DeviceTexts(
            Read("17:00.0 0302: 10de:2330 (rev a1)\n03:00.0 0300: 1a03:2000 (rev 52)\n").devices) ==
        Texts{"lspci at=0000:17:00.0 pci=10de:2330 class=0302 pci:revision=a1"});
  CHECK(DeviceTexts(Read("17:00.0 3D controller: NVIDIA Corporation GH100 [H100 SXM5 80GB] (rev "
                         "a1)\n03:00.0 VGA compatible controller: ASPEED Technology, Inc. ASPEED "
                         "Graphics Family (rev 52)\n")
                        .devices) ==
        Texts{"lspci at=0000:17:00.0 class=0302 vendor=NVIDIA Corporation product=GH100 [H100 SXM5 "
              "80GB] pci:revision=a1"});
  CHECK(Messages(Read("17:00.0 0302: 10de:2330\npcilib: Cannot open /proc/bus/pci\n")) ==
        Texts{"line 2: not a function of lspci"});
}

TEST_CASE("lspci -nnvvxxx: details and dumps between the functions") {
  const HostInventory inventory = Read(
      "0000:17:00.0 3D controller [0302]: NVIDIA Corporation Device [10de:2329] (rev a1)\n"
      "\tSubsystem: NVIDIA Corporation Device [10de:198b]\n"
      "\tCapabilities: [60] Power Management version 3\n"
      "00: de 10 29 23 07 04 10 00 a1 00 02 03 00 00 00 00\n"
      "100: 02 00 41 16 00 00 00 00 00 00 00 00 00 00 00 00\n\n"
      "0000:18:00.0 VGA compatible controller [0300]: Intel Corporation DG2 [Arc A770] "
      "[8086:56a0] (rev 08) (prog-if 00 [VGA controller])\n"
      "\tSubsystem: Device [1849:6010]\n\tKernel driver in use: i915\n");
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"lspci at=0000:17:00.0 pci=10de:2329 sub=10de:198b class=0302 pci:revision=a1",
              "lspci at=0000:18:00.0 pci=8086:56a0 sub=1849:6010 class=030000 product=DG2 [Arc "
              "A770] driver=i915 pci:revision=08"});
  CHECK(Messages(inventory) == Texts{});
}

TEST_CASE("lspci -nnmm, -mm and -n -mm") {
  CHECK(DeviceTexts(Read(LspciMachineText()).devices) ==
        Texts{"lspci-machine at=0000:41:00.0 pci=10de:20f1 sub=10de:145f class=0302 vendor=NVIDIA "
              "Corporation product=GA100 [A100 PCIe 40GB] pci:revision=a1",
              "lspci-machine at=0000:c1:00.0 pci=19e5:d802 sub=19e5:3003 class=1200 vendor=Huawei "
              "Technologies Co., Ltd. pci:revision=20 lspci:subsystem=A \"quoted\" name"});
  CHECK(DeviceTexts(
            Read("41:00.0 \"0302\" \"10de\" \"20f1\" -ra1 -p00 \"10de\" \"145f\"\n"
                 "42:00.0 \"3D controller\" \"NVIDIA Corporation\" \"GH100 [H100]\" \"\" \"\"\n")
                .devices) ==
        Texts{"lspci-machine at=0000:41:00.0 pci=10de:20f1 sub=10de:145f class=030200 "
              "pci:revision=a1",
              "lspci-machine at=0000:42:00.0 class=0302 vendor=NVIDIA Corporation product=GH100 "
              "[H100]"});
  CHECK(Messages(Read("41:00.0 \"0302\" \"10de\" \"20f1\"\n42:00.0 \"0302\" \"10de\n")) ==
        Texts{"line 2: not a function of lspci -mm"});
}

TEST_CASE("lspci -vmm records") {
  const std::string expected =
      "lspci-records at=0001:c1:00.0 pci=1002:74a1 sub=1002:74a1 class=1200 vendor=Advanced Micro "
      "Devices, Inc. [AMD/ATI] product=Aqua Vanjaram [Instinct MI300X] driver=amdgpu";
  CHECK(DeviceTexts(Read(LspciRecordsText()).devices) == Texts{expected});
  CHECK(Messages(Read(LspciRecordsText() + "Slot:\tzz\nClass:\t3D controller [0302]\n")) ==
        Texts{"line 17: slot \"zz\" is not a PCI address"});
}

TEST_CASE("nvidia-smi -q -x") {
  const HostInventory inventory = Read(NvidiaSmiXml());
  const auto gpu = [](const std::string& bus, const std::string& lower, const std::string& mig) {
    return "nvidia-smi-xml at=0000:" + lower +
           ":00.0 pci=10de:2330 sub=10de:16c1 class=0302 vendor=NVIDIA product=NVIDIA H100 80GB "
           "HBM3 "
           "mem=85520809984 driver=nvidia driver-version=535.129.03 fw=96.00.61.00.01 "
           "serial=16524230" +
           bus + " uuid=GPU-" + bus +
           " nvidia-smi:cuda-version=12.2 nvidia-smi:product-brand=NVIDIA "
           "nvidia-smi:product-architecture=Hopper nvidia-smi:mig-mode=" +
           mig + " nvidia-smi:part-number=2330-885-A1";
  };
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{gpu("17", "17", "Disabled"), gpu("2A", "2a", "Enabled")});
  CHECK(SoftwareTexts(inventory.software) ==
        Texts{"device-driver NVIDIA kernel module 535.129.03"});
}

TEST_CASE("warnings before the XML are stepped over") {
  CHECK(
      Read("WARNING: infoROM is corrupted at gpu 0000:17:00.0\n" + NvidiaSmiXml()).devices.size() ==
      2);
}

TEST_CASE("hostile XML is refused where it starts to be") {
  struct Row {
    std::string body;
    std::string message;
  };
  const std::string head = "<!DOCTYPE nvidia_smi_log SYSTEM \"x.dtd\"><nvidia_smi_log>";
  std::string nested = head;
  for (int i = 0; i < 100; ++i) nested += "<a>";
  const Row rows[] = {
      {"<!DOCTYPE nvidia_smi_log [<!ENTITY a \"b\">]><nvidia_smi_log>",
       "at byte 0: a document type with declarations of its own"},
      {head + "&lol;</nvidia_smi_log>", "at byte 56: unknown entity \"lol\""},
      {head + "&aaaaaaaaaaaaaaaaaaaaaaaaaa", "at byte 56: \"&\" without \";\""},
      {head + "&#1114112;</nvidia_smi_log>", "at byte 56: unknown entity \"#1114112\""},
      {nested, "at byte 247: elements nested deeper than 64"},
      {head + "</gpu>", "at byte 61: end tag \"gpu\" closes no element"},
      {head + "<gpu id=1>", "at byte 64: attribute without a quoted value"},
      {head + "<gpu", "at byte 60: the text ends inside a tag"},
      {head + "<gpu>", "at byte 61: the text ends inside <gpu>"},
      {head + "<!-- no end", "at byte 56: no \"-->\" follows"},
      {head + "< >", "at byte 57: \"<\" without a name"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    CHECK(Messages(Read(row.body)) == Texts{row.message});
  }
}

TEST_CASE("query output as CSV: ids, units, repeated rows") {
  const HostInventory inventory = Read(NvidiaSmiCsv());
  const std::string rest =
      " pci=10de:2329 sub=10de:19b1 vendor=NVIDIA product=NVIDIA H20 arch=sm_90 mem=102625181696 "
      "driver=nvidia driver-version=550.54.14";
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"nvidia-smi-csv at=0000:01:00.0" + rest + " uuid=GPU-a",
              "nvidia-smi-csv at=10000:02:00.0" + rest + " serial=1650 uuid=GPU-b"});
  CHECK(DeviceTexts(Read("name\nNVIDIA H100 PCIe\nNVIDIA H100 PCIe\n").devices) ==
        Texts{"nvidia-smi-csv vendor=NVIDIA product=NVIDIA H100 PCIe driver=nvidia",
              "nvidia-smi-csv vendor=NVIDIA product=NVIDIA H100 PCIe driver=nvidia"});
  CHECK(DeviceTexts(Read("timestamp, name, utilization.gpu [%]\n2026/11/24 1:2:3, Tesla T4, 5 %\n")
                        .devices) ==
        Texts{"nvidia-smi-csv vendor=NVIDIA product=Tesla T4 partitioned driver=nvidia"});
  CHECK(DeviceTexts(
            Read("index, memory.total, uuid, driver_version\n0, 16384, GPU-x, [N/A]\n").devices) ==
        Texts{"nvidia-smi-csv vendor=NVIDIA mem=17179869184 driver=nvidia uuid=GPU-x"});
  CHECK(DeviceTexts(Read("index, module_id, bus_id, name\n0, 3, 0000:33:00.0, HL-225\n").devices) ==
        Texts{"hl-smi-csv at=0000:33:00.0 vendor=Habana product=HL-225 driver=habanalabs "
              "habanalabs:module-id=3"});
  CHECK(DeviceTexts(Read("name, uuid, temperature.aip\nHL-328, 01P0, 30 C\n").devices) ==
        Texts{"hl-smi-csv vendor=Habana product=HL-328 driver=habanalabs uuid=01P0"});
  CHECK(Messages(Read("name, uuid, driver_version\nNVIDIA H20, GPU-a\nx, y, z, w\n")) ==
        Texts{"line 2: 2 values under 3 names", "line 3: 4 values under 3 names"});
}

TEST_CASE("nvidia-smi -L: slices are claims of their GPU") {
  CHECK(DeviceTexts(Read(NvidiaSmiList()).devices) ==
        Texts{"nvidia-smi-list vendor=NVIDIA product=NVIDIA A100-SXM4-40GB driver=nvidia "
              "uuid=GPU-a nvidia-smi:mig-slice=1g.5gb nvidia-smi:mig-slice=2g.10gb",
              "nvidia-smi-list vendor=NVIDIA product=NVIDIA A100-SXM4-40GB driver=nvidia "
              "uuid=GPU-b"});
  CHECK(Messages(Read("GPU 0: X (UUID: GPU-a)\nFailed to initialize NVML\n")) ==
        Texts{"line 2: not a line of nvidia-smi -L"});
}

TEST_CASE("rocm-smi --json: partitions joined, only AMD's own called AMD") {
  const HostInventory inventory = Read(RocmSmiJson());
  CHECK(
      DeviceTexts(inventory.devices) ==
      Texts{"rocm-smi-json at=0000:08:00.0 pci=1002:74a1 sub=:74a1 vendor=Advanced Micro Devices, "
            "Inc. [AMD/ATI] product=AMD Instinct MI300X arch=gfx942 mem=206141652992 "
            "fw=113-M3000100-102 serial=6922 uuid=2cf5be8bf7ae6c30 rocm-smi:sku=M3000100 "
            "rocm-smi:further-partition=card1",
            "rocm-smi-json at=0000:09:00.0 pci=:6210 product=DCU K100_AI arch=gfx928"});
  CHECK(SoftwareTexts(inventory.software) == Texts{"device-driver amdgpu kernel module 6.7.0"});
}

TEST_CASE("rocm-smi: what the card model is depends on the release") {
  struct Row {
    const char* card;
    const char* expected;
  };
  const Row rows[] = {
      {"\"Device ID\": \"0x738c\", \"Card series\": \"Arcturus GL-XL [Instinct MI100]\", \"Card "
       "model\": \"0x0c34\"",
       "rocm-smi-json pci=1002:738c sub=:0c34 product=Arcturus GL-XL [Instinct MI100]"},
      {"\"GPU ID\": \"0x740c\", \"Card series\": \"AMD INSTINCT MI250\", \"Card model\": "
       "\"0x0b0c\"",
       "rocm-smi-json pci=1002:740c sub=:0b0c product=AMD INSTINCT MI250"},
      {"\"Card Series\": \"AMD Radeon RX 9070 XT\", \"Card Model\": \"0x7550\", \"GFX Version\": "
       "\"gfx1201\"",
       "rocm-smi-json pci=1002:7550 product=AMD Radeon RX 9070 XT arch=gfx1201"},
      {"\"Card series\": \"AMD INSTINCT MI250\", \"Card model\": \"0x0b0c\"",
       "rocm-smi-json sub=:0b0c product=AMD INSTINCT MI250"},
  };
  for (const Row& row : rows) {
    CHECK(DeviceTexts(Read("{\"card0\": {" + std::string(row.card) + "}}").devices) ==
          Texts{row.expected});
  }
}

TEST_CASE("rocm-smi: a secondary die belongs to the card before it") {
  const std::string rest =
      "\"Card Series\": \"AMD INSTINCT MI250\", \"Card Model\": \"0x740c\", "
      "\"Subsystem ID\": \"0x0b0c\", \"GFX Version\": \"gfx9010\"}";
  const std::string first = "{\"Average Graphics Package Power (W)\": \"101.0\", " + rest;
  const std::string second =
      "{\"Average Graphics Package Power (W)\": \"N/A (Secondary die)\", " + rest;
  const std::string expected =
      "rocm-smi-json pci=1002:740c sub=:0b0c product=AMD INSTINCT MI250 arch=gfx90a "
      "rocm-smi:further-die=card";
  CHECK(DeviceTexts(Read("{\"card10\": " + first + ", \"card11\": " + second +
                         ", \"card2\": " + first + ", \"card3\": " + second + "}")
                        .devices) == Texts{expected + "3", expected + "11"});
}

TEST_CASE("rocm-smi: two dies of one package") {
  CHECK(DeviceTexts(Read("{\"card0\": {\"Card series\": \"AMD INSTINCT MI250\", \"Unique ID\": "
                         "\"0x719d\", \"PCI Bus\": \"0000:31:00.0\", \"VRAM Total Memory (B)\": "
                         "\"100\"}, \"card1\": {\"Unique ID\": \"0x719d\", \"PCI Bus\": "
                         "\"0000:34:00.0\", \"VRAM Total Memory (B)\": \"100\"}}")
                        .devices) ==
        Texts{"rocm-smi-json at=0000:31:00.0 product=AMD INSTINCT MI250 mem=200 uuid=719d "
              "rocm-smi:further-die=card1"});
}

TEST_CASE("amd-smi static, text and JSON") {
  CHECK(DeviceTexts(Read(AmdSmiText()).devices) ==
        Texts{"amd-smi at=0000:0c:00.0 pci=1002:74a2 sub=1002:74a2 vendor=Advanced Micro Devices "
              "Inc. [AMD/ATI] product=MI308X arch=gfx942 mem=206141652992 driver=amdgpu "
              "driver-version=6.10.5 fw=022.040.003 uuid=3e2dbe8bf7ae6c31 amd-smi:compute-units=20 "
              "amd-smi:compute-partition=CPX amd-smi:further-partition=1"});
  CHECK(DeviceTexts(Read(AmdSmiJson()).devices) ==
        Texts{"amd-smi at=0000:05:00.0 pci=1002:74a5 sub=1002:74a5 product=AMD Instinct MI325X "
              "arch=gfx942 mem=274861129728 driver=amdgpu driver-version=6.12.12 uuid=a1 "
              "amd-smi:compute-units=304"});
}

TEST_CASE("amd-smi on a processor: no serial number, firmware under its newer name") {
  CHECK(DeviceTexts(Read("GPU: 0\n    ASIC:\n        MARKET_NAME: AMD Radeon Graphics\n"
                         "        VENDOR_ID: 0x1002\n        DEVICE_ID: 0x150e\n"
                         "        ASIC_SERIAL: 0x0000000000000000\n    BUS:\n"
                         "        BDF: 0000:c5:00.0\n    IFWI:\n        VERSION: 023.010\n"
                         "    LIMIT:\n        PPT0:\n            MAX_POWER_LIMIT: N/A\n")
                        .devices) ==
        Texts{"amd-smi at=0000:c5:00.0 pci=1002:150e product=AMD Radeon Graphics fw=023.010"});
}

TEST_CASE("npu-smi info: two rows a chip, processes left out") {
  const HostInventory inventory = Read(NpuSmi());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"npu-smi at=0000:c1:00.0 vendor=Huawei product=910B1 mem=68719476736 npu-smi:npu=0 "
              "npu-smi:chip=0",
              "npu-smi at=0000:01:00.0 vendor=Huawei product=910B1 mem=68719476736 npu-smi:npu=1 "
              "npu-smi:chip=0"});
  // The older table, and two chips of one module.
  CHECK(DeviceTexts(Read("  | npu-smi 22.0.0    Version:22.0.2 |\n"
                         "  | NPU     Name      | Health          | Power(W)   |\n"
                         "  | Chip    Device    | Bus-Id          | AICore(%)  Memory-Usage(MB) |\n"
                         "  | 0       310P3     | OK              | 16.2  42   0    / 0 |\n"
                         "  | 0       0         | 0000:86:00.0    | 0     994  / 21534  |\n"
                         "  | 0       Ascend910 | OK              | -     36   0    / 0 |\n"
                         "  | 1       1         | 0000:9F:00.0    | 0     0    / 0 3189/ 65536 |\n")
                        .devices) ==
        Texts{"npu-smi at=0000:86:00.0 vendor=Huawei product=310P3 mem=22580035584 npu-smi:npu=0 "
              "npu-smi:chip=0",
              "npu-smi at=0000:9f:00.0 vendor=Huawei product=Ascend910 mem=68719476736 "
              "npu-smi:npu=0 npu-smi:chip=1"});
  CHECK(SoftwareTexts(inventory.software) == Texts{"device-driver Ascend NPU driver 23.0.2.1"});
  CHECK(Messages(Read("| npu-smi 23 |\n| 0  | 0000:C1:00.0 | 0 | 1 / 2 |\n")) ==
        Texts{"line 2: a chip without the row of its name"});
}

TEST_CASE("lshw -json") {
  CHECK(DeviceTexts(Read(LshwJson()).devices) ==
        Texts{"lshw-json host=node7 at=0000:17:00.0 pci=10de:2330 class=0302 vendor=NVIDIA "
              "Corporation product=GH100 [H100 SXM5 80GB] driver=nvidia pci:revision=a1",
              "lshw-json host=node7 at=0000:33:00.0 class=1200 vendor=Habana Labs Ltd. "
              "product=Gaudi2"});
  const std::string element =
      "{ \"id\" : \"display\", \"class\" : \"display\", \"claimed\" : true, \"description\" : \"3D "
      "controller\", \"product\" : \"GH100 [10DE:2330]\", \"businfo\" : \"pci@0000:17:00.0\" }";
  const std::string expected = "lshw-json at=0000:17:00.0 pci=10de:2330 class=0302 product=GH100";
  CHECK(DeviceTexts(Read("[" + element + "]").devices) == Texts{expected});
  CHECK(DeviceTexts(Read("\n   " + element).devices) == Texts{expected});
  CHECK(DeviceTexts(Read(element + ",\n" + element + ",\n").devices) == Texts{expected, expected});
}

TEST_CASE("Kubernetes nodes") {
  CHECK(DeviceTexts(Read(KubernetesNodeJson()).devices) ==
        Texts{"kubernetes-json host=gpu-1 vendor=NVIDIA product=A100-SXM4-40GB arch=sm_80 "
              "mem=42949672960 count=8 driver=nvidia driver-version=535.129.03 "
              "label:nvidia.com/gpu.product=A100-SXM4-40GB label:nvidia.com/gpu.family=ampere "
              "label:nvidia.com/gpu.machine=DGX-A100"});
  CHECK(
      DeviceTexts(Read(KubernetesListJson()).devices) ==
      Texts{"kubernetes-json host=shared vendor=NVIDIA product=NVIDIA-A10 partitioned "
            "driver=nvidia label:nvidia.com/gpu.product=NVIDIA-A10-SHARED "
            "label:nvidia.com/gpu.replicas=4",
            "kubernetes-json host=mig vendor=NVIDIA product=A100-SXM4-40GB count=56 partitioned "
            "driver=nvidia label:nvidia.com/gpu.product=A100-SXM4-40GB-MIG-1g.5gb",
            "kubernetes-json host=amd pci=1002:74a1 vendor=AMD product=AMD_Instinct_MI300X_OAM "
            "mem=206158430208 count=8 driver=amdgpu label:amd.com/gpu.cu-count=304",
            "kubernetes-json host=ascend vendor=Huawei product=910B3 count=8 "
            "label:accelerator=huawei-Ascend910 kubernetes:resource=huawei.com/Ascend910",
            "kubernetes-json host=vnpu vendor=Huawei product=Ascend310P-4c count=2 partitioned "
            "kubernetes:resource=huawei.com/Ascend310P-4c",
            "kubernetes-json host=neuron vendor=AWS count=16 "
            "kubernetes:resource=aws.amazon.com/neuron "
            "label:node.kubernetes.io/instance-type=trn1.32xlarge",
            "kubernetes-json host=mlu vendor=Cambricon product=mlu370 count=4 "
            "kubernetes:resource=cambricon.com/mlu370",
            "kubernetes-json host=mlu count=2 kubernetes:resource=example.com/npu",
            "kubernetes-json host=nfd pci=1da3: class=1200 "
            "label=feature.node.kubernetes.io/pci-1200_1da3.present !the label says that there is "
            "one or more, not how many"});
}

TEST_CASE("DCGM exporter: identifiers are counted, not lines") {
  const HostInventory inventory = Read(DcgmText());
  CHECK(DeviceTexts(inventory.devices) ==
        Texts{"dcgm-exporter host=n1 at=0000:17:00.0 vendor=NVIDIA product=NVIDIA H800 "
              "mem=85520809984 driver=nvidia driver-version=535.1 uuid=GPU-0",
              "dcgm-exporter host=n1 at=0000:2a:00.0 vendor=NVIDIA product=NVIDIA H800 "
              "mem=85520809984 driver=nvidia driver-version=535.1 uuid=GPU-1",
              "dcgm-exporter host=n2 vendor=NVIDIA product=A \"b\" driver=nvidia"});
  CHECK(Messages(Read("DCGM_FI_DEV_SM_CLOCK{gpu=\"0\" 5\n")) ==
        Texts{"line 1: the labels do not end"});
}

TEST_CASE("limits: devices, bytes, diagnostics, values") {
  std::string list;
  for (int i = 0; i < 100'001; ++i)
    list += "GPU " + std::to_string(i) + ": X (UUID: GPU-" + std::to_string(i) + ")\n";
  const HostInventory many = Read(list);
  CHECK(many.devices.size() == kMaxInventoryDevices);
  CHECK(Messages(many) == Texts{"more than 100000 devices; the rest not read"});

  std::string odd = "GPU 0: " + std::string(5000, 'x') + " (UUID: GPU-a)\n";
  for (int i = 0; i < 1000; ++i) odd += "odd\n";
  const HostInventory noisy = Read(odd);
  CHECK(noisy.diagnostics.size() == 100);
  CHECK(noisy.devices[0].product.size() == 256);

  const auto huge = ReadInventory(std::string(kMaxInventoryBytes + 1, ' '), {"file", {}});
  REQUIRE_FALSE(huge.ok());
  CHECK(huge.error().message == "an inventory of 67108865 bytes, limit 67108864");
}

TEST_CASE("every prefix and every flipped byte is survived, and invents no device") {
  for (const InventorySample& sample : InventorySamples()) {
    CAPTURE(sample.kind);
    const std::size_t whole = Read(sample.text).devices.size();
    for (std::size_t size = 0; size < sample.text.size(); ++size) {
      const auto inventory = ReadInventory(sample.text.substr(0, size), {"file", {}});
      // The identifier of the last one may be cut, and then tells it from its like.
      if (inventory.ok()) CHECK(inventory.value().devices.size() <= whole + 1);
    }
    std::string text = sample.text;
    for (char& c : text) {
      const char kept = c;
      c = static_cast<char>(c ^ 0x41);
      const auto inventory = ReadInventory(text, {"file", {}});
      if (inventory.ok()) CHECK(inventory.value().devices.size() <= whole + 2);
      c = kept;
    }
  }
}
