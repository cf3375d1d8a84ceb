// Pickles that are members of a zip, whatever format the zip is.
#pragma once

#include "scanner/source/byte_source.h"
#include "scanner/source/zip_directory.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// Walks every member that is a pickle (by name or by its bytes) for imports, within one
// budget for the whole zip; what the budget leaves out is said. Stored zips inside are
// read for theirs, unless the archive itself is a container whose members are inspected
// one by one. `skip`: an entry that was reported already, or nullptr. Entries are told
// apart by place, not by name: of two with one name loaders open either.
void ReportPickleMembers(const ByteSource& source, const ZipDirectory& zip, const ZipEntry* skip,
                         const Limits& limits, Artifact& artifact);

// Says when the bytes of a member that was opened whole do not match its checksum:
// Python's zipfile and torch refuse such a member, other readers do not.
void CheckMemberSum(const ByteSource& member, const ZipEntry& entry, std::string_view name,
                    Artifact& artifact);

}  // namespace weighbridge
