#include "scanner/base/text.h"
#include "scanner/registry/http.h"

namespace weighbridge {

Result<std::string> ReadBody(HttpResponse& response, std::size_t limit, const std::string& what) {
  const auto too_large = [&] {
    return Error{ErrorCode::kLimitExceeded,
                 what + " is larger than " + std::to_string(limit) + " bytes"};
  };
  if (response.content_length().value_or(0) > limit) return too_large();
  std::string body;
  std::vector<std::uint8_t> step(16 << 10);
  while (true) {
    auto got = response.Read(step);
    if (!got.ok()) return Error{got.error().code, what + ": " + got.error().message};
    if (got.value() == 0) return body;
    if (got.value() > limit - body.size()) return too_large();
    body += AsText(ByteSpan(step).first(got.value()));
  }
}

}  // namespace weighbridge
