// Package URLs and URIs: percent-encoding of names, and the one purl type that
// weighbridge writes, pkg:huggingface (purl-spec, type definition "huggingface").
#pragma once

#include <string>
#include <string_view>

#include "weighbridge/location.h"
#include "weighbridge/model.h"
#include "weighbridge/report.h"

namespace weighbridge {

// RFC 3986 unreserved characters and those in `keep` stay; every other byte is %XX.
std::string PercentEncode(std::string_view raw, std::string_view keep = "");
// True for an http(s) address that is a URI as it stands; a source may hold any text.
bool IsWebAddress(std::string_view text);
// "models/a%20b.gguf"; "file:///srv/a.gguf" for an absolute path; members are left out.
std::string LocationUri(const Location& location);
// "pkg:huggingface/ORG/NAME@commit", "" unless proven: a verified origin, no re-uploader,
// and verified Evidence of field "name" whose value is the hub id itself. The commit is
// written only where hub metadata states it beside the right digest of a weight file.
std::string HuggingFacePurl(const Report& report, const Model& model);

}  // namespace weighbridge
