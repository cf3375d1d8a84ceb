// The stack machine; what the opcodes do is in pickle_opcodes.cc.
//
// Opcodes as in CPython's Lib/pickletools.py (protocols 0 to 5). A pickle is a
// program for a stack machine: values are pushed, MARK opens a group, the memo is a
// table of values by number, STOP returns the top. Frame lengths (protocol 4) only
// help a reader to buffer: they are read and not trusted.
//
// Real pickles depart: PyTorch puts five pickles behind each other; joblib puts raw
// array bytes behind the object that describes them, in the middle of the stream
// (joblib/numpy_pickle.py, NumpyArrayWrapper.read).
#include "scanner/formats/pickle_walk.h"

#include <algorithm>

#include "scanner/formats/pickle_imports.h"
#include "scanner/formats/pickle_walker.h"

namespace weighbridge {

void PickleWalker::Push(std::uint32_t value) {
  if (stack_.size() >= limits_.max_pickle_stack) {
    // The lower half is forgotten: those values are unknown when they come up again.
    const std::size_t half = stack_.size() - stack_.size() / 2;
    stack_.erase(stack_.begin(), stack_.begin() + static_cast<std::ptrdiff_t>(half));
    forgotten_ += half;
    walk_.tree_cut = true;
  }
  stack_.push_back(value);
}

void PickleWalker::PushMark() {
  if (marks_.size() >= limits_.max_pickle_stack) {
    const std::size_t half = marks_.size() - marks_.size() / 2;
    marks_.erase(marks_.begin(), marks_.begin() + static_cast<std::ptrdiff_t>(half));
    forgotten_marks_ += half;
    walk_.tree_cut = true;
  }
  marks_.push_back(Depth());
}

void PickleWalker::PushTyped(Type type, std::int64_t number) {
  PickleNode node;
  node.type = type;
  node.number = number;
  PushNode(node);
}

std::uint32_t PickleWalker::Pop() {
  const std::size_t floor = marks_.empty() ? 0 : marks_.back();
  if (Depth() <= floor) {
    in_.Fail(ErrorCode::kMalformed, "opcode takes a value from an empty stack");
    return 0;
  }
  if (stack_.empty()) {
    --forgotten_;
    return 0;
  }
  const std::uint32_t value = stack_.back();
  stack_.pop_back();
  return value;
}

std::vector<std::uint32_t> PickleWalker::PopToMark() {
  if (marks_.empty() && forgotten_marks_ == 0) {
    in_.Fail(ErrorCode::kMalformed, "opcode needs a mark and there is none");
    return {};
  }
  std::size_t from = stack_.size();  // a forgotten mark: nothing above it, that loses least
  if (marks_.empty()) {
    --forgotten_marks_;
  } else {
    const std::size_t mark = std::min(marks_.back(), Depth());
    marks_.pop_back();
    from = mark > forgotten_ ? mark - forgotten_ : 0;
    forgotten_ = std::min(forgotten_, mark);
  }
  std::vector<std::uint32_t> items(stack_.begin() + static_cast<std::ptrdiff_t>(from),
                                   stack_.end());
  stack_.resize(from);
  return items;
}

void PickleWalker::PushTuple(const std::vector<std::uint32_t>& items, Type type) {
  PickleNode node;
  node.type = type;
  const std::uint32_t index = walk_.tree.Add(node);
  for (const std::uint32_t item : items) walk_.tree.Append(index, item);
  Push(index);
}

// Items go to the list, set, dict or object that is now on top.
void PickleWalker::AppendAll(const std::vector<std::uint32_t>& items) {
  if (Depth() == 0) {
    in_.Fail(ErrorCode::kMalformed, "items without a container");
    return;
  }
  for (const std::uint32_t item : items) walk_.tree.Append(Top(), item);
}

void PickleWalker::Memoize(std::uint64_t index) {
  if (Depth() == 0) {
    in_.Fail(ErrorCode::kMalformed, "memo of an empty stack");
  } else if (memo_.size() >= limits_.max_pickle_memo && !memo_.contains(index)) {
    memo_full_ = walk_.tree_cut = true;  // not kept: unknown when it is recalled
  } else {
    memo_[index] = Top();
  }
}

void PickleWalker::Recall(std::uint64_t index) {
  const auto found = memo_.find(index);
  if (found == memo_.end() && memo_full_) return Push(0);
  if (found == memo_.end()) {
    in_.Fail(ErrorCode::kMalformed, "memo entry " + std::to_string(index) + " was never set");
    return;
  }
  Push(found->second);
}

void PickleWalker::Import(std::string_view module, std::string_view name) {
  std::string key(module);
  key += '\0';
  key += name;
  if (seen_.contains(key)) return;
  PickleImport import;
  import.module = std::string(module);
  import.name = std::string(name);
  import.risk = ClassifyPickleImport(module, name);
  if (walk_.imports.size() < PickleWalk::kMaxImports) {
    seen_.emplace(std::move(key), walk_.imports.size());
    walk_.imports.push_back(std::move(import));
    return;
  }
  walk_.imports_cut = true;
  // The list is full: something that runs code takes the place of something that does not.
  if (import.risk != PickleImport::Risk::kCodeExecution) return;
  for (std::size_t i = walk_.imports.size(); i-- > 0;) {
    if (walk_.imports[i].risk == PickleImport::Risk::kCodeExecution) continue;
    walk_.imports[i] = std::move(import);
    return;
  }
}

void PickleWalker::PushText(std::string_view text) {
  const std::uint32_t index = walk_.tree.AddText(text);
  if (index != 0) return Push(index);
  late_.resize(kMaxLate);
  late_serial_ = (late_serial_ + 1) & ~kLate;
  LateText& late = late_[late_serial_ % kMaxLate];
  late.serial = late_serial_;
  late.text = text.substr(0, kMaxLateText);
  Push(kLate | late_serial_);
}

bool PickleWalker::TextOf(std::uint32_t value, std::string* text) const {
  if ((value & kLate) == 0) {
    const PickleNode& node = walk_.tree.node(value);
    *text = walk_.tree.Text(node);
    return node.type == Type::kText;
  }
  const std::uint32_t serial = value & ~kLate;
  if (late_.empty() || late_[serial % kMaxLate].serial != serial) return false;
  *text = late_[serial % kMaxLate].text;
  return true;
}

// STACK_GLOBAL. A pickler writes both names out; names that only the loader can
// compute are hidden from every reader, and "?" counts as code.
void PickleWalker::ImportFromStack() {
  const std::uint32_t name = Pop();
  const std::uint32_t module = Pop();
  std::string module_text;
  std::string name_text;
  if (!TextOf(module, &module_text)) module_text = "?";
  if (!TextOf(name, &name_text)) name_text = "?";
  if (in_.ok()) Import(module_text, name_text);
  PushGlobal(module, name);
}

void PickleWalker::PushGlobal(std::uint32_t module, std::uint32_t name) {
  PickleNode node;
  node.type = Type::kGlobal;
  node.a = module;
  node.b = name;
  PushNode(node);
}

void PickleWalker::PushObject(std::uint32_t callable, std::uint32_t arguments) {
  PickleNode node;
  node.type = Type::kObject;
  node.a = callable;
  node.b = arguments;
  PushNode(node);
}

bool PickleWalker::Stop() {
  const std::uint32_t result = Pop();
  if (suspended_.empty()) {
    walk_.root = result;
    stopped_ = in_.ok();
    return false;
  }
  stack_ = std::move(suspended_.back().stack);
  marks_ = std::move(suspended_.back().marks);
  memo_ = std::move(suspended_.back().memo);
  forgotten_ = suspended_.back().forgotten;
  forgotten_marks_ = suspended_.back().forgotten_marks;
  suspended_.pop_back();
  return in_.ok();
}

// After a fault: items of open groups go to the container below them, so that the
// lowest value shows what had been read.
void PickleWalker::Collapse() {
  forgotten_marks_ = 0;
  while (!marks_.empty()) {
    const std::vector<std::uint32_t> items = PopToMark();
    if (stack_.empty()) break;
    for (const std::uint32_t item : items) walk_.tree.Append(Top(), item);
  }
  if (!stack_.empty() && forgotten_ == 0) walk_.root = stack_.front();
}

bool PickleWalker::Step() {
  const std::uint8_t op = in_.ReadByte("an opcode");
  if (!in_.ok()) return false;
  if (op == '.') return Stop();
  if (op >= 0x80) walk_.printable_only = false;
  const bool known = Scalar(op) || Text(op) || Container(op) || StackAndMemo(op) || Call(op);
  if (!known) in_.Fail(ErrorCode::kMalformed, "opcode " + std::to_string(op) + " does not exist");
  return in_.ok();
}

PickleWalk PickleWalker::Run() {
  do {
    if (++walk_.opcodes > limits_.max_pickle_opcodes) {
      in_.Fail(ErrorCode::kLimitExceeded,
               "more than " + std::to_string(limits_.max_pickle_opcodes) + " opcodes");
      break;
    }
  } while (Step());
  walk_.complete = stopped_;
  walk_.end = in_.position();
  walk_.bytes = in_.bytes_read();
  if (!stopped_) {
    walk_.fault = in_.error();
    Collapse();
  }
  walk_.tree_cut = walk_.tree_cut || walk_.tree.full();
  return std::move(walk_);
}

PickleWalk WalkPickle(const ByteSource& source, std::uint64_t offset, const Limits& limits,
                      PickleDialect dialect) {
  return PickleWalker(source, offset, limits, dialect).Run();
}

}  // namespace weighbridge
