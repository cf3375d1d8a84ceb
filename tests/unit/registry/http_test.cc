// The client against a server that is slow, lying, redirecting or hostile.
#include <doctest/doctest.h>

#include "scanner/registry/blob.h"
#include "scanner/registry/client.h"
#include "tests/support/http_server.h"

namespace weighbridge {
namespace {

using namespace test;

const std::string kManifest = R"({"schemaVersion":2,"layers":[]})";
const std::string kDigest = DigestOf("sha256", kManifest);

// A client of one server, with short time limits.
struct Fixture {
  explicit Fixture(const HttpServer& server, const std::string& config = "{}") {
    HttpOptions options;
    options.plain_to_loopback = true;
    options.connect_timeout_ms = 1000;
    options.read_timeout_ms = 300;
    transport = MakeHttpTransport(options);
    const Reference reference = ParseReference(server.host() + "/a/b:t").value();
    name = reference.Name();
    host = reference.domain;
    client = std::make_unique<RegistryClient>(reference, CredentialStore::Parse(config).value(),
                                              true, *transport);
  }
  std::string Manifest(const std::string& wanted = "t") {
    const auto manifest = client->GetManifest(wanted);
    return manifest.ok() ? manifest.value().digest : manifest.error().message;
  }
  std::string name;
  std::string host;
  std::unique_ptr<HttpTransport> transport;
  std::unique_ptr<RegistryClient> client;
};

std::string Login(const std::string& host) {
  return R"({"auths":{")" + host + R"(":{"username":"u","password":"p"}}})";
}

TEST_CASE("answers of a server, good and bad") {
  struct Row {
    std::string name;
    Reply reply;
    std::string expected;  // $ is the repository, % the host
  };
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"sch\r\n" +
      std::string("1a\r\n") + kManifest.substr(5) + "\r\n0\r\n\r\n";
  const std::vector<Row> rows = {
      {"plain", HttpAnswer(200, kManifest), kDigest},
      {"chunked", {chunked}, kDigest},
      {"to the end", {"HTTP/1.1 200 OK\r\n\r\n" + kManifest, true}, kDigest},
      {"interim first", {"HTTP/1.1 103 Early\r\n\r\n" + HttpAnswer(200, kManifest).bytes}, kDigest},
      {"length too long",
       {"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + kManifest, true},
       "$: manifest t: %: reading: the connection ended early"},
      {"length beyond the limit",
       {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", false},
       "$: manifest t is larger than 4194304 bytes"},
      {"cut chunk",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", true},
       "$: manifest t: %: reading: the connection ended early"},
      {"bad chunk",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", true},
       "$: manifest t: %: reading: bad chunk"},
      {"huge headers",
       {"HTTP/1.1 200 OK\r\nX: " + std::string(100000, 'x') + "\r\n\r\n", true},
       "%: waiting for an answer: headers are larger than 65536 bytes"},
      {"no HTTP", {"SSH-2.0-x\r\n\r\n", true}, "%: waiting for an answer: bad version"},
      {"nothing", {"", true}, "%: waiting for an answer: the connection ended early"},
      {"slow",
       {HttpAnswer(200, kManifest).bytes, false, 900},
       "%: waiting for an answer: no answer within 300 milliseconds"},
      {"digest header lies",
       HttpAnswer(200, kManifest, {"Docker-Content-Digest: sha256:" + std::string(64, '0')}),
       "$: manifest t: digest mismatch: the registry says sha256:" + std::string(64, '0') +
           ", its content has " + kDigest},
      {"not found", HttpAnswer(404, R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"no"}]})"),
       "$: manifest t: not found, HTTP 404 (\"MANIFEST_UNKNOWN: no\")"},
      {"rate limit",
       HttpAnswer(429, R"({"errors":[{"code":"TOOMANYREQUESTS"}]})", {"Retry-After: 60"}),
       "$: manifest t: the registry's rate limit is reached, HTTP 429 (\"TOOMANYREQUESTS\"); it "
       "says to try again after \"60\""},
      {"broken", HttpAnswer(500, "<html>"), "$: manifest t: the registry answered HTTP 500"},
      {"forbidden", HttpAnswer(403, "{}"),
       "$: manifest t: refused, HTTP 403, and no credentials are known"},
      {"unknown scheme", HttpAnswer(401, "", {"WWW-Authenticate: Negotiate"}),
       "%: asks for authentication that is not supported: \"Negotiate\""},
      {"basic", HttpAnswer(401, "", {"WWW-Authenticate: Basic realm=x"}),
       "%: needs a user name and password (run docker login or skopeo login)"},
      {"token service without TLS",
       HttpAnswer(401, "", {"WWW-Authenticate: Bearer realm=\"http://192.0.2.1/t\""}),
       "%: token service at \"http://192.0.2.1/t\" is not HTTPS"},
      {"redirect to plain HTTP elsewhere", HttpAnswer(307, "", {"Location: http://192.0.2.1/x"}),
       "192.0.2.1: plain HTTP is refused (only loopback, with --insecure)"},
      {"redirect nowhere", HttpAnswer(302, ""), "%: redirect: URL \"\": empty"},
      {"redirects without end", HttpAnswer(302, "", {"Location: /again"}),
       "%: more than 5 redirects"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    HttpServer server([&](const Asked&) { return row.reply; });
    Fixture fixture(server);
    std::string expected = row.expected;
    if (const std::size_t at = expected.find('$'); at != expected.npos) {
      expected.replace(at, 1, fixture.name);
    }
    if (const std::size_t at = expected.find('%'); at != expected.npos) {
      expected.replace(at, 1, fixture.host);
    }
    CHECK(fixture.Manifest() == expected);
  }
}

TEST_CASE("a manifest that is not what its digest says") {
  HttpServer server([](const Asked&) { return HttpAnswer(200, kManifest); });
  Fixture fixture(server);
  CHECK(fixture.Manifest(kDigest) == kDigest);
  const std::string other = "sha256:" + std::string(64, '1');
  CHECK(fixture.Manifest(other) == fixture.name + ": manifest " + other +
                                       ": digest mismatch: asked for " + other +
                                       ", its content has " + kDigest);
  CHECK(server.connections() == 1);  // kept open
}

TEST_CASE("a manifest above 4 MiB is refused, stated or not") {
  const std::string large(5 << 20, ' ');
  HttpServer server([&](const Asked&) { return Reply{"HTTP/1.1 200 OK\r\n\r\n" + large, true}; });
  Fixture fixture(server);
  CHECK(fixture.Manifest() == fixture.name + ": manifest t is larger than 4194304 bytes");
}

TEST_CASE("bearer token: realm, service and scope; credentials only for the token") {
  std::string realm;
  HttpServer tokens([](const Asked& asked) {
    return asked.Header("Authorization") == "Basic dTpw" ? HttpAnswer(200, R"({"token":"T1"})")
                                                         : HttpAnswer(401, "{}");
  });
  realm = "http://" + tokens.host() + "/token";
  HttpServer server([&](const Asked& asked) {
    if (asked.Header("Authorization") == "Bearer T1") return HttpAnswer(200, kManifest);
    return HttpAnswer(401, "",
                      {"WWW-Authenticate: Bearer realm=\"" + realm +
                       "\",service=\"reg\",scope=\"repository:a/b:pull\""});
  });
  Fixture fixture(server, Login(server.host()));
  CHECK(fixture.Manifest() == kDigest);
  REQUIRE(tokens.asked().size() == 1);
  CHECK(tokens.asked()[0].target == "/token?service=reg&scope=repository%3Aa%2Fb%3Apull");
  REQUIRE(server.asked().size() == 2);
  CHECK(server.asked()[0].Header("Authorization").empty());
  CHECK(fixture.Manifest() == kDigest);  // the token is kept
  CHECK(server.asked().size() == 3);

  Fixture stranger(server);
  CHECK(stranger.Manifest() ==
        stranger.name + ": token: refused, HTTP 401, and no credentials are known");
  HttpServer odd([&](const Asked&) { return HttpAnswer(200, R"({"token":"a\r\nb"})"); });
  realm = "http://" + odd.host() + "/";
  CHECK(Fixture(server).Manifest() ==
        server.host() + ": token service: the answer holds no usable token");
}

TEST_CASE("basic: sent after the 401, wrong ones reported") {
  HttpServer server([](const Asked& asked) {
    return asked.Header("Authorization") == "Basic dTpw"
               ? HttpAnswer(200, kManifest)
               : HttpAnswer(401, "", {"WWW-Authenticate: Basic realm=\"r\""});
  });
  Fixture fixture(server, Login(server.host()));
  CHECK(fixture.Manifest() == kDigest);
  Fixture wrong(server,
                R"({"auths":{")" + server.host() + R"(":{"username":"u","password":"x"}}})");
  CHECK(wrong.Manifest() == wrong.name +
                                ": manifest t: refused, HTTP 401; with the credentials of the "
                                "docker configuration");
}

TEST_CASE("a redirect to blob storage carries no credentials") {
  const std::string blob = "weights";
  HttpServer storage([&](const Asked&) { return HttpAnswer(200, blob); });
  HttpServer server([&](const Asked& asked) {
    if (asked.Header("Authorization").empty()) {
      return HttpAnswer(401, "", {"WWW-Authenticate: Basic realm=r"});
    }
    return HttpAnswer(307, "", {"Location: http://" + storage.host() + "/s?signature=1"});
  });
  Fixture fixture(server, Login(server.host()));
  const auto got = fixture.client->GetBlob(DigestOf("sha256", blob), 100);
  REQUIRE(got.ok());
  CHECK(got.value() == blob);
  REQUIRE(storage.asked().size() == 1);
  CHECK(storage.asked()[0].target == "/s?signature=1");
  CHECK_FALSE(storage.asked()[0].Has("Authorization"));
}

// A server of one blob that answers ranges.
Reply Serve(const std::string& blob, const Asked& asked) {
  const std::string range = asked.Header("Range");
  if (range.empty()) return HttpAnswer(200, blob);
  const std::size_t from = std::stoull(range.substr(6));
  const std::size_t to =
      std::min<std::size_t>(std::stoull(range.substr(range.find('-') + 1)), blob.size() - 1);
  return HttpAnswer(206, blob.substr(from, to - from + 1),
                    {"Content-Range: bytes " + std::to_string(from) + "-" + std::to_string(to) +
                     "/" + std::to_string(blob.size())});
}

std::string Pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 2654435761U >> 13);
  return text;
}

TEST_CASE("ranges: any place, few bytes, one connection") {
  const std::string blob = Pattern(3 << 20);
  HttpServer server([&](const Asked& asked) { return Serve(blob, asked); });
  Fixture fixture(server);
  const RangeSource source(*fixture.client, DigestOf("sha256", blob), blob.size());
  const auto text = [&](std::uint64_t offset, std::uint64_t count) {
    auto got = ReadExactly(source, offset, count);
    return got.ok() ? std::string(AsText(got.value())) : got.error().message;
  };
  CHECK(text(0, 100) == blob.substr(0, 100));
  CHECK(text(60000, 10000) == blob.substr(60000, 10000));
  CHECK(text(3145000, 728) == blob.substr(3145000));
  CHECK(text(0, 100) == blob.substr(0, 100));
  CHECK(source.requests() == 3);
  CHECK(source.bytes_fetched() == (64 << 10) + (128 << 10) + 728);
  CHECK(text(0, 1 << 20) == blob.substr(0, 1 << 20));
  CHECK(source.bytes_fetched() < (1 << 20) + (512 << 10));
  CHECK_FALSE(ReadExactly(source, blob.size(), 1).ok());
  CHECK(server.connections() == 1);
}

TEST_CASE("ranges that are ignored or answered wrongly") {
  const std::string blob = Pattern(1 << 20);
  const std::string digest = DigestOf("sha256", blob);
  std::array<std::uint8_t, 16> out;
  {
    HttpServer server([&](const Asked&) { return HttpAnswer(200, blob); });
    Fixture fixture(server);
    const RangeSource source(*fixture.client, digest, blob.size());
    REQUIRE(source.ReadAt(0, out).ok());
    CHECK(source.ranges_ignored());
    CHECK(AsText(out) == blob.substr(0, 16));
    CHECK(source.ReadAt(500000, out).error().message ==
          "blob " + digest + ": the registry does not answer range requests");
  }
  HttpServer server([&](const Asked&) {
    return HttpAnswer(206, blob.substr(0, 65536), {"Content-Range: bytes 5-65540/1048576"});
  });
  Fixture fixture(server);
  const RangeSource source(*fixture.client, digest, blob.size());
  CHECK(source.ReadAt(0, out).error().message ==
        "blob " + digest +
            ": the answer covers \"bytes 5-65540/1048576\", asked were bytes 0-65535 of 1048576");
}

std::string ReadAll(BlobStream& stream) {
  std::string text;
  std::vector<std::uint8_t> step(10000);
  while (true) {
    auto got = stream.Read(step);
    if (!got.ok()) return got.error().message;
    if (got.value() == 0) return text;
    text += AsText(ByteSpan(step).first(got.value()));
  }
}

TEST_CASE("a stream that breaks is taken up where it broke") {
  const std::string blob = Pattern(300000);
  const std::string digest = DigestOf("sha256", blob);
  int breaks = 2;
  HttpServer server([&](const Asked& asked) {
    Reply reply = Serve(blob, asked);
    if (breaks-- > 0) {
      reply.bytes.resize(100000);
      reply.close = true;
    }
    return reply;
  });
  Fixture fixture(server);
  BlobStream stream(*fixture.client, digest, blob.size());
  CHECK(ReadAll(stream) == blob);
  CHECK(stream.Finish().value() == digest);
  CHECK(server.asked().size() == 3);
}

TEST_CASE("streams that are not what the manifest states") {
  const std::string blob = Pattern(1000);
  const std::string digest = DigestOf("sha256", blob);
  HttpServer server([&](const Asked& asked) {
    if (asked.target.find("/blobs/sha512:") != std::string::npos) {  // without a length
      return Reply{"HTTP/1.1 200 OK\r\n\r\n" + blob, true};
    }
    return HttpAnswer(200, blob);
  });
  Fixture fixture(server);
  const std::string wrong = "sha256:" + std::string(64, '2');
  BlobStream mismatch(*fixture.client, wrong, blob.size());
  CHECK(mismatch.Finish().value() == digest);
  BlobStream longer(*fixture.client, digest, 2000);
  CHECK(ReadAll(longer) ==
        "blob " + digest + ": the registry has 1000 bytes, the manifest says 2000");
  const std::string lengthless = "sha512:" + std::string(128, '3');
  BlobStream short_one(*fixture.client, lengthless, 2000);
  CHECK(ReadAll(short_one) == "the blob ends early at byte 1000 of 2000");
  BlobStream long_one(*fixture.client, lengthless, 10);
  CHECK(ReadAll(long_one) ==
        "blob " + lengthless + ": more than the 10 bytes that the manifest states");
}

TEST_CASE("names are resolved, and plain HTTP stays on loopback") {
  HttpServer server([](const Asked&) { return HttpAnswer(200, "x"); });
  HttpOptions options;
  options.plain_to_loopback = true;
  const auto transport = MakeHttpTransport(options);
  const std::string port = server.host().substr(server.host().find(':'));
  CHECK(transport->Get({ParseUrl("http://localhost" + port + "/").value(), {}}).ok());
  CHECK(transport->Get({ParseUrl("http://192.0.2.1/").value(), {}}).error().message ==
        "192.0.2.1: plain HTTP is refused (only loopback, with --insecure)");
  const auto strict = MakeHttpTransport({});
  CHECK(strict->Get({ParseUrl("http://localhost" + port + "/").value(), {}}).error().message ==
        "localhost" + port + ": plain HTTP is refused (only loopback, with --insecure)");
}

TEST_CASE("a stop request ends a waiting read") {
  HttpServer server([](const Asked&) { return Reply{"", false, 5000}; });
  std::stop_source stop;
  HttpOptions options;
  options.plain_to_loopback = true;
  options.stop = stop.get_token();
  const auto transport = MakeHttpTransport(options);
  std::thread soon([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    stop.request_stop();
  });
  const auto got = transport->Get({ParseUrl("http://" + server.host() + "/").value(), {}});
  soon.join();
  REQUIRE_FALSE(got.ok());
  CHECK(got.error().message == server.host() + ": waiting for an answer: interrupted");
}

}  // namespace
}  // namespace weighbridge
