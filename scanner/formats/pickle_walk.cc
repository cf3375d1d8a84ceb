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
#include <unordered_map>

#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/pickle_imports.h"
#include "scanner/formats/pickle_input.h"
#include "scanner/formats/pickle_text.h"

namespace weighbridge {
namespace {

using Type = PickleNode::Type;

class Walker {
 public:
  Walker(const ByteSource& source, std::uint64_t offset, const Limits& limits,
         PickleDialect dialect)
      : in_(source, offset, limits.max_pickle_bytes), limits_(limits), dialect_(dialect) {}

  PickleWalk Run();

 private:
  bool Step();
  bool Scalar(std::uint8_t op);
  bool Text(std::uint8_t op);
  bool Container(std::uint8_t op);
  bool StackAndMemo(std::uint8_t op);
  bool Call(std::uint8_t op);

  void Push(std::uint32_t value);
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
  void PushGlobal(std::uint32_t module, std::uint32_t name);
  void PushObject(std::uint32_t callable, std::uint32_t arguments);
  std::uint64_t LineNumber(const char* field);
  void StepOverArray(std::uint32_t wrapper);
  std::uint64_t ItemBytes(const PickleNode& dtype) const;
  bool Stop();
  void Collapse();

  // What an outer pickle had on its stack when a nested one began.
  struct Suspended {
    std::vector<std::uint32_t> stack;
    std::vector<std::size_t> marks;
    std::unordered_map<std::uint64_t, std::uint32_t> memo;
  };

  PickleInput in_;
  const Limits& limits_;
  PickleDialect dialect_;
  std::vector<Suspended> suspended_;
  PickleWalk walk_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, std::uint32_t> memo_;
  std::unordered_map<std::string, std::size_t> seen_;
  bool stopped_ = false;
};

void Walker::Push(std::uint32_t value) {
  if (stack_.size() >= limits_.max_pickle_stack) {
    in_.Fail(ErrorCode::kLimitExceeded,
             "stack of more than " + std::to_string(limits_.max_pickle_stack) + " values");
    return;
  }
  stack_.push_back(value);
}

void Walker::PushTyped(Type type, std::int64_t number) {
  PickleNode node;
  node.type = type;
  node.number = number;
  PushNode(node);
}

std::uint32_t Walker::Pop() {
  const std::size_t floor = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() <= floor) {
    in_.Fail(ErrorCode::kMalformed, "opcode takes a value from an empty stack");
    return 0;
  }
  const std::uint32_t value = stack_.back();
  stack_.pop_back();
  return value;
}

std::vector<std::uint32_t> Walker::PopToMark() {
  if (marks_.empty()) {
    in_.Fail(ErrorCode::kMalformed, "opcode needs a mark and there is none");
    return {};
  }
  const std::size_t from = std::min(marks_.back(), stack_.size());
  marks_.pop_back();
  std::vector<std::uint32_t> items(stack_.begin() + static_cast<std::ptrdiff_t>(from),
                                   stack_.end());
  stack_.resize(from);
  return items;
}

void Walker::PushTuple(const std::vector<std::uint32_t>& items, Type type) {
  PickleNode node;
  node.type = type;
  const std::uint32_t index = walk_.tree.Add(node);
  for (const std::uint32_t item : items) walk_.tree.Append(index, item);
  Push(index);
}

// Items go to the list, set, dict or object that is now on top.
void Walker::AppendAll(const std::vector<std::uint32_t>& items) {
  if (stack_.empty()) {
    in_.Fail(ErrorCode::kMalformed, "items without a container");
    return;
  }
  for (const std::uint32_t item : items) walk_.tree.Append(Top(), item);
}

void Walker::Memoize(std::uint64_t index) {
  if (stack_.empty()) {
    in_.Fail(ErrorCode::kMalformed, "memo of an empty stack");
  } else if (memo_.size() >= limits_.max_pickle_memo && !memo_.contains(index)) {
    in_.Fail(ErrorCode::kLimitExceeded,
             "memo of more than " + std::to_string(limits_.max_pickle_memo) + " values");
  } else {
    memo_[index] = Top();
  }
}

void Walker::Recall(std::uint64_t index) {
  const auto found = memo_.find(index);
  if (found == memo_.end()) {
    in_.Fail(ErrorCode::kMalformed, "memo entry " + std::to_string(index) + " was never set");
    return;
  }
  Push(found->second);
}

void Walker::Import(std::string_view module, std::string_view name) {
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

void Walker::PushGlobal(std::uint32_t module, std::uint32_t name) {
  PickleNode node;
  node.type = Type::kGlobal;
  node.a = module;
  node.b = name;
  PushNode(node);
}

void Walker::PushObject(std::uint32_t callable, std::uint32_t arguments) {
  PickleNode node;
  node.type = Type::kObject;
  node.a = callable;
  node.b = arguments;
  PushNode(node);
}

std::uint64_t Walker::LineNumber(const char* field) {
  const std::string line = in_.ReadLine(field);
  const auto value = ParseUint(Trim(line));
  if (in_.ok() && !value) in_.Fail(ErrorCode::kMalformed, std::string(field) + " is no number");
  return value.value_or(0);
}

bool Walker::Scalar(std::uint8_t op) {
  switch (op) {
    case 'N': PushTyped(Type::kNone); return true;
    case 0x88: PushTyped(Type::kBool, 1); return true;
    case 0x89: PushTyped(Type::kBool, 0); return true;
    case 'K':
      PushTyped(Type::kInt, static_cast<std::int64_t>(in_.ReadLe(1, "BININT1")));
      return true;
    case 'M':
      PushTyped(Type::kInt, static_cast<std::int64_t>(in_.ReadLe(2, "BININT2")));
      return true;
    case 'J':
      PushTyped(Type::kInt, static_cast<std::int32_t>(in_.ReadLe(4, "BININT")));
      return true;
    case 'G':
      in_.Skip(8, "BINFLOAT");
      PushTyped(Type::kFloat);
      return true;
    case 'F':
      (void)in_.ReadLine("FLOAT");
      PushTyped(Type::kFloat);
      return true;
    case 'I':
    case 'L': {
      const std::string line = in_.ReadLine(op == 'I' ? "INT" : "LONG");
      std::int64_t value = 0;
      const PickleNumber kind = ParsePickleNumber(line, &value);
      if (kind == PickleNumber::kBad && in_.ok()) {
        in_.Fail(ErrorCode::kMalformed, "INT or LONG is no number");
      }
      PushTyped(kind == PickleNumber::kInt    ? Type::kInt
                : kind == PickleNumber::kBool ? Type::kBool
                                              : Type::kUnknown,
                value);
      return true;
    }
    case 0x8a:
    case 0x8b: {
      const std::uint64_t count = in_.ReadLe(op == 0x8a ? 1 : 4, "LONG length");
      if (count > 8) {
        in_.Skip(count, "LONG");
        PushTyped(Type::kUnknown);
        return true;
      }
      const unsigned bits = static_cast<unsigned>(count) * 8;
      std::uint64_t value = in_.ReadLe(static_cast<unsigned>(count), "LONG");
      if (bits > 0 && bits < 64 && ((value >> (bits - 1)) & 1U) != 0) value |= ~0ULL << bits;
      PushTyped(Type::kInt, static_cast<std::int64_t>(value));
      return true;
    }
    default: return false;
  }
}

bool Walker::Text(std::uint8_t op) {
  const auto length = [this](unsigned bytes) { return in_.ReadLe(bytes, "text length"); };
  std::uint64_t count = 0;
  switch (op) {
    case 'S':
    case 'V': {
      const std::string line = in_.ReadLine(op == 'S' ? "STRING" : "UNICODE");
      std::string text = op == 'S' ? UnquotePickleString(line) : UnescapePickleUnicode(line);
      Push(walk_.tree.AddText(text));
      return true;
    }
    case 'U':
    case 0x8c: count = length(1); break;
    case 'T':
    case 'X': count = length(4); break;
    case 0x8d: count = length(8); break;
    case 'C': count = length(1); break;
    case 'B': count = length(4); break;
    case 0x8e:
    case 0x96: count = length(8); break;
    case 0x97: PushTyped(Type::kBytes); return true;
    case 0x98: return true;  // READONLY_BUFFER: the buffer stays on top
    default: return false;
  }
  if (op == 'B' || op == 'C' || op == 0x8e || op == 0x96) {
    in_.Skip(count, "bytes");
    PushTyped(Type::kBytes, static_cast<std::int64_t>(count));
    return true;
  }
  Push(walk_.tree.AddText(in_.ReadText(count, "text")));
  return true;
}

bool Walker::Container(std::uint8_t op) {
  switch (op) {
    case ']': PushTyped(Type::kList); return true;
    case '}': PushTyped(Type::kDict); return true;
    case ')': PushTyped(Type::kTuple); return true;
    case 0x8f: PushTyped(Type::kSet); return true;
    case 'l': PushTuple(PopToMark(), Type::kList); return true;
    case 'd': PushTuple(PopToMark(), Type::kDict); return true;
    case 't': PushTuple(PopToMark()); return true;
    case 0x91: PushTuple(PopToMark(), Type::kSet); return true;
    case 'e':
    case 'u':
    case 0x90: AppendAll(PopToMark()); return true;
    case 'a': {
      const std::uint32_t item = Pop();
      AppendAll({item});
      return true;
    }
    case 's': {
      const std::uint32_t value = Pop();
      const std::uint32_t key = Pop();
      AppendAll({key, value});
      return true;
    }
    case 0x85:
    case 0x86:
    case 0x87: {
      std::vector<std::uint32_t> items(static_cast<std::size_t>(op - 0x84));
      for (std::size_t i = items.size(); i-- > 0;) items[i] = Pop();
      PushTuple(items);
      return true;
    }
    default: return false;
  }
}

bool Walker::StackAndMemo(std::uint8_t op) {
  switch (op) {
    case '(': marks_.push_back(stack_.size()); break;
    case '0':
      // POP removes a mark when nothing lies above it (CPython does the same).
      if (!marks_.empty() && stack_.size() == marks_.back()) {
        marks_.pop_back();
      } else {
        (void)Pop();
      }
      break;
    case '1': (void)PopToMark(); break;
    case '2':
      if (stack_.empty()) in_.Fail(ErrorCode::kMalformed, "DUP of an empty stack");
      Push(Top());
      break;
    case 'p': Memoize(LineNumber("PUT")); break;
    case 'q': Memoize(in_.ReadLe(1, "BINPUT")); break;
    case 'r': Memoize(in_.ReadLe(4, "LONG_BINPUT")); break;
    case 0x94: Memoize(memo_.size()); break;
    case 'g': Recall(LineNumber("GET")); break;
    case 'h': Recall(in_.ReadLe(1, "BINGET")); break;
    case 'j': Recall(in_.ReadLe(4, "LONG_BINGET")); break;
    case 0x80: walk_.protocol = static_cast<unsigned>(in_.ReadLe(1, "PROTO")); break;
    case 0x95: (void)in_.ReadLe(8, "FRAME"); break;
    default: return false;
  }
  if (marks_.size() > limits_.max_pickle_stack) {
    in_.Fail(ErrorCode::kLimitExceeded, "too many marks");
  }
  return true;
}

bool Walker::Call(std::uint8_t op) {
  PickleTree& tree = walk_.tree;
  switch (op) {
    case 'c':
    case 'i': {
      const std::string module = in_.ReadLine("module");
      const std::string name = in_.ReadLine("name");
      if (!in_.ok()) return true;
      Import(module, name);
      const std::uint32_t module_node = tree.AddText(module);
      PushGlobal(module_node, tree.AddText(name));
      if (op == 'c') return true;
      const std::uint32_t callable = Pop();
      PushTuple(PopToMark());
      const std::uint32_t arguments = Pop();
      PushObject(callable, arguments);
      return true;
    }
    case 0x93: {
      const std::uint32_t name = Pop();
      const std::uint32_t module = Pop();
      const bool known =
          tree.node(name).type == Type::kText && tree.node(module).type == Type::kText;
      Import(known ? tree.Text(tree.node(module)) : "?", known ? tree.Text(tree.node(name)) : "?");
      PushGlobal(module, name);
      return true;
    }
    case 0x82:
    case 0x83:
    case 0x84: {
      const std::uint64_t code = in_.ReadLe(op == 0x84 ? 4 : op - 0x81U, "EXT code");
      Import("copyreg", "extension " + std::to_string(code));
      PushTyped(Type::kUnknown);
      return true;
    }
    case 'R':
    case 0x81: {
      const std::uint32_t arguments = Pop();
      const std::uint32_t callable = Pop();
      PushObject(callable, arguments);
      return true;
    }
    case 0x92: {
      (void)Pop();  // keyword arguments
      const std::uint32_t arguments = Pop();
      const std::uint32_t callable = Pop();
      PushObject(callable, arguments);
      return true;
    }
    case 'o': {
      std::vector<std::uint32_t> items = PopToMark();
      const std::uint32_t callable = items.empty() ? 0 : items.front();
      if (!items.empty()) items.erase(items.begin());
      PushTuple(items);
      const std::uint32_t arguments = Pop();
      PushObject(callable, arguments);
      return true;
    }
    case 'b': {
      const std::uint32_t state = Pop();
      if (stack_.empty()) {
        in_.Fail(ErrorCode::kMalformed, "BUILD without an object");
      } else if (tree.node(Top()).type == Type::kObject && Top() != 0) {
        tree.Mutable(Top()).c = state;
        if (dialect_ == PickleDialect::kJoblib) StepOverArray(Top());
      }
      return true;
    }
    case 'P':
    case 'Q': {
      PickleNode node;
      node.type = Type::kPersistent;
      node.a = op == 'Q' ? Pop() : tree.AddText(in_.ReadLine("persistent id"));
      PushNode(node);
      return true;
    }
    default: return false;
  }
}

// Bytes per element of numpy.dtype('f8', ...), 0 for objects or when not known.
std::uint64_t Walker::ItemBytes(const PickleNode& dtype) const {
  const auto& arguments = walk_.tree.Items(walk_.tree.node(dtype.b));
  if (arguments.empty()) return 0;
  const std::string_view code = walk_.tree.Text(walk_.tree.node(arguments[0]));
  if (code.size() < 2 || code[0] == 'O') return 0;
  const std::uint64_t count = ParseUint(code.substr(1)).value_or(0);
  return code[0] == 'U' && count < (1U << 30) ? count * 4 : count;
}

void Walker::StepOverArray(std::uint32_t wrapper) {
  const PickleTree& tree = walk_.tree;
  const PickleNode& object = tree.node(wrapper);
  if (tree.GlobalName(object) != "joblib.numpy_pickle.NumpyArrayWrapper") return;
  const PickleNode& state = tree.node(object.c);
  const PickleNode& dtype = tree.node(tree.Find(state, "dtype"));
  const std::uint64_t item_bytes = ItemBytes(dtype);
  if (item_bytes == 0) {  // an array of objects: a pickle of its own follows
    if (suspended_.size() >= 16) return in_.Fail(ErrorCode::kLimitExceeded, "nested pickles");
    suspended_.push_back({std::move(stack_), std::move(marks_), std::move(memo_)});
    stack_.clear();
    marks_.clear();
    memo_.clear();
    return;
  }
  std::uint64_t bytes = item_bytes;
  for (const std::uint32_t size : tree.Items(tree.node(tree.Find(state, "shape")))) {
    const PickleNode& count = tree.node(size);
    const bool good = count.type == Type::kInt && count.number >= 0 &&
                      CheckedMul(bytes, static_cast<std::uint64_t>(count.number), &bytes);
    if (!good) return in_.Fail(ErrorCode::kMalformed, "shape of a joblib array");
  }
  if (tree.Find(state, "numpy_array_alignment_bytes") != 0) {
    in_.Skip(in_.ReadByte("array padding length"), "array padding");
  }
  in_.Skip(bytes, "joblib array");
}

bool Walker::Stop() {
  const std::uint32_t result = Pop();
  if (suspended_.empty()) {
    walk_.root = result;
    stopped_ = in_.ok();
    return false;
  }
  stack_ = std::move(suspended_.back().stack);
  marks_ = std::move(suspended_.back().marks);
  memo_ = std::move(suspended_.back().memo);
  suspended_.pop_back();
  return in_.ok();
}

// After a fault: items of open groups go to the container below them, so that the
// lowest value shows what had been read.
void Walker::Collapse() {
  while (!marks_.empty()) {
    const std::vector<std::uint32_t> items = PopToMark();
    if (stack_.empty()) break;
    for (const std::uint32_t item : items) walk_.tree.Append(Top(), item);
  }
  if (!stack_.empty()) walk_.root = stack_.front();
}

bool Walker::Step() {
  const std::uint8_t op = in_.ReadByte("an opcode");
  if (!in_.ok()) return false;
  if (op == '.') return Stop();
  if (op >= 0x80) walk_.printable_only = false;
  const bool known = Scalar(op) || Text(op) || Container(op) || StackAndMemo(op) || Call(op);
  if (!known) in_.Fail(ErrorCode::kMalformed, "opcode " + std::to_string(op) + " does not exist");
  return in_.ok();
}

PickleWalk Walker::Run() {
  do {
    if (++walk_.opcodes > limits_.max_pickle_opcodes) {
      in_.Fail(ErrorCode::kLimitExceeded,
               "more than " + std::to_string(limits_.max_pickle_opcodes) + " opcodes");
      break;
    }
  } while (Step());
  walk_.complete = stopped_;
  walk_.end = in_.position();
  if (!stopped_) {
    walk_.fault = in_.error();
    Collapse();
  }
  walk_.tree_cut = walk_.tree.full();
  return std::move(walk_);
}

}  // namespace

PickleWalk WalkPickle(const ByteSource& source, std::uint64_t offset, const Limits& limits,
                      PickleDialect dialect) {
  return Walker(source, offset, limits, dialect).Run();
}

}  // namespace weighbridge
