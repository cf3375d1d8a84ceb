// CycloneDX components of accelerators (type device) and of a host's drivers and firmware
// (types device-driver, firmware).
#pragma once

#include "sbom/cyclonedx_component.h"

namespace weighbridge {

OrderedJson DeviceComponent(const Report& report, const Accelerator& accelerator,
                            const FindingIndex& findings, RefBook& refs);
OrderedJson SoftwareComponent(const HostSoftware& software, RefBook& refs);

}  // namespace weighbridge
