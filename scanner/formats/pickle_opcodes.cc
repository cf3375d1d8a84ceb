// What each opcode does to the walker's stack and memo (CPython's Lib/pickletools.py and
// Modules/_pickle.c). Where that loader would stop, going on is harmless; where it goes
// on, so must this: an import that it executes has to be seen.
#include "scanner/base/text.h"
#include "scanner/formats/pickle_imports.h"
#include "scanner/formats/pickle_walker.h"

namespace weighbridge {

// No loader takes a number that is bad; one that is would have stopped there, so going
// on can only find more.
PickleNumber PickleWalker::ReadIndex(const char* field, std::int64_t* index) {
  const PickleNumber kind = ParsePickleIndex(in_.ReadLine(field), index);
  if (kind == PickleNumber::kInt && *index >= 0) return kind;
  if (in_.ok()) ++walk_.odd;
  return PickleNumber::kBad;
}

bool PickleWalker::Scalar(std::uint8_t op) {
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
      if (!IsPickleFloat(in_.ReadLine("FLOAT")) && in_.ok()) ++walk_.odd;
      PushTyped(Type::kFloat);
      return true;
    case 'I':
    case 'L': {
      std::string line = in_.ReadLine(op == 'I' ? "INT" : "LONG");
      if (line.size() == PickleInput::kMaxText && line.back() == '_') line.pop_back();  // cut there
      std::int64_t value = 0;
      const PickleNumber kind = ParsePickleNumber(line, &value);
      const bool blank = line.size() == PickleInput::kMaxText && Trim(line).empty();
      if (kind == PickleNumber::kBad && in_.ok() && !blank) ++walk_.odd;
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

bool PickleWalker::Text(std::uint8_t op) {
  const auto length = [this](unsigned bytes) { return in_.ReadLe(bytes, "text length"); };
  std::uint64_t count = 0;
  switch (op) {
    case 'S':
    case 'V': {
      const std::string line = in_.ReadLine(op == 'S' ? "STRING" : "UNICODE");
      std::string text = op == 'S' ? UnquotePickleString(line) : UnescapePickleUnicode(line);
      if (op == 'S' && in_.ok() && !IsPickleString(line)) ++walk_.odd;
      PushText(text);
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
  PushText(in_.ReadText(count, "text"));
  return true;
}

bool PickleWalker::Container(std::uint8_t op) {
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

bool PickleWalker::StackAndMemo(std::uint8_t op) {
  switch (op) {
    case '(': PushMark(); break;
    case '0':
      // POP removes a mark when nothing lies above it (CPython does the same).
      if (!marks_.empty() && Depth() == marks_.back()) {
        marks_.pop_back();
      } else {
        (void)Pop();
      }
      break;
    case '1': (void)PopToMark(); break;
    case '2':
      if (Depth() == 0) in_.Fail(ErrorCode::kMalformed, "DUP of an empty stack");
      Push(Top());
      break;
    case 'p': {
      std::int64_t index = 0;
      if (ReadIndex("PUT", &index) == PickleNumber::kInt) {
        Memoize(static_cast<std::uint64_t>(index));
      }
      break;
    }
    case 'q': Memoize(in_.ReadLe(1, "BINPUT")); break;
    case 'r': Memoize(in_.ReadLe(4, "LONG_BINPUT")); break;
    case 0x94: Memoize(memo_.size()); break;
    case 'g': {
      std::int64_t index = 0;
      if (ReadIndex("GET", &index) == PickleNumber::kInt) {
        Recall(static_cast<std::uint64_t>(index));
      } else {
        PushTyped(Type::kUnknown);
      }
      break;
    }
    case 'h': Recall(in_.ReadLe(1, "BINGET")); break;
    case 'j': Recall(in_.ReadLe(4, "LONG_BINGET")); break;
    case 0x80: walk_.protocol = static_cast<unsigned>(in_.ReadLe(1, "PROTO")); break;
    case 0x95: (void)in_.ReadLe(8, "FRAME"); break;
    default: return false;
  }
  return true;
}

bool PickleWalker::Call(std::uint8_t op) {
  PickleTree& tree = walk_.tree;
  switch (op) {
    case 'c':
    case 'i': {
      const std::string module = in_.ReadLine("module");
      const bool whole_module = in_.ok();
      std::string name = in_.ReadLine("name");
      if (!in_.ok()) {  // CPython drops the last byte of a line that the end cuts, and imports
        if (whole_module && name.size() > 1) Import(module, name.substr(0, name.size() - 1));
        return true;
      }
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
    case 0x93: ImportFromStack(); return true;
    case 0x82:
    case 0x83:
    case 0x84: {
      const std::uint64_t code = in_.ReadLe(op == 0x84 ? 4 : op - 0x81U, "EXT code");
      Import("copyreg", kPickleExtension + std::to_string(code));
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
      if (Depth() == 0) {
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

}  // namespace weighbridge
