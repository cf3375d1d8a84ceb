#include "scanner/base/xml_subset.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxAttributes = 32;
constexpr std::size_t kMaxNameBytes = 128;

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':';
}

// At most `limit` bytes, and no entity or character cut in two.
std::string_view CutText(std::string_view raw, std::size_t limit) {
  if (raw.size() <= limit) return raw;
  raw = CutUtf8(raw, limit);
  const std::size_t ampersand = raw.rfind('&');
  if (ampersand != raw.npos && raw.find(';', ampersand) == raw.npos) raw = raw.substr(0, ampersand);
  return raw;
}

// "#65", "#x41"
bool NumberedCharacter(std::string_view name, std::string& out) {
  const bool hex = name.size() > 1 && name[1] == 'x';
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t point = 0;
  const char* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, point, hex ? 16 : 10);
  if (result.ec != std::errc() || result.ptr != end || point == 0 || point > 0x10FFFF) return false;
  AppendUtf8(out, static_cast<char32_t>(point));
  return true;
}

}  // namespace

XmlReader::Event XmlReader::Fail(std::string message) {
  error_ = "at byte " + std::to_string(at_) + ": " + std::move(message);
  at_ = text_.size();
  return Event::kError;
}

XmlReader::Event XmlReader::Next() {
  if (pop_) {
    path_.pop_back();
    value_.clear();
    pop_ = false;
  }
  if (!error_.empty()) return Event::kError;
  if (close_pending_) {
    close_pending_ = false;
    pop_ = true;
    return Event::kClose;
  }
  while (at_ < text_.size()) {
    const std::size_t tag = std::min(text_.find('<', at_), text_.size());
    AppendText(text_.substr(at_, tag - at_));
    if (!error_.empty()) return Event::kError;
    at_ = tag;
    if (at_ == text_.size()) break;
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (next == '/') return Close();
    if (next != '!' && next != '?') return Open();
    if (!SkipMarkup()) return Event::kError;
  }
  if (!path_.empty()) return Fail("the text ends inside <" + path_.back() + ">");
  return Event::kEnd;
}

bool XmlReader::SkipPast(std::string_view end) {
  const std::size_t found = text_.find(end, at_);
  if (found == text_.npos) {
    Fail("no \"" + std::string(end) + "\" follows");
    return false;
  }
  at_ = found + end.size();
  return true;
}

bool XmlReader::SkipMarkup() {
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("<!--")) return SkipPast("-->");
  if (rest.starts_with("<?")) return SkipPast("?>");
  if (rest.starts_with("<![CDATA[")) {
    const std::size_t from = at_ + 9;
    if (!SkipPast("]]>")) return false;
    const std::string_view raw = text_.substr(from, at_ - 3 - from);
    value_ += raw.substr(0, kMaxTextBytes - std::min(value_.size(), kMaxTextBytes));
    return true;
  }
  const std::size_t end = std::min(text_.find('>', at_), text_.size());
  if (text_.substr(at_, end - at_).find('[') != text_.npos) {
    Fail("a document type with declarations of its own");
    return false;
  }
  return SkipPast(">");
}

void XmlReader::AppendText(std::string_view raw) {
  if (path_.empty() || raw.empty() || value_.size() >= kMaxTextBytes) return;
  Decode(CutText(raw, kMaxTextBytes - value_.size()), value_);
}

bool XmlReader::Decode(std::string_view raw, std::string& out) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
  while (!raw.empty()) {
    const std::size_t ampersand = std::min(raw.find('&'), raw.size());
    out += raw.substr(0, ampersand);
    raw.remove_prefix(ampersand);
    if (raw.empty()) break;
    const std::size_t end = raw.substr(0, 12).find(';');
    if (end == raw.npos) {
      Fail("\"&\" without \";\"");
      return false;
    }
    const std::string_view name = raw.substr(1, end - 1);
    raw.remove_prefix(end + 1);
    const auto known = std::find_if(kEntities.begin(), kEntities.end(),
                                    [&](const auto& entity) { return entity.first == name; });
    if (known != kEntities.end()) {
      out += known->second;
    } else if (!name.starts_with('#') || !NumberedCharacter(name, out)) {
      Fail("unknown entity " + Quote(name, 40));
      return false;
    }
  }
  return true;
}

void XmlReader::SkipSpace() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n')) {
    ++at_;
  }
}

std::string_view XmlReader::Name() {
  const std::size_t from = at_;
  while (at_ < text_.size() && IsNameChar(text_[at_])) ++at_;
  return text_.substr(from, at_ - from);
}

XmlReader::Event XmlReader::Open() {
  ++at_;
  const std::string_view name = Name();
  if (name.empty() || name.size() > kMaxNameBytes) return Fail("\"<\" without a name");
  if (path_.size() >= kMaxDepth)
    return Fail("elements nested deeper than " + std::to_string(kMaxDepth));
  attributes_.clear();
  while (true) {
    SkipSpace();
    if (at_ >= text_.size()) return Fail("the text ends inside a tag");
    if (text_[at_] == '>' || text_.substr(at_).starts_with("/>")) break;
    const std::string_view key = Name();
    SkipSpace();
    if (key.empty() || attributes_.size() >= kMaxAttributes || at_ >= text_.size() ||
        text_[at_] != '=')
      return Fail("not an attribute");
    ++at_;
    SkipSpace();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    const std::size_t end = quote == '"' || quote == '\'' ? text_.find(quote, at_ + 1) : text_.npos;
    if (end == text_.npos) return Fail("attribute without a quoted value");
    std::string value;
    if (!Decode(CutText(text_.substr(at_ + 1, end - at_ - 1), kMaxTextBytes), value))
      return Event::kError;
    attributes_.emplace_back(key.substr(0, kMaxNameBytes), std::move(value));
    at_ = end + 1;
  }
  close_pending_ = text_[at_] == '/';
  at_ += close_pending_ ? 2 : 1;
  path_.emplace_back(name);
  value_.clear();
  return Event::kOpen;
}

XmlReader::Event XmlReader::Close() {
  at_ += 2;
  const std::string_view name = Name();
  SkipSpace();
  if (path_.empty() || path_.back() != name || at_ >= text_.size() || text_[at_] != '>')
    return Fail("end tag " + Quote(name, 40) + " closes no element");
  ++at_;
  pop_ = true;
  return Event::kClose;
}

const std::string& XmlReader::Element() const {
  static const std::string none;
  return path_.empty() ? none : path_.back();
}

std::string XmlReader::Path() const { return Join(path_, "/"); }

std::string XmlReader::Attribute(std::string_view name) const {
  for (const auto& [key, value] : attributes_) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace weighbridge
