// A bundle from an address, for `db update --from URL`: one GET over the transport of
// scanner/registry (TLS with certificates checked), a size limit, no redirect followed.
#pragma once

#include <string>

#include "scanner/registry/http.h"
#include "weighbridge/result.h"

namespace weighbridge {

bool IsWebAddress(const std::string& text);  // http:// or https://
Result<std::string> FetchBundle(HttpTransport& transport, const std::string& address);

}  // namespace weighbridge
