// PickleWalker: the machine behind WalkPickle(). The stack, the memo and imports are in
// pickle_walk.cc, what each opcode does in pickle_opcodes.cc, joblib's arrays in
// pickle_joblib.cc. Lives for one walk; not thread-safe.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "scanner/formats/pickle_input.h"
#include "scanner/formats/pickle_text.h"
#include "scanner/formats/pickle_walk.h"

namespace weighbridge {

class PickleWalker {
 public:
  PickleWalker(const ByteSource& source, std::uint64_t offset, const Limits& limits,
               PickleDialect dialect)
      : in_(source, offset, limits.max_pickle_bytes), limits_(limits), dialect_(dialect) {}

  PickleWalk Run();

 private:
  using Type = PickleNode::Type;

  bool Step();
  bool Scalar(std::uint8_t op);
  bool Text(std::uint8_t op);
  bool Container(std::uint8_t op);
  bool StackAndMemo(std::uint8_t op);
  bool Call(std::uint8_t op);

  std::size_t Depth() const { return forgotten_ + stack_.size(); }
  void Push(std::uint32_t value);
  void PushMark();
  void PushNode(PickleNode node) { Push(walk_.tree.Add(node)); }
  void PushTyped(Type type, std::int64_t number = 0);
  std::uint32_t Pop();
  std::uint32_t Top() const { return stack_.empty() ? 0 : stack_.back(); }
  std::vector<std::uint32_t> PopToMark();
  void PushTuple(const std::vector<std::uint32_t>& items, Type type = Type::kTuple);
  void AppendAll(const std::vector<std::uint32_t>& items);
  void Memoize(std::uint64_t index);
  void Recall(std::uint64_t index);
  void Import(std::string_view module, std::string_view name);
  void PushText(std::string_view text);
  bool TextOf(std::uint32_t value, std::string* text) const;
  void ImportFromStack();
  void PushGlobal(std::uint32_t module, std::uint32_t name);
  void PushObject(std::uint32_t callable, std::uint32_t arguments);
  PickleNumber ReadIndex(const char* field, std::int64_t* index);
  void StepOverArray(std::uint32_t wrapper);
  std::uint64_t ItemBytes(const PickleNode& dtype) const;
  bool Stop();
  void Collapse();

  // A text that the full tree had no room for. Values with kLate set name one by its
  // serial number; the store is a ring, and what was overwritten is not found again.
  struct LateText {
    std::uint32_t serial = 0;
    std::string text;
  };
  static constexpr std::uint32_t kLate = 1U << 31;
  static constexpr std::size_t kMaxLate = 1U << 14;
  static constexpr std::size_t kMaxLateText = 512;

  // What an outer pickle had on its stack when a nested one began.
  struct Suspended {
    std::vector<std::uint32_t> stack;
    std::vector<std::size_t> marks;
    std::unordered_map<std::uint64_t, std::uint32_t> memo;
    std::size_t forgotten = 0;
    std::size_t forgotten_marks = 0;
  };

  PickleInput in_;
  const Limits& limits_;
  PickleDialect dialect_;
  std::vector<Suspended> suspended_;
  PickleWalk walk_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;   // depths of the stack
  std::size_t forgotten_ = 0;        // values below stack_, see Push()
  std::size_t forgotten_marks_ = 0;  // marks below marks_
  bool memo_full_ = false;
  std::unordered_map<std::uint64_t, std::uint32_t> memo_;
  std::unordered_map<std::string, std::size_t> seen_;
  std::vector<LateText> late_;
  std::uint32_t late_serial_ = 0;
  bool stopped_ = false;
};

}  // namespace weighbridge
