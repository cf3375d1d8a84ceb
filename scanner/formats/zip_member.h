// Bytes of one zip member, stored or deflated, up to a cap.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "scanner/source/byte_source.h"
#include "scanner/source/zip_directory.h"
#include "weighbridge/result.h"

namespace weighbridge {

// The first max_bytes of a member. kUnsupported when it is encrypted, of another
// method, or its data were not located.
Result<std::vector<std::uint8_t>> ReadZipMember(const ByteSource& source, const ZipEntry& entry,
                                                std::size_t max_bytes);

// A member as a source: a slice of the archive when stored, else inflated into
// memory up to max_bytes. `whole` must outlive it. nullptr as ReadZipMember fails.
std::unique_ptr<ByteSource> OpenZipMember(const ByteSource& whole, const ZipEntry& entry,
                                          std::size_t max_bytes);

}  // namespace weighbridge
