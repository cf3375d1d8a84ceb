// Accelerators in the native report.
#pragma once

#include "sbom/document.h"

namespace weighbridge {

OrderedJson NativeAccelerator(const Report& report, const Accelerator& accelerator);
OrderedJson NativeProduct(const AcceleratorProduct& product);
OrderedJson NativeAcceleratorHost(const AcceleratorHost& host);
OrderedJson NativeSoftware(const HostSoftware& software);

}  // namespace weighbridge
