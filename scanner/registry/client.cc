#include "scanner/registry/client.h"

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/registry/challenge.h"
#include "scanner/registry/digester.h"

namespace weighbridge {
namespace {

constexpr int kMaxRedirects = 5;
constexpr std::size_t kMaxErrorBytes = 64 << 10;
constexpr std::size_t kMaxTokenBytes = 1 << 20;
constexpr char kAccept[] =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// {"errors": [{"code": "...", "message": "..."}]} (distribution-spec, "error codes").
std::string ErrorWords(const std::string& body) {
  auto parsed = ParseJson(body, Limits{});
  if (!parsed.ok()) return {};
  const Json* errors = Find(parsed.value(), "errors");
  if (errors == nullptr || !errors->is_array() || errors->empty()) return {};
  const Json& first = errors->front();
  std::string words = StringOr(first, "code");
  const std::string message = StringOr(first, "message");
  if (!message.empty()) words += (words.empty() ? "" : ": ") + message;
  return Quote(words, 200);
}

std::string MediaType(const HttpResponse& response) {
  const std::string type = response.Header("Content-Type");
  return ToLower(Trim(std::string_view(type).substr(0, type.find(';'))));
}

bool SafeHeaderValue(const std::string& text) {
  for (const char c : text) {
    if (static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F) return false;
  }
  return true;
}

}  // namespace

std::string DigestOf(std::string_view algorithm, std::string_view text) {
  Digester digester(algorithm);
  digester.Update(AsBytes(text));
  return digester.Finish();
}

RegistryClient::RegistryClient(const Reference& reference, CredentialStore credentials,
                               bool insecure, HttpTransport& transport)
    : reference_(reference),
      credentials_(std::move(credentials)),
      insecure_(insecure),
      transport_(transport) {
  auto url = UrlOfHost(reference.ApiHost(), true);
  if (url.ok() && insecure && IsLoopbackName(url.value().host)) {
    url = UrlOfHost(reference.ApiHost(), false);
  }
  if (url.ok()) origin_ = std::move(url).value();  // a Reference's domain always is one
}

// Follows redirects. Our credentials go to the registry's own origin and nowhere else.
Result<std::unique_ptr<HttpResponse>> RegistryClient::Follow(HttpRequest request) {
  for (int i = 0; i <= kMaxRedirects; ++i) {
    HttpRequest sent = request;
    if (!authorization_.empty() && sent.url.SameOrigin(origin_)) {
      sent.headers.push_back({"Authorization", authorization_});
    }
    ++requests_;
    auto response = transport_.Get(sent);
    if (!response.ok() || !IsRedirect(response.value()->status())) return response;
    const std::string location = response.value()->Header("Location");
    auto next = ResolveUrl(request.url, location);
    if (!next.ok()) {
      return Error{ErrorCode::kMalformed,
                   request.url.HostHeader() + ": redirect: " + next.error().message};
    }
    if (request.url.tls && !next.value().tls) {
      return Error{ErrorCode::kMalformed, request.url.HostHeader() +
                                              ": redirect from HTTPS to plain HTTP at " +
                                              Quote(next.value().HostHeader())};
    }
    request.url = std::move(next).value();
  }
  return Error{ErrorCode::kLimitExceeded, request.url.HostHeader() + ": more than " +
                                              std::to_string(kMaxRedirects) + " redirects"};
}

Result<std::unique_ptr<HttpResponse>> RegistryClient::Get(const std::string& target,
                                                          const std::vector<HttpHeader>& headers,
                                                          const std::string& what) {
  HttpRequest request{origin_, headers};
  request.url.target = target;
  for (int attempt = 0;; ++attempt) {
    auto response = Follow(request);
    if (!response.ok()) return response;
    const int status = response.value()->status();
    if (status == 200 || status == 206) return response;
    if (status != 401 || attempt > 0) return Explain(*response.value(), what);
    Status authorised = Authorise(*response.value());
    if (!authorised.ok()) return std::move(authorised).error();
  }
}

Status RegistryClient::Authorise(const HttpResponse& refusal) {
  const std::string header = refusal.Header("WWW-Authenticate");
  const std::string repository_scope = "repository:" + reference_.repository + ":pull";
  const std::vector<Challenge> challenges = ParseChallenges(header);
  for (const Challenge& challenge : challenges) {
    if (challenge.scheme != "bearer") continue;
    std::string scope = challenge.Param("scope");
    if (scope.empty()) scope = repository_scope;
    return FetchToken(challenge.Param("realm"), challenge.Param("service"), scope);
  }
  for (const Challenge& challenge : challenges) {
    if (challenge.scheme != "basic") continue;
    if (const auto known = credentials_.For(reference_.domain)) {
      authorization_ = known->Basic();
      return {};
    }
    const std::string why = credentials_.WhyNone(reference_.domain);
    return Error{ErrorCode::kPermission,
                 reference_.domain + ": needs a user name and password" +
                     (why.empty() ? " (run docker login or skopeo login)" : ": " + why)};
  }
  return Error{
      ErrorCode::kPermission,
      reference_.domain + ": asks for authentication that is not supported: " + Quote(header, 100)};
}

Status RegistryClient::FetchToken(const std::string& realm, const std::string& service,
                                  const std::string& scope) {
  const std::string where = reference_.domain + ": token service";
  auto url = ParseUrl(realm);
  if (!url.ok()) return Error{ErrorCode::kMalformed, where + ": " + url.error().message};
  if (!url.value().tls && !(insecure_ && IsLoopbackName(url.value().host))) {
    return Error{ErrorCode::kMalformed, where + " at " + Quote(realm, 100) + " is not HTTPS"};
  }
  std::string& target = url.value().target;
  target += target.find('?') == target.npos ? "?" : "&";
  if (!service.empty()) target += "service=" + PercentEncode(service) + "&";
  target += "scope=" + PercentEncode(scope);
  HttpRequest request{std::move(url).value(), {}};
  const auto known = credentials_.For(reference_.domain);
  if (known) request.headers.push_back({"Authorization", known->Basic()});
  ++requests_;
  auto response = transport_.Get(request);  // no redirects: credentials may be in it
  if (!response.ok()) return std::move(response).error();
  if (response.value()->status() != 200) {
    Error error = Explain(*response.value(), "token");
    const std::string why = known ? "" : credentials_.WhyNone(reference_.domain);
    if (!why.empty()) error.message += "; no credentials: " + why;
    return error;
  }
  auto body = ReadBody(*response.value(), kMaxTokenBytes, where + "'s answer");
  if (!body.ok()) return std::move(body).error();
  auto parsed = ParseJson(body.value(), Limits{});
  if (!parsed.ok()) return Error{ErrorCode::kMalformed, where + ": " + parsed.error().message};
  std::string token = StringOr(parsed.value(), "token");
  if (token.empty()) token = StringOr(parsed.value(), "access_token");
  if (token.empty() || !SafeHeaderValue(token)) {
    return Error{ErrorCode::kMalformed, where + ": the answer holds no usable token"};
  }
  authorization_ = "Bearer " + token;
  return {};
}

// A refusal in words.
Error RegistryClient::Explain(HttpResponse& response, const std::string& what) {
  const int status = response.status();
  const std::string where = reference_.Name() + ": " + what + ": ";
  const std::string retry = response.Header("Retry-After");
  auto body = ReadBody(response, kMaxErrorBytes, "error body");
  const std::string words = body.ok() ? ErrorWords(body.value()) : std::string();
  const std::string said = words.empty() ? "" : " (" + words + ")";
  const std::string number = "HTTP " + std::to_string(status);
  switch (status) {
    case 401:
    case 403: {
      const std::string why = credentials_.For(reference_.domain)
                                  ? std::string("with the credentials of the docker configuration")
                                  : credentials_.WhyNone(reference_.domain);
      return {ErrorCode::kPermission,
              where + "refused, " + number + said +
                  (why.empty() ? ", and no credentials are known" : "; " + why)};
    }
    case 404: return {ErrorCode::kNotFound, where + "not found, " + number + said};
    case 429:
      return {ErrorCode::kLimitExceeded,
              where + "the registry's rate limit is reached, " + number + said +
                  (retry.empty() ? "" : "; it says to try again after " + Quote(retry, 40))};
    default: return {ErrorCode::kIo, where + "the registry answered " + number + said};
  }
}

Result<FetchedManifest> RegistryClient::GetManifest(const std::string& wanted) {
  const std::string what = "manifest " + wanted;
  const std::string where = reference_.Name() + ": " + what;
  auto response =
      Get("/v2/" + reference_.repository + "/manifests/" + wanted, {{"Accept", kAccept}}, what);
  if (!response.ok()) return std::move(response).error();
  auto body = ReadBody(*response.value(), kMaxManifestBytes, where);
  if (!body.ok()) return std::move(body).error();
  FetchedManifest manifest;
  manifest.text = std::move(body).value();
  manifest.media_type = MediaType(*response.value());
  std::string expected = wanted;
  std::string source = "asked for";
  if (!IsDigest(wanted)) {
    expected = response.value()->Header("Docker-Content-Digest");
    source = "the registry says";
  }
  const bool checkable = IsDigest(expected);
  manifest.digest = DigestOf(checkable ? DigestAlgorithm(expected) : "sha256", manifest.text);
  if (checkable && manifest.digest != expected) {
    return Error{ErrorCode::kMalformed, where + ": digest mismatch: " + source + " " + expected +
                                            ", its content has " + manifest.digest};
  }
  return manifest;
}

Result<std::string> RegistryClient::GetBlob(const std::string& digest, std::size_t limit) {
  const std::string where = reference_.Name() + ": blob " + digest;
  auto response = OpenBlob(digest, std::nullopt);
  if (!response.ok()) return std::move(response).error();
  auto body = ReadBody(*response.value(), limit, where);
  if (!body.ok()) return body;
  const std::string content = DigestOf(DigestAlgorithm(digest), body.value());
  if (content == digest) return body;
  return Error{ErrorCode::kMalformed, where + ": digest mismatch: the manifest says " + digest +
                                          ", its content has " + content};
}

Result<std::unique_ptr<HttpResponse>> RegistryClient::OpenBlob(const std::string& digest,
                                                               std::optional<ByteRange> range) {
  std::vector<HttpHeader> headers;
  if (range) {
    headers.push_back({"Range", "bytes=" + std::to_string(range->offset) + "-" +
                                    std::to_string(range->offset + range->bytes - 1)});
  }
  return Get("/v2/" + reference_.repository + "/blobs/" + digest, headers, "blob " + digest);
}

}  // namespace weighbridge
