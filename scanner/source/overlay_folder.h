// What the folder of an overlay layer says about a path of a lower layer. Reads entries
// and attributes only, follows no link.
//
// On disk a deletion is a character device 0:0, or an empty file with the attribute
// overlay.whiteout; an opaque folder has overlay.opaque=y (Linux
// Documentation/filesystems/overlayfs.rst; trusted.* or, in user namespaces, user.*).
// fuse-overlayfs (main.c) also writes .wh.NAME, .wh..wh..opq and
// user.fuseoverlayfs.opaque.
#pragma once

#include <cstdint>
#include <string>

namespace weighbridge {

enum class OverlayAnswer { kNeither, kHolds, kDeletes, kUnknown };

struct OverlayReply {
  OverlayAnswer answer = OverlayAnswer::kUnknown;
  std::uint64_t size = 0;  // bytes, when it holds the path
};

// `folder` is an open directory. trusted.* attributes read as absent without privilege:
// `trusted` says whether they can be seen. Where root's layer may hide one, it is unknown.
OverlayReply AskOverlayFolder(int folder, const std::string& path, bool trusted);

// Whether this process can see trusted.* attributes: CAP_SYS_ADMIN in the first user
// namespace.
bool SeesTrustedAttributes();

}  // namespace weighbridge
