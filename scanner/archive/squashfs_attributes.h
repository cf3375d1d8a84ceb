// The one attribute of squashfs that changes what an image shows: overlay's opaque mark
// of a folder, which hides what lower layers have there. Linux fs/squashfs/xattr.c,
// xattr_id.c; Documentation/filesystems/overlayfs.rst.
#pragma once

#include "scanner/archive/squashfs_image.h"

namespace weighbridge {

// Whether trusted.overlay.opaque or user.overlay.opaque is "y" in the set of attributes
// that an inode names.
Result<bool> IsOpaque(SquashfsImage& image, std::uint32_t attributes);

}  // namespace weighbridge
