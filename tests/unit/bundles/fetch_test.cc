// Bundles from an address: one GET, a size limit, no redirect.
#include "scanner/bundles/fetch.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

class Answer final : public HttpResponse {
 public:
  Answer(int status, std::string body, std::optional<std::uint64_t> stated)
      : status_(status), body_(std::move(body)), stated_(stated) {}
  int status() const override { return status_; }
  std::string Header(std::string_view) const override { return "https://elsewhere.example/b"; }
  std::optional<std::uint64_t> content_length() const override { return stated_; }
  Result<std::size_t> Read(MutableByteSpan out) override {
    const std::size_t count = std::min(out.size(), body_.size() - done_);
    std::copy_n(body_.begin() + static_cast<std::ptrdiff_t>(done_), count, out.begin());
    done_ += count;
    return count;
  }

 private:
  int status_;
  std::string body_;
  std::optional<std::uint64_t> stated_;
  std::size_t done_ = 0;
};

class Server final : public HttpTransport {
 public:
  Result<std::unique_ptr<HttpResponse>> Get(const HttpRequest& request) override {
    asked.push_back(request.url.ToString());
    return std::unique_ptr<HttpResponse>(std::make_unique<Answer>(status, body, stated));
  }
  int status = 200;
  std::string body = "bundle";
  std::optional<std::uint64_t> stated;
  std::vector<std::string> asked;
};

TEST_CASE("fetch: answers") {
  const std::string address = "https://db.example/new.wbdb";
  Server server;
  CHECK(FetchBundle(server, address).value() == "bundle");
  server.status = 302;
  CHECK(FetchBundle(server, address).error().message ==
        address +
            ": answers with a redirect, which is not followed; give the address of the file "
            "itself");
  server.status = 404;
  CHECK(FetchBundle(server, address).error().message == address + ": answers with status 404");
  server.status = 200;
  server.stated = std::uint64_t{1} << 40;
  CHECK(FetchBundle(server, address).error().message ==
        address + " is larger than 536870912 bytes");
  CHECK(server.asked == std::vector<std::string>(4, address));
  CHECK_FALSE(FetchBundle(server, "https://").ok());
  CHECK(server.asked.size() == 4);
  CHECK(IsWebAddress("http://x"));
  CHECK_FALSE(IsWebAddress("ftp://x"));
  CHECK_FALSE(IsWebAddress("./https"));
}

}  // namespace
}  // namespace weighbridge
