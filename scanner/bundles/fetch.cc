#include "scanner/bundles/fetch.h"

#include "scanner/base/text.h"
#include "scanner/bundles/bundle.h"

namespace weighbridge {

bool IsWebAddress(const std::string& text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

Result<std::string> FetchBundle(HttpTransport& transport, const std::string& address) {
  auto url = ParseUrl(address);
  if (!url.ok()) return std::move(url).error();
  const std::string shown = Printable(url.value().ToString());
  auto response = transport.Get({url.value(), {{"Accept", "application/octet-stream"}}});
  if (!response.ok()) return Error{response.error().code, shown + ": " + response.error().message};
  const int status = response.value()->status();
  if (status >= 300 && status < 400) {
    return Error{ErrorCode::kUnsupported,
                 shown +
                     ": answers with a redirect, which is not followed; give the address of "
                     "the file itself"};
  }
  if (status != 200)
    return Error{ErrorCode::kIo, shown + ": answers with status " + std::to_string(status)};
  return ReadBody(*response.value(), kMaxBundleBytes, shown);
}

}  // namespace weighbridge
