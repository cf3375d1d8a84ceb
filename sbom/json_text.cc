// See json_text.h. Line breaks inside strings are escaped in JSON, so every raw one in
// a dumped value is layout and takes the indentation of the place it is put.
#include "sbom/json_text.h"

#include <utility>

namespace weighbridge {
namespace {

std::string Dump(const OrderedJson& value) {
  return value.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace

void JsonText::NewLine() {
  text_ += '\n';
  text_.append(2 * levels_.size(), ' ');
}

void JsonText::Start(std::string_view key) {
  if (!levels_.empty()) {
    if (!levels_.back().empty) text_ += ',';
    levels_.back().empty = false;
    NewLine();
  }
  if (!key.empty()) text_ += Dump(OrderedJson(std::string(key))) + ": ";
}

void JsonText::Open(std::string_view key, char opener, char closer) {
  Start(key);
  text_ += opener;
  levels_.push_back({closer, true});
}

void JsonText::Close() {
  if (levels_.empty()) return;
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty) NewLine();
  text_ += level.closer;
}

void JsonText::Put(std::string_view key, const OrderedJson& value) {
  Start(key);
  for (const char c : Dump(value)) {
    if (c == '\n') {
      NewLine();
    } else {
      text_ += c;
    }
  }
}

void JsonText::PutAll(const OrderedJson& members) {
  for (const auto& member : members.items()) Put(member.key(), member.value());
}

std::string JsonText::Finish() {
  text_ += '\n';
  return std::move(text_);
}

}  // namespace weighbridge
