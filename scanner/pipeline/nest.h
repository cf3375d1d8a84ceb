// The nest: an archive's members, inspected like files, archives among them opened in
// turn, to a limited depth and within one budget for the whole file.
#pragma once

#include "scanner/pipeline/inspect.h"

namespace weighbridge {

// Opens `found` when it is an archive, keeps what is recognised inside, and says in its
// artifact how far the reading came. `source` are the bytes of the file.
void OpenArchive(Inspector& inspector, const ByteSource& source, InspectedFile& found);

}  // namespace weighbridge
