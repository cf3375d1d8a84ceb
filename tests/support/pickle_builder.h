// Writes pickle opcodes (protocol 2 unless said otherwise) for tests.
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/zip_builder.h"

namespace weighbridge::test {

class PickleBuilder {
 public:
  explicit PickleBuilder(int protocol = 2) {
    if (protocol >= 2) Op(0x80).Op(static_cast<std::uint8_t>(protocol));
  }
  PickleBuilder& Op(std::uint8_t op) {
    bytes_.push_back(op);
    return *this;
  }
  PickleBuilder& Raw(const std::string& text) {
    PutText(bytes_, text);
    return *this;
  }
  PickleBuilder& Global(const std::string& module, const std::string& name) {
    return Raw("c" + module + "\n" + name + "\n");
  }
  PickleBuilder& StackGlobal(const std::string& module, const std::string& name) {
    return Short(module).Short(name).Op(0x93);
  }
  PickleBuilder& Short(const std::string& text) {  // SHORT_BINUNICODE
    Op(0x8c).Op(static_cast<std::uint8_t>(text.size()));
    return Raw(text);
  }
  PickleBuilder& Text(const std::string& text) {  // BINUNICODE
    Op('X');
    PutLe(bytes_, text.size(), 4);
    return Raw(text);
  }
  PickleBuilder& Int(std::uint64_t value) {
    if (value < 256) {
      Op('K');
      PutLe(bytes_, value, 1);
    } else if (value < 0x7FFFFFFF) {
      Op('J');
      PutLe(bytes_, value, 4);
    } else {
      Op(0x8a).Op(8);
      PutLe(bytes_, value, 8);
    }
    return *this;
  }
  PickleBuilder& None() { return Op('N'); }
  PickleBuilder& Mark() { return Op('('); }
  PickleBuilder& Tuple() { return Op('t'); }  // since the mark
  PickleBuilder& Reduce() { return Op('R'); }
  PickleBuilder& SetItems() { return Op('u'); }
  PickleBuilder& EmptyTuple() { return Op(')'); }
  PickleBuilder& EmptyDict() { return Op('}'); }
  PickleBuilder& Put(std::uint8_t index) { return Op('q').Op(index); }
  PickleBuilder& Get(std::uint8_t index) { return Op('h').Op(index); }
  Bytes Stop() {
    Op('.');
    return bytes_;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace weighbridge::test
