#include "scanner/services/model_ids.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/services/text_context.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxIdBytes = 96;
constexpr int kMaxRoutes = 3;  // openrouter/, then another, then the name

bool IsIdByte(char c) {
  return IsWordByte(c) || c == '.' || c == '-' || c == '/' || c == ':' || c == '@';
}

bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`'; }

bool IsFileName(std::string_view id) {
  const std::size_t dot = id.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string extension = ToLower(id.substr(dot + 1));
  for (const char* known :
       {"gguf", "safetensors", "bin", "pt",  "pth", "onnx", "py",  "json", "jsonl", "yaml", "yml",
        "md",   "txt",         "js",  "ts",  "sh",  "html", "png", "svg",  "jpg",   "css",  "com",
        "cn",   "io",          "dev", "org", "net", "go",   "rs",  "toml", "log",   "zip",  "gz"}) {
    if (extension == known) return true;
  }
  return false;
}

bool IsId(std::string_view id) {
  if (id.size() > kMaxIdBytes || id.find("//") != std::string_view::npos) {
    return id.starts_with("gpt://") && id.size() <= kMaxIdBytes;  // YandexGPT's own spelling
  }
  return !id.starts_with("/") && !id.starts_with(".") && !id.ends_with("/") && !IsFileName(id);
}

// Between quotes of one kind, or the unquoted value of a setting: after "=" or ": ",
// up to white space or a comma.
bool Stands(std::string_view text, std::size_t begin, std::size_t end, bool unquoted) {
  const char before = begin == 0 ? '\n' : text[begin - 1];
  const char after = end == text.size() ? '\n' : text[end];
  if (IsQuote(before)) return after == before || after == '\\';
  if (!unquoted) return false;
  if (after != '\n' && after != '\r' && after != ' ' && after != ',') return false;
  if (before == '=' || before == ',') return true;
  if (before != ' ') return false;
  const std::string_view line = Trim(LineBefore(text, begin));
  return line.ends_with(":") || line.ends_with("=");
}

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

// A prefix that ends within a word does not fit: "command-r" is not in "command-rule".
bool Fits(std::string_view prefix, std::string_view id) {
  if (!id.starts_with(prefix)) return false;
  return id.size() == prefix.size() || !IsLetter(prefix.back()) || !IsLetter(id[prefix.size()]);
}

// "us." and the like, which AWS puts before ids for cross-region inference.
std::string_view WithoutRegion(std::string_view id) {
  for (const std::string_view region : {"us.", "eu.", "au.", "jp.", "apac.", "global."}) {
    if (id.starts_with(region)) return id.substr(region.size());
  }
  return id;
}

}  // namespace

ModelToken ModelTokenAt(std::string_view text, std::size_t at, std::size_t size, bool unquoted) {
  std::size_t begin = at;
  while (begin > 0 && IsIdByte(text[begin - 1]) && at - begin <= kMaxIdBytes) --begin;
  std::size_t end = at + size;
  while (end < text.size() && IsIdByte(text[end]) && end - at <= kMaxIdBytes) ++end;
  const std::string_view id = text.substr(begin, end - begin);
  if (!IsId(id) || !Stands(text, begin, end, unquoted)) return {};
  constexpr std::size_t kNameReach = 64;
  std::string_view line = LineBefore(text, begin);
  if (line.size() > kNameReach) line.remove_prefix(line.size() - kNameReach);
  return {std::string(id), begin, ToLower(line).find("model") != std::string::npos};
}

ModelIds::ModelIds(const ServiceTable& table) {
  for (const ServiceItem& item : table.items) {
    if (item.kind != ServiceItemKind::kModelPrefix) continue;
    const ServiceRow& row = table.rows[item.row];
    // A route is the spelling of a service that serves others' models.
    const bool slash = item.text.ends_with("/");
    const bool route = row.publisher.empty() || (slash && row.role == ServiceRole::kCloud &&
                                                 ToLower(row.publisher) + "/" != item.text);
    prefixes_.push_back({item.text, item.row, route && row.role != ServiceRole::kPublisher});
  }
  std::sort(prefixes_.begin(), prefixes_.end(),
            [](const Prefix& a, const Prefix& b) { return a.text < b.text; });
}

const ModelIds::Prefix* ModelIds::Longest(std::string_view id, bool route) const {
  const Prefix* best = nullptr;
  if (id.empty()) return best;
  auto prefix =
      std::lower_bound(prefixes_.begin(), prefixes_.end(), id.front(),
                       [](const Prefix& entry, char first) { return entry.text.front() < first; });
  for (; prefix != prefixes_.end() && prefix->text.front() == id.front(); ++prefix) {
    // Sorted: of those that fit, the last is the longest.
    if (prefix->route == route && Fits(prefix->text, id)) best = &*prefix;
  }
  return best;
}

// Of a name, or of vendor/name or vendor.name.
std::optional<std::size_t> ModelIds::PublisherOf(std::string_view id) const {
  const Prefix* whole = Longest(id, false);
  const std::size_t slash = id.find('/');
  if (slash != std::string_view::npos && id.starts_with("openai/")) {
    // Clients write openai/ before any name that a compatible endpoint serves.
    if (const Prefix* name = Longest(id.substr(slash + 1), false)) return name->row;
  }
  if (whole != nullptr) return whole->row;
  const std::size_t dot = id.find('.');
  if (slash != std::string_view::npos || dot == std::string_view::npos) return std::nullopt;
  if (const Prefix* name = Longest(id.substr(dot + 1), false)) return name->row;
  const std::string vendor = std::string(id.substr(0, dot)) + "/";
  if (const Prefix* named = Longest(vendor, false)) return named->row;
  return std::nullopt;
}

ModelMeaning ModelIds::Read(std::string_view id) const {
  const std::string lower = ToLower(id);
  std::string_view rest = WithoutRegion(lower);
  ModelMeaning meaning;
  for (int i = 0; i < kMaxRoutes; ++i) {
    const Prefix* route = Longest(rest, true);
    if (route == nullptr) break;
    if (!meaning.gateway_row) meaning.gateway_row = route->row;
    if (!route->text.ends_with("/")) break;  // vendor.name: the vendor belongs to the id
    rest.remove_prefix(route->text.size());
    rest = WithoutRegion(rest);
    if (route->text == "publishers/") {
      const std::size_t models = rest.find("/models/");
      if (models == std::string_view::npos) return {};
      rest.remove_prefix(models + std::string_view("/models/").size());
    }
    if (route->text.starts_with("@")) {  // @cf/<publisher>/<model>
      const std::size_t slash = rest.find('/');
      meaning.publisher_row = PublisherOf(rest);
      if (!meaning.publisher_row && slash != std::string_view::npos) {
        meaning.publisher_row = PublisherOf(rest.substr(slash + 1));
      }
      return meaning;
    }
  }
  meaning.publisher_row = PublisherOf(rest);
  // A bare route word is a common path ("azure/login"): without a known name it says nothing.
  const bool own_spelling =
      lower.starts_with("accounts/fireworks/") || lower.starts_with("publishers/");
  if (meaning.gateway_row && !meaning.publisher_row && !own_spelling &&
      lower.find('/') != std::string::npos) {
    return {};
  }
  return meaning;
}

}  // namespace weighbridge
