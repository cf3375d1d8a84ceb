#include "scanner/base/json.h"

#include <set>
#include <string>

namespace weighbridge {
namespace {

// Builds the DOM while counting; stops at the first limit or error. A SAX handler
// keeps recursion out: nesting costs heap, and is capped before it does.
class BoundedBuilder : public nlohmann::json_sax<Json> {
 public:
  BoundedBuilder(Json& root, const Limits& limits, bool refuse_duplicates)
      : root_(root), limits_(limits), refuse_duplicates_(refuse_duplicates) {}

  bool null() override { return Put(nullptr); }
  bool boolean(bool value) override { return Put(value); }
  bool number_integer(number_integer_t value) override { return Put(value); }
  bool number_unsigned(number_unsigned_t value) override { return Put(value); }
  bool number_float(number_float_t value, const string_t&) override { return Put(value); }
  bool string(string_t& value) override { return Put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(Json::object()); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(Json::array()); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    if (refuse_duplicates_ && stack_.back()->contains(name)) {
      error = {ErrorCode::kMalformed, "duplicate key \"" + name.substr(0, 100) + "\""};
      return false;
    }
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    error = {ErrorCode::kMalformed, ""};
    error_position = position;
    return false;
  }

  Error error{ErrorCode::kMalformed, ""};
  std::size_t error_position = 0;

 private:
  template <typename T>
  bool Put(T&& value) {
    return Add(Json(std::forward<T>(value))) != nullptr;
  }

  Json* Add(Json value) {
    if (++values_ > limits_.max_json_values) {
      error = {ErrorCode::kLimitExceeded,
               "more than " + std::to_string(limits_.max_json_values) + " JSON values"};
      return nullptr;
    }
    if (stack_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *stack_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    Json& slot = parent[key_];
    slot = std::move(value);
    return &slot;
  }

  bool Open(Json value) {
    if (stack_.size() >= limits_.max_json_depth) {
      error = {ErrorCode::kLimitExceeded,
               "JSON nested deeper than " + std::to_string(limits_.max_json_depth)};
      return false;
    }
    Json* added = Add(std::move(value));
    if (added == nullptr) return false;
    stack_.push_back(added);
    return true;
  }
  bool Close() {
    stack_.pop_back();
    return true;
  }

  Json& root_;
  const Limits& limits_;
  bool refuse_duplicates_;
  std::vector<Json*> stack_;
  std::string key_;
  std::uint64_t values_ = 0;
};

std::string LineAndColumn(std::string_view text, std::size_t position) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (std::size_t i = 0; i + 1 < position && i < text.size(); ++i) {
    ++column;
    if (text[i] == '\n') {
      ++line;
      column = 1;
    }
  }
  return std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace

Result<Json> ParseJson(std::string_view text, const Limits& limits, JsonOptions options) {
  if (text.size() > limits.max_json_bytes) {
    return Error{ErrorCode::kLimitExceeded, "JSON of " + std::to_string(text.size()) +
                                                " bytes, limit " +
                                                std::to_string(limits.max_json_bytes)};
  }
  // The parser would take a NUL byte for the end of the text.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return Error{ErrorCode::kMalformed, LineAndColumn(text, nul + 1) + ": a NUL byte"};
  }
  Json root;
  BoundedBuilder builder(root, limits, options.refuse_duplicate_keys);
  try {
    if (Json::sax_parse(text.begin(), text.end(), &builder, Json::input_format_t::json, true,
                        options.allow_comments)) {
      return root;
    }
  } catch (const std::exception&) {
    return Error{ErrorCode::kMalformed, "not valid JSON"};
  }
  if (builder.error.message.empty()) {
    return Error{ErrorCode::kMalformed,
                 LineAndColumn(text, builder.error_position) + ": not valid JSON"};
  }
  return builder.error;
}

const Json* Find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

std::string StringOr(const Json& object, const char* key, std::string otherwise) {
  const Json* value = Find(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::move(otherwise);
}

std::string Dump(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace weighbridge
