// A JSON document written as text piece by piece, so that a long array never stands in
// memory as a tree. The bytes are those of DumpDocument() of the whole document.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sbom/document.h"

namespace weighbridge {

class JsonText {
 public:
  // Opens an object or an array: the root, an element, or the member `key`.
  void OpenObject(std::string_view key = {}) { Open(key, '{', '}'); }
  void OpenArray(std::string_view key = {}) { Open(key, '[', ']'); }
  void Close();
  // A member of the open object.
  void Put(std::string_view key, const OrderedJson& value);
  // All members of `members`, in their order.
  void PutAll(const OrderedJson& members);
  // An element of the open array.
  void Push(const OrderedJson& value) { Put({}, value); }
  // The text so far; Finish() adds the final newline and hands the text over.
  const std::string& text() const { return text_; }
  std::string Finish();

 private:
  struct Level {
    char closer;
    bool empty;
  };
  void Open(std::string_view key, char opener, char closer);
  void Start(std::string_view key);
  void NewLine();

  std::string text_;
  std::vector<Level> levels_;
};

}  // namespace weighbridge
