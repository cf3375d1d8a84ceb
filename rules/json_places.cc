#include "rules/json_places.h"

#include <utility>

#include "scanner/base/json.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

class Walker {
 public:
  Walker(std::string_view text, const std::set<std::string>& wanted)
      : text_(text), wanted_(wanted) {}

  // Malformed text ends the walk; what was found until then stands.
  std::map<std::string, Place> Walk() {
    if (text_.substr(0, 3) == "\xef\xbb\xbf") at_ = line_start_ = 3;
    do {
      Skip();
      if (at_ >= text_.size()) break;
    } while (Step());
    return std::move(places_);
  }

 private:
  struct Frame {
    bool object = false;
    bool expects_key = false;
    std::size_t index = 0;
    std::size_t parent_length = 0;  // of pointer_, before this container's members
  };

  // One token.
  bool Step() {
    const char c = text_[at_];
    if (c == '}' || c == ']') return Close();
    if (c == ',') return Next();
    if (c == ':') return ++at_, true;
    if (!frames_.empty() && frames_.back().expects_key) return Key();
    StartValue();
    if (c == '{' || c == '[') return Open(c == '{');
    if (c == '"') return !String().empty();
    const std::size_t end = text_.find_first_of(",]} \t\r\n/", at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
    return true;
  }

  // An element of a list takes its index as its name; a member has its key already.
  void StartValue() {
    if (frames_.empty()) return Note();
    if (frames_.back().object) return;
    pointer_.resize(frames_.back().parent_length);
    pointer_ += "/" + std::to_string(frames_.back().index);
    Note();
  }

  bool Open(bool object) {
    frames_.push_back({object, object, 0, pointer_.size()});
    ++at_;
    return true;
  }

  bool Close() {
    if (frames_.empty()) return false;
    pointer_.resize(frames_.back().parent_length);
    frames_.pop_back();
    ++at_;
    return true;
  }

  bool Next() {
    if (frames_.empty()) return false;
    Frame& frame = frames_.back();
    ++frame.index;
    frame.expects_key = frame.object;
    ++at_;
    return true;
  }

  bool Key() {
    if (text_[at_] != '"') return false;
    pointer_.resize(frames_.back().parent_length);
    const std::size_t start = at_;
    const std::string_view raw = String();
    const std::size_t end = at_;
    if (raw.empty()) return false;
    if (raw.find('\\') == std::string_view::npos) {
      pointer_ += "/" + std::string(raw.substr(1, raw.size() - 2));
    } else {
      const Json key = Json::parse(raw, nullptr, false);
      pointer_ += "/" + (key.is_string() ? key.get<std::string>() : std::string());
    }
    at_ = start;
    Note();
    at_ = end;
    frames_.back().expects_key = false;
    return true;
  }

  // The string with its quotes; empty where it does not end.
  std::string_view String() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) return {};
    return text_.substr(start, ++at_ - start);
  }

  void Skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '/') {
        SkipComment();
        continue;
      }
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') return;
      ++at_;
      if (c == '\n') NewLine();
    }
  }

  void SkipComment() {
    const bool block = text_.substr(at_, 2) == "/*";
    const std::size_t end = block ? text_.find("*/", at_ + 2) : text_.find('\n', at_);
    const std::size_t stop = end == std::string_view::npos ? text_.size() : end + (block ? 2 : 0);
    for (; at_ < stop;) {
      if (text_[at_++] == '\n') NewLine();
    }
  }

  void NewLine() {
    ++line_;
    line_start_ = at_;
  }

  void Note() {
    if (wanted_.count(pointer_) != 0)
      places_.emplace(pointer_, Place{line_, at_ - line_start_ + 1});
  }

  std::string_view text_;
  const std::set<std::string>& wanted_;
  std::map<std::string, Place> places_;
  std::vector<Frame> frames_;
  std::string pointer_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
};

// "/rules/3/id" has the parents "/rules/3", "/rules" and "".
std::string ParentOf(const std::string& pointer) {
  const std::size_t slash = pointer.rfind('/');
  return slash == std::string::npos ? std::string() : pointer.substr(0, slash);
}

}  // namespace

std::map<std::string, Place> PlacesOf(std::string_view text,
                                      const std::set<std::string>& pointers) {
  std::set<std::string> wanted{""};
  for (std::string pointer : pointers) {
    for (; !pointer.empty() && wanted.insert(pointer).second; pointer = ParentOf(pointer)) {
    }
  }
  const std::map<std::string, Place> found = Walker(text, wanted).Walk();
  std::map<std::string, Place> places;
  for (const std::string& pointer : pointers) {
    std::string at = pointer;
    while (!at.empty() && found.count(at) == 0) at = ParentOf(at);
    const auto place = found.find(at);
    places[pointer] = place == found.end() ? Place{} : place->second;
  }
  return places;
}

std::vector<std::string> WithPlaces(std::string_view text, const std::string& file,
                                    const std::vector<std::string>& errors) {
  std::set<std::string> pointers;
  const auto pointer_of = [](const std::string& error) {
    const std::string pointer = error.substr(0, error.find(": "));
    return pointer == "/" ? std::string() : pointer;
  };
  for (const std::string& error : errors) pointers.insert(pointer_of(error));
  const auto places = PlacesOf(text, pointers);
  std::vector<std::string> lines;
  for (const std::string& error : errors) {
    const Place& place = places.at(pointer_of(error));
    lines.push_back(file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) +
                    ": " + Printable(error));
  }
  return lines;
}

}  // namespace weighbridge
