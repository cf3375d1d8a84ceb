// One parser per kind of inventory, and how each is told from its first bytes. A parser
// reads what it can and leaves word of the rest in the sink.
#pragma once

#include <string_view>

#include "scanner/accelerators/inventory_sink.h"
#include "scanner/base/json.h"

namespace weighbridge {

// lspci -nn and -n, with what -v and -k add (pciutils, lspci.c).
bool IsLspci(std::string_view head);
void ParseLspci(std::string_view text, InventorySink& sink);
// lspci -mm: quoted fields, a line each (pciutils, lspci.8 "Machine readable output").
bool IsLspciMachine(std::string_view head);
void ParseLspciMachine(std::string_view text, InventorySink& sink);
// lspci -vmm: "Slot:" records.
bool IsLspciRecords(std::string_view head);
void ParseLspciRecords(std::string_view text, InventorySink& sink);
// nvidia-smi -q -x.
bool IsNvidiaSmiXml(std::string_view head);
void ParseNvidiaSmiXml(std::string_view text, InventorySink& sink);
// nvidia-smi --query-gpu=... --format=csv and hl-smi -Q ... -f csv, with their header.
bool IsSmiCsv(std::string_view head);
void ParseSmiCsv(std::string_view text, InventorySink& sink);
// nvidia-smi -L.
bool IsNvidiaSmiList(std::string_view head);
void ParseNvidiaSmiList(std::string_view text, InventorySink& sink);
// npu-smi info: the bordered table.
bool IsNpuSmi(std::string_view head);
void ParseNpuSmi(std::string_view text, InventorySink& sink);
// DCGM exporter: Prometheus text format.
bool IsDcgm(std::string_view head);
void ParseDcgm(std::string_view text, InventorySink& sink);
// amd-smi static, as indented text.
bool IsAmdSmiText(std::string_view head);
void ParseAmdSmiText(std::string_view text, InventorySink& sink);

// The kinds in JSON share one bounded reading of the document.
bool IsRocmSmiJson(std::string_view head);
void ParseRocmSmiJson(const Json& document, InventorySink& sink);
bool IsAmdSmiJson(std::string_view head);
void ParseAmdSmiJson(const Json& document, InventorySink& sink);
bool IsLshwJson(std::string_view head);
void ParseLshwJson(const Json& document, InventorySink& sink);
bool IsKubernetesJson(std::string_view head);
void ParseKubernetesJson(const Json& document, InventorySink& sink);

// Whether `"name"` occurs as a key, and with which string value.
bool HasJsonKey(std::string_view head, std::string_view name);
bool HasJsonPair(std::string_view head, std::string_view name, std::string_view value);

}  // namespace weighbridge
