// The nest: an archive's members, inspected like files, archives among them opened in
// turn, to a limited depth and within one budget for the whole file.
#pragma once

#include "scanner/archive/stream.h"
#include "scanner/pipeline/inspect.h"

namespace weighbridge {

// Opens `found` when it is an archive, keeps what is recognised inside, and says in its
// artifact how far the reading came. `source` are the bytes of the file.
void OpenArchive(Inspector& inspector, const ByteSource& source, InspectedFile& found);

// What is in no file of this host: recognised, opened and, as `hash` says, digested in
// one go. `found` carries its location. kFailed: `failure` says why.
Recognition InspectRemote(Inspector& inspector, const ByteSource& source, HashMode hash,
                          InspectedFile& found, Error* failure);
// The same for bytes that pass once, of which `size` are stated. What is not needed is
// left in the stream.
Recognition InspectPassing(Inspector& inspector, Stream& bytes, std::uint64_t size,
                           InspectedFile& found, Error* failure);

}  // namespace weighbridge
