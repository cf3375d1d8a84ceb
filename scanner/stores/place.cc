#include "scanner/stores/place.h"

#include "scanner/base/text.h"

namespace weighbridge {

// "a.tar!/./models/x" is "a.tar!/models/x": tar members are often named from ".".
Place::Place(std::string text) {
  std::size_t at = 0;
  if (!text.empty() && text.front() == '/') {
    text_ = "/";
    at = 1;
  }
  while (at <= text.size()) {
    std::size_t end = text.find('/', at);
    if (end == std::string::npos) end = text.size();
    const std::string_view part = std::string_view(text).substr(at, end - at);
    if (!part.empty() && part != ".") {
      if (!text_.empty() && text_.back() != '/') text_ += '/';
      starts_.push_back(text_.size());
      text_ += part;
    }
    at = end + 1;
  }
}

std::string_view Place::operator[](std::size_t part) const {
  if (part >= starts_.size()) return {};
  const std::size_t end = part + 1 < starts_.size() ? starts_[part + 1] - 1 : text_.size();
  return std::string_view(text_).substr(starts_[part], end - starts_[part]);
}

std::string_view Place::FromEnd(std::size_t count) const {
  return count < size() ? (*this)[size() - 1 - count] : std::string_view();
}

std::string Place::Upto(std::size_t part) const {
  if (part >= starts_.size()) return text_;
  if (starts_[part] == 0) return {};
  if (starts_[part] == 1 && text_.front() == '/') return "/";
  return text_.substr(0, starts_[part] - 1);
}

std::string Place::From(std::size_t part) const {
  return part < starts_.size() ? text_.substr(starts_[part]) : std::string();
}

std::size_t Place::Last(std::string_view name) const {
  for (std::size_t i = size(); i-- > 0;) {
    if ((*this)[i] == name) return i;
  }
  return kNone;
}

std::size_t Place::LastPrefix(std::string_view begin) const {
  for (std::size_t i = size(); i-- > 0;) {
    if ((*this)[i].substr(0, begin.size()) == begin) return i;
  }
  return kNone;
}

std::string Below(const std::string& folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  return (folder.back() == '/' ? folder : folder + "/") + std::string(name);
}

std::string HexOfDigest(std::string_view text) {
  const std::string_view algorithm = text.substr(0, 7);
  if (algorithm != "sha256:" && algorithm != "sha256-") return {};
  std::string hex = ToLower(text.substr(7));
  return hex.size() == 64 && IsLowerHex(hex) ? hex : std::string();
}

}  // namespace weighbridge
