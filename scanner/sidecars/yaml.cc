#include "scanner/sidecars/yaml.h"

#include <algorithm>
#include <utility>

#include <yaml.h>

namespace weighbridge {
namespace {

// A front matter of 256 KiB has at most half as many nodes; bounds memory.
constexpr std::size_t kMaxNodes = 131'072;

// The parser of libyaml, deleted with its scope.
class EventParser {
 public:
  explicit EventParser(std::string_view text) : ok_(yaml_parser_initialize(&parser_) == 1) {
    if (!ok_) return;
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, AsUnsigned(text), text.size());
  }
  ~EventParser() {
    if (ok_) yaml_parser_delete(&parser_);
  }
  EventParser(const EventParser&) = delete;
  EventParser& operator=(const EventParser&) = delete;

  // False at an error; the event is then empty.
  bool Next(yaml_event_t& event) { return ok_ && yaml_parser_parse(&parser_, &event) == 1; }
  std::string Problem() const {
    return ok_ && parser_.problem != nullptr ? parser_.problem : "not valid YAML";
  }
  std::size_t ProblemLine() const {
    return ok_ ? std::max(parser_.problem_mark.line, parser_.mark.line) : 0;
  }

 private:
  // libyaml asserts on a null pointer, which an empty view may hold.
  static const unsigned char* AsUnsigned(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
  }
  yaml_parser_t parser_{};
  bool ok_;
};

// One event, deleted with its scope.
struct Event {
  yaml_event_t value{};
  Event() = default;
  ~Event() { yaml_event_delete(&value); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
};

std::string TextOf(const yaml_event_t& event) {
  return {reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length};
}

// Builds the tree from events on an explicit stack; what is open when an error comes
// is closed as it stands.
class TreeBuilder {
 public:
  TreeBuilder(YamlDocument& document, const Limits& limits, std::size_t first_line)
      : document_(document), limits_(limits), first_line_(first_line) {}

  // False ends the reading.
  bool Take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return ++documents_ == 1 || Refuse(event, "more than one document");
      case YAML_ALIAS_EVENT: return Refuse(event, "aliases are refused");
      case YAML_SCALAR_EVENT: return TakeScalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return CheckProperties(event, event.data.sequence_start.anchor,
                               event.data.sequence_start.tag) &&
               Open(event, YamlNode::Kind::kList);
      case YAML_MAPPING_START_EVENT:
        return CheckProperties(event, event.data.mapping_start.anchor,
                               event.data.mapping_start.tag) &&
               Open(event, YamlNode::Kind::kMap);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: Close(); return true;
      case YAML_STREAM_END_EVENT: return false;
      default: return true;
    }
  }

  void FailAt(std::size_t line, ErrorCode code, const std::string& message) {
    document_.error = Error{code, std::to_string(first_line_ + line) + ": " + message};
  }

 private:
  struct Level {
    YamlNode node;
    bool has_key = false;  // next_key waits for its value
    std::string next_key;
  };

  bool Refuse(const yaml_event_t& event, const std::string& message,
              ErrorCode code = ErrorCode::kMalformed) {
    FailAt(event.start_mark.line, code, message);
    while (!levels_.empty()) Close();
    return false;
  }

  bool CheckProperties(const yaml_event_t& event, const yaml_char_t* anchor,
                       const yaml_char_t* tag) {
    if (anchor != nullptr) return Refuse(event, "anchors are refused");
    if (tag != nullptr) return Refuse(event, "tags are refused");
    return true;
  }

  bool TakeScalar(const yaml_event_t& event) {
    if (!CheckProperties(event, event.data.scalar.anchor, event.data.scalar.tag)) return false;
    const bool plain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    std::string text = TextOf(event);
    if (WantsKey()) {
      if (plain && text == "<<") return Refuse(event, "merge keys are refused");
      levels_.back().next_key = std::move(text);
      levels_.back().has_key = true;
      return true;
    }
    YamlNode node;
    node.kind = plain && (text.empty() || text == "~" || text == "null") ? YamlNode::Kind::kNull
                                                                         : YamlNode::Kind::kScalar;
    if (node.kind == YamlNode::Kind::kScalar) node.scalar = std::move(text);
    return Add(event, std::move(node));
  }

  bool WantsKey() const {
    return !levels_.empty() && levels_.back().node.kind == YamlNode::Kind::kMap &&
           !levels_.back().has_key;
  }

  bool Open(const yaml_event_t& event, YamlNode::Kind kind) {
    if (levels_.size() >= limits_.max_yaml_depth) {
      return Refuse(event, "nested deeper than " + std::to_string(limits_.max_yaml_depth),
                    ErrorCode::kLimitExceeded);
    }
    if (WantsKey()) return Refuse(event, "a map or list is a key");
    if (++nodes_ > kMaxNodes) return TooMany(event);
    Level level;
    level.node.kind = kind;
    levels_.push_back(std::move(level));
    return true;
  }

  void Close() {
    if (levels_.empty()) return;
    Level level = std::move(levels_.back());
    levels_.pop_back();
    Attach(std::move(level.node));
  }

  bool Add(const yaml_event_t& event, YamlNode node) {
    if (++nodes_ > kMaxNodes) return TooMany(event);
    Attach(std::move(node));
    return true;
  }

  bool TooMany(const yaml_event_t& event) {
    return Refuse(event, "more than " + std::to_string(kMaxNodes) + " nodes",
                  ErrorCode::kLimitExceeded);
  }

  void Attach(YamlNode node) {
    if (levels_.empty()) {
      document_.root = std::move(node);
      return;
    }
    Level& parent = levels_.back();
    if (parent.node.kind == YamlNode::Kind::kList) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.has_key) {
      parent.node.fields.push_back(YamlField{std::move(parent.next_key), std::move(node)});
      parent.has_key = false;
      parent.next_key.clear();
    }
  }

 public:
  void CloseAll() {
    while (!levels_.empty()) Close();
  }

 private:
  YamlDocument& document_;
  const Limits& limits_;
  std::size_t first_line_;
  std::vector<Level> levels_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

// The text up to the last whole line within the limit.
std::string_view Clamp(std::string_view text, std::uint64_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  const std::string_view cut = text.substr(0, static_cast<std::size_t>(max_bytes));
  const std::size_t newline = cut.rfind('\n');
  return newline == std::string_view::npos ? std::string_view() : cut.substr(0, newline + 1);
}

}  // namespace

YamlDocument ParseYaml(std::string_view text, const Limits& limits, std::size_t first_line) {
  YamlDocument document;
  const std::string_view clamped = Clamp(text, limits.max_yaml_bytes);
  EventParser parser(clamped);
  TreeBuilder builder(document, limits, first_line);
  for (bool more = true; more;) {
    Event event;
    if (!parser.Next(event.value)) {
      builder.FailAt(parser.ProblemLine(), ErrorCode::kMalformed, parser.Problem());
      break;
    }
    more = builder.Take(event.value);
  }
  builder.CloseAll();
  if (!document.error.has_value() && clamped.size() != text.size()) {
    const auto lines = static_cast<std::size_t>(std::count(clamped.begin(), clamped.end(), '\n'));
    builder.FailAt(lines, ErrorCode::kLimitExceeded,
                   "YAML of " + std::to_string(text.size()) + " bytes, limit " +
                       std::to_string(limits.max_yaml_bytes));
  }
  return document;
}

const YamlNode* FindYaml(const YamlNode& map, std::string_view key) {
  if (map.kind != YamlNode::Kind::kMap) return nullptr;
  for (const auto& [name, value] : map.fields) {
    if (name == key) return &value;
  }
  return nullptr;
}

}  // namespace weighbridge
