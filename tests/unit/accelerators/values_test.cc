#include "scanner/accelerators/values.h"

#include <doctest/doctest.h>

using namespace weighbridge;

TEST_CASE("PCI addresses are written one way") {
  struct Row {
    const char* text;
    const char* address;
  };
  const Row rows[] = {{"0000:17:00.0", "0000:17:00.0"},
                      {"17:00.0", "0000:17:00.0"},
                      {"00000000:C1:00.0", "0000:c1:00.0"},
                      {"10000:e1:00.0", "10000:e1:00.0"},
                      {"00010000:E1:1F.7", "10000:e1:1f.7"},
                      {" 0000:17:00.0\n", "0000:17:00.0"},
                      {"0000:17:20.0", ""},
                      {"0000:17:00.8", ""},
                      {"0000:17:00", ""},
                      {"000:17:00.0", ""},
                      {"123456789:17:00.0", ""},
                      {"0000:1:00.0", ""},
                      {"0000:1g:00.0", ""},
                      {":17:00.0", ""},
                      {"0000:17:00.0/..", ""},
                      {"", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(PciAddress(row.text) == row.address);
  }
}

TEST_CASE("ids, classes, capabilities and memory") {
  CHECK(PciId("0x10DE\n") == "10de");
  CHECK(PciId("10de") == "10de");
  CHECK(PciId("0x0000d802") == "d802");
  CHECK(PciId("0x10de2330") == "");
  CHECK(PciId("ffff0") == "");
  CHECK(PciId("xyzw") == "");
  CHECK(PciClass("0x030200") == "030200");
  CHECK(PciClass("0B40") == "0b40");
  CHECK(PciClass("0x3020") == "3020");
  CHECK(PciClass("30200") == "");
  std::string device, vendor;
  CHECK(SplitCombinedId("0x233010DE", &device, &vendor));
  CHECK(device == "2330");
  CHECK(vendor == "10de");
  CHECK_FALSE(SplitCombinedId("0x2330", &device, &vendor));
  CHECK(SmArchitecture("9.0") == "sm_90");
  CHECK(SmArchitecture("12.1") == "sm_121");
  CHECK(SmArchitecture("9.") == "");
  CHECK(SmArchitecture("9") == "");
  CHECK(GfxArchitecture(90402) == "gfx942");
  CHECK(GfxArchitecture(90010) == "gfx90a");
  CHECK(GfxArchitecture(120001) == "gfx1201");
  CHECK(GfxArchitecture(0) == "");
  CHECK(MemoryBytes("81559 MiB") == 81559ULL << 20);
  CHECK(MemoryBytes("192G") == 192ULL << 30);
  CHECK(MemoryBytes("206141652992") == 206141652992ULL);
  CHECK(MemoryBytes("65536", 1ULL << 20) == 65536ULL << 20);
  CHECK(MemoryBytes("18446744073709551615 GiB") == 0);
  CHECK(MemoryBytes("many") == 0);
  CHECK(Stated(" [N/A] ") == "");
  CHECK(Stated("Not Supported") == "");
  CHECK(Clip(std::string(300, 'a')).size() == kMaxValueBytes);
  CHECK(Clip(std::string(255, 'a') + "\xc3\xa9").size() == 255);
}

TEST_CASE("the last bracket pair of a name") {
  const auto one = LastBracket("GA100 [A100 PCIe 40GB] [20f1]");
  REQUIRE(one.has_value());
  CHECK(one->text == "GA100 [A100 PCIe 40GB]");
  CHECK(one->bracket == "20f1");
  CHECK_FALSE(LastBracket("GA100 [A100] x").has_value());
  CHECK_FALSE(LastBracket("]").has_value());
}
