#include "scanner/accelerators/pci_roles.h"

#include <doctest/doctest.h>

using namespace weighbridge;

TEST_CASE("which PCI functions are accelerators") {
  struct Row {
    const char* what;
    const char* vendor;
    const char* device;
    const char* class_code;
    PciRole role;
  };
  constexpr PciRole kYes = PciRole::kAccelerator;
  constexpr PciRole kNo = PciRole::kNone;
  const Row rows[] = {
      {"H100", "10de", "2330", "030200", kYes},
      {"GeForce", "10de", "2684", "030000", kYes},
      {"its audio", "10de", "22ba", "040300", kNo},
      {"its USB", "10de", "1ad6", "0c0330", kNo},
      {"NVSwitch", "10de", "22a3", "068000", PciRole::kFabric},
      {"Grace root port", "10de", "22b1", "060400", kNo},
      {"MI210", "1002", "740f", "038000", kYes},
      {"MI300X", "1002", "74a1", "120000", kYes},
      {"ES1000 console", "1002", "515e", "030000", kNo},
      {"AMD encryption", "1022", "1486", "108000", kNo},
      {"Intel Max", "8086", "0bd5", "038000", kYes},
      {"Intel NPU", "8086", "7d1d", "120000", kYes},
      {"Intel QAT", "8086", "4940", "0b4000", kNo},
      {"Gaudi 2", "1da3", "1020", "120000", kYes},
      {"Ascend 910B", "19e5", "d802", "120000", kYes},
      {"Ascend, class unknown", "19e5", "d801", "", kYes},
      {"Kunpeng ZIP", "19e5", "a250", "120000", kNo},
      {"Huawei iBMC", "19e5", "1711", "030000", kNo},
      {"Huawei network", "19e5", "0222", "020000", kNo},
      {"Hygon K100", "1d94", "62b7", "0b4000", kYes},
      {"Hygon encryption", "1d94", "1456", "108000", kNo},
      {"Kunlun K200", "1d22", "3684", "078000", kYes},
      {"Cambricon", "cabc", "0370", "120000", kYes},
      {"Moore Threads", "1ed5", "0323", "030000", kYes},
      {"Moore Threads audio", "1ed5", "03ff", "040300", kNo},
      {"Trainium", "1d0f", "7164", "088000", kYes},
      {"EC2 console", "1d0f", "1111", "030000", kNo},
      {"EC2 network", "1d0f", "ec20", "020000", kNo},
      {"TPU v5p", "1ae0", "0062", "ff0000", kYes},
      {"gVNIC", "1ae0", "0042", "020000", kNo},
      {"Cloud AI 100", "17cb", "a100", "120000", kYes},
      {"Qualcomm root port", "17cb", "010e", "060400", kNo},
      {"ASPEED", "1a03", "2000", "030000", kNo},
      {"Matrox", "102b", "0536", "030000", kNo},
      {"virtio", "1af4", "1050", "038000", kNo},
      {"VMware", "15ad", "0405", "030000", kNo},
      {"QXL", "1b36", "0100", "030000", kNo},
      {"Cirrus", "1013", "00b8", "030000", kNo},
      {"Hyper-V", "1414", "008e", "030200", kNo},
      {"Pensando", "1dd8", "100c", "120000", kNo},
      {"unknown maker, class 1200", "abcd", "0001", "120000", kYes},
      {"unknown maker, class 0302", "abcd", "0001", "030200", kYes},
      {"unknown maker, class 0b40", "abcd", "0001", "0b4000", kYes},
      {"unknown maker, VGA", "abcd", "0001", "030000", kNo},
      {"nothing", "", "", "", kNo},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    PciIds ids;
    ids.vendor = row.vendor;
    ids.device = row.device;
    ids.class_code = row.class_code;
    CHECK(RoleOf(ids) == row.role);
  }
}

TEST_CASE("the same from words") {
  CHECK(RoleOfWords("3D controller", "NVIDIA Corporation GH100") == PciRole::kAccelerator);
  CHECK(RoleOfWords("Display controller", "Advanced Micro Devices, Inc. [AMD/ATI] Aldebaran") ==
        PciRole::kAccelerator);
  CHECK(RoleOfWords("Processing accelerators", "Habana Labs Ltd. Gaudi") == PciRole::kAccelerator);
  CHECK(RoleOfWords("Processing accelerators",
                    "Huawei Technologies Co., Ltd. HiSilicon ZIP "
                    "Engine") == PciRole::kNone);
  CHECK(RoleOfWords("VGA compatible controller", "Matrox Electronics Systems Ltd. G200eR2") ==
        PciRole::kNone);
  CHECK(RoleOfWords("VGA compatible controller", "Advanced Micro Devices, Inc. [AMD/ATI] ES1000") ==
        PciRole::kNone);
  CHECK(RoleOfWords("Ethernet controller", "NVIDIA Corporation") == PciRole::kNone);
}
