// The only file that knows Boost. Every operation is asynchronous inside and waited
// for outside, since only asynchronous ones have time limits and can be interrupted.
#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <openssl/x509v3.h>

#include "scanner/base/text.h"
#include "scanner/registry/http.h"
#include "weighbridge/version.h"

namespace weighbridge {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Parser = http::response_parser<http::buffer_body>;
using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t kBodyStep = 64 << 10;

// Distributions keep their CA store in different places, and a static program asks in
// the one of the system that built it (golang: crypto/x509/root_linux.go).
constexpr std::array kCaFiles{"/etc/ssl/certs/ca-certificates.crt",
                              "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                              "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                              "/etc/ssl/cert.pem"};

void LoadTrust(asio::ssl::context& context) {
  error_code ignored;
  context.set_default_verify_paths(ignored);
  if (std::getenv("SSL_CERT_FILE") != nullptr || std::getenv("SSL_CERT_DIR") != nullptr) return;
  for (const char* file : kCaFiles) {
    std::error_code missing;
    if (!std::filesystem::exists(file, missing)) continue;
    context.load_verify_file(file, ignored);
    return;
  }
}

class Connection {
 public:
  Connection(const Url& url, asio::ssl::context& trust, const HttpOptions& options)
      : url_(url), trust_(trust), options_(options) {}

  Status Open() {
    auto endpoints = Resolve();
    if (!endpoints.ok()) return std::move(endpoints).error();
    if (url_.tls) {
      secure_.emplace(io_, trust_);
    } else {
      plain_.emplace(io_);
    }
    lowest().expires_after(Milliseconds(options_.connect_timeout_ms));
    const error_code failed =
        Wait([&](auto done) { lowest().async_connect(endpoints.value(), std::move(done)); });
    if (failed) return Failure("cannot connect", failed, options_.connect_timeout_ms);
    return url_.tls ? Handshake() : Status();
  }

  error_code Send(const http::request<http::empty_body>& request) {
    Arm();
    return OnStream([&](auto& stream) {
      return Wait([&](auto done) { http::async_write(stream, request, std::move(done)); });
    });
  }
  error_code ReadHeader(Parser& parser) {
    Arm();
    return OnStream([&](auto& stream) {
      return Wait(
          [&](auto done) { http::async_read_header(stream, buffer_, parser, std::move(done)); });
    });
  }
  // As much as the parser's body has room for.
  error_code ReadBody(Parser& parser) {
    Arm();
    return OnStream([&](auto& stream) {
      return Wait([&](auto done) { http::async_read(stream, buffer_, parser, std::move(done)); });
    });
  }

  Error Failure(const std::string& what, const error_code& code, std::uint32_t limit_ms) const {
    const std::string where = url_.HostHeader() + ": " + what;
    if (options_.stop.stop_requested()) return {ErrorCode::kIo, where + ": interrupted"};
    if (code == beast::error::timeout || code == asio::error::operation_aborted) {
      return {ErrorCode::kIo,
              where + ": no answer within " + std::to_string(limit_ms) + " milliseconds"};
    }
    if (code == http::error::header_limit) {
      return {ErrorCode::kLimitExceeded, where + ": headers are larger than " +
                                             std::to_string(options_.max_header_bytes) + " bytes"};
    }
    if (code == http::error::partial_message || code == http::error::end_of_stream ||
        code == asio::error::eof || code == asio::error::connection_reset ||
        code == asio::ssl::error::stream_truncated) {
      return {ErrorCode::kTruncated, where + ": the connection ended early"};
    }
    return {ErrorCode::kIo, where + ": " + Printable(code.message())};
  }

  bool used = false;  // an answer has been read from it

 private:
  beast::tcp_stream& lowest() { return secure_ ? secure_->next_layer() : *plain_; }
  void Arm() { lowest().expires_after(Milliseconds(options_.read_timeout_ms)); }

  template <typename Do>
  error_code OnStream(Do act) {
    return secure_ ? act(*secure_) : act(*plain_);
  }

  template <typename Start>
  error_code Wait(Start start) {
    error_code result = asio::error::would_block;
    start([&result](const error_code& code, auto&&...) { result = code; });
    io_.restart();
    bool closed = false;
    while (true) {
      io_.run_for(Milliseconds(100));
      if (io_.stopped()) return result;
      if (!closed && options_.stop.stop_requested()) {
        closed = true;
        if (secure_ || plain_) lowest().close();
      }
    }
  }

  Result<std::vector<Tcp::endpoint>> Resolve() {
    std::vector<Tcp::endpoint> endpoints;
    error_code failed;
    const auto literal = asio::ip::make_address(url_.host, failed);
    if (!failed) {
      endpoints.emplace_back(literal, url_.port);
    } else {
      Tcp::resolver resolver(io_);
      Tcp::resolver::results_type results;
      failed = error_code();
      resolver.async_resolve(url_.host, std::to_string(url_.port),
                             [&](const error_code& code, Tcp::resolver::results_type found) {
                               failed = code;
                               results = std::move(found);
                             });
      io_.restart();
      io_.run();
      if (failed) {
        return Error{ErrorCode::kIo, url_.host + ": no address: " + Printable(failed.message())};
      }
      for (const auto& entry : results) endpoints.push_back(entry.endpoint());
    }
    if (!url_.tls) {
      std::erase_if(endpoints, [](const auto& end) { return !end.address().is_loopback(); });
      if (endpoints.empty()) {
        return Error{ErrorCode::kInvalidArgument,
                     url_.HostHeader() + ": plain HTTP goes to loopback addresses only"};
      }
    }
    return endpoints;
  }

  Status Handshake() {
    SSL* ssl = secure_->native_handle();
    error_code failed;
    asio::ip::make_address(url_.host, failed);
    const bool is_name = static_cast<bool>(failed);
    SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
    if (is_name) {
      SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      if (SSL_set1_host(ssl, url_.host.c_str()) != 1) {
        return Error{ErrorCode::kIo, url_.host + ": cannot be checked against a certificate"};
      }
      SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, url_.host.data());
    } else if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), url_.host.c_str()) != 1) {
      return Error{ErrorCode::kIo, url_.host + ": cannot be checked against a certificate"};
    }
    lowest().expires_after(Milliseconds(options_.connect_timeout_ms));
    failed = Wait([&](auto done) {
      secure_->async_handshake(asio::ssl::stream_base::client, std::move(done));
    });
    if (!failed) return {};
    const long verdict = SSL_get_verify_result(ssl);
    if (verdict != X509_V_OK) {
      return Error{ErrorCode::kPermission, url_.HostHeader() + ": certificate not accepted: " +
                                               Printable(X509_verify_cert_error_string(verdict))};
    }
    return Failure("TLS handshake", failed, options_.connect_timeout_ms);
  }

  Url url_;
  asio::ssl::context& trust_;
  const HttpOptions& options_;
  asio::io_context io_{1};
  std::optional<beast::tcp_stream> plain_;
  std::optional<asio::ssl::stream<beast::tcp_stream>> secure_;
  beast::flat_buffer buffer_;
};

class BeastTransport;

class BeastResponse final : public HttpResponse {
 public:
  BeastResponse(BeastTransport& owner, std::string origin, std::unique_ptr<Connection> connection,
                std::unique_ptr<Parser> parser, const HttpOptions& options)
      : owner_(owner),
        origin_(std::move(origin)),
        connection_(std::move(connection)),
        parser_(std::move(parser)),
        options_(options) {}
  ~BeastResponse() override;

  int status() const override { return static_cast<int>(parser_->get().result_int()); }
  std::string Header(std::string_view name) const override {
    std::string joined;
    const auto range = parser_->get().equal_range(beast::string_view(name.data(), name.size()));
    for (auto it = range.first; it != range.second; ++it) {
      if (it != range.first) joined += ", ";
      joined.append(it->value().data(), it->value().size());
    }
    return joined;
  }
  std::optional<std::uint64_t> content_length() const override { return length_; }
  void KeepLength() {
    if (const auto length = parser_->content_length()) length_ = *length;
  }

  Result<std::size_t> Read(MutableByteSpan out) override {
    if (failed_) return *failed_;
    if (out.size() > kBodyStep) out = out.first(kBodyStep);
    while (!parser_->is_done() && !out.empty()) {
      auto& body = parser_->get().body();
      body.data = out.data();
      body.size = out.size();
      error_code code = connection_->ReadBody(*parser_);
      if (code == http::error::need_buffer) code = {};
      const std::size_t count = out.size() - body.size;
      if (code) failed_ = connection_->Failure("reading", code, options_.read_timeout_ms);
      if (count > 0) return count;  // the failure is told by the next read
      if (failed_) return *failed_;
    }
    return std::size_t{0};
  }

 private:
  BeastTransport& owner_;
  std::string origin_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Parser> parser_;
  const HttpOptions& options_;
  std::optional<std::uint64_t> length_;
  std::optional<Error> failed_;
};

class BeastTransport final : public HttpTransport {
 public:
  explicit BeastTransport(HttpOptions options) : options_(std::move(options)) { LoadTrust(trust_); }

  Result<std::unique_ptr<HttpResponse>> Get(const HttpRequest& request) override {
    const Url& url = request.url;
    if (!url.tls && !(options_.plain_to_loopback && IsLoopbackName(url.host))) {
      return Error{ErrorCode::kInvalidArgument,
                   url.HostHeader() + ": plain HTTP is refused (only loopback, with --insecure)"};
    }
    const std::string origin = (url.tls ? "https " : "http ") + url.HostHeader();
    try {
      if (auto idle = idle_.extract(origin)) {
        auto answer = Exchange(request, origin, std::move(idle.mapped()));
        // A server may have closed the idle connection: that says nothing.
        if (answer.ok() || answer.error().code == ErrorCode::kLimitExceeded) return answer;
      }
      auto connection = std::make_unique<Connection>(url, trust_, options_);
      Status opened = connection->Open();
      if (!opened.ok()) return std::move(opened).error();
      return Exchange(request, origin, std::move(connection));
    } catch (const std::exception& error) {  // out of memory, or no socket to be had
      return Error{ErrorCode::kIo, url.HostHeader() + ": " + Printable(error.what())};
    }
  }

  void GiveBack(const std::string& origin, std::unique_ptr<Connection> connection) {
    idle_[origin] = std::move(connection);
  }

 private:
  Result<std::unique_ptr<HttpResponse>> Exchange(const HttpRequest& request,
                                                 const std::string& origin,
                                                 std::unique_ptr<Connection> connection) {
    http::request<http::empty_body> message{http::verb::get, request.url.target, 11};
    message.set(http::field::host, request.url.HostHeader());
    message.set(http::field::user_agent, std::string("weighbridge/") + kVersion);
    for (const HttpHeader& header : request.headers) message.set(header.name, header.value);
    if (const error_code code = connection->Send(message)) {
      return connection->Failure("sending", code, options_.read_timeout_ms);
    }
    constexpr int kMaxInterim = 4;  // 1xx answers before the real one
    for (int i = 0; i <= kMaxInterim; ++i) {
      auto parser = std::make_unique<Parser>();
      parser->header_limit(options_.max_header_bytes);
      parser->body_limit(std::numeric_limits<std::uint64_t>::max());
      if (const error_code code = connection->ReadHeader(*parser)) {
        return connection->Failure("waiting for an answer", code, options_.read_timeout_ms);
      }
      if (parser->get().result_int() / 100 == 1) continue;
      auto response = std::make_unique<BeastResponse>(*this, origin, std::move(connection),
                                                      std::move(parser), options_);
      response->KeepLength();
      return std::unique_ptr<HttpResponse>(std::move(response));
    }
    return Error{ErrorCode::kMalformed, request.url.HostHeader() + ": only interim answers"};
  }

  HttpOptions options_;
  asio::ssl::context trust_{asio::ssl::context::tls_client};
  std::map<std::string, std::unique_ptr<Connection>> idle_;
};

BeastResponse::~BeastResponse() {
  if (connection_ && !failed_ && parser_->is_done() && parser_->keep_alive()) {
    try {
      owner_.GiveBack(origin_, std::move(connection_));
    } catch (const std::exception&) {  // out of memory: the connection is closed
    }
  }
}

}  // namespace

std::unique_ptr<HttpTransport> MakeHttpTransport(HttpOptions options) {
  return std::make_unique<BeastTransport>(std::move(options));
}

}  // namespace weighbridge
