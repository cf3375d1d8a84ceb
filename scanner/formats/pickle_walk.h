// The symbolic pickle walk: reads the opcodes of one pickle (protocols 0 to 5) and
// keeps what it would build as a tree of small nodes. Nothing is imported, called
// or executed. Imports are kept even when the walk later meets damage, since a
// loader has executed them by then.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// One value. Nodes refer to each other by index and may form cycles.
struct PickleNode {
  enum class Type : std::uint8_t {
    kUnknown,  // not kept, or nothing we model
    kNone,
    kBool,
    kInt,
    kFloat,
    kText,
    kBytes,       // number = length; content not kept
    kTuple,       // items
    kList,        // items
    kDict,        // items: key, value, key, value
    kSet,         // items
    kGlobal,      // a = module text node, b = name text node
    kObject,      // a = callable or class, b = arguments, c = state (0 none), items as set later
    kPersistent,  // a = the id
  };
  Type type = Type::kUnknown;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
  std::uint32_t list = 0;   // index of the item list, 0 none
  std::int64_t number = 0;  // kInt, kBool, kBytes; start of the text for kText
};

class PickleTree {
 public:
  // Node 0 is kUnknown and stands for everything that was not kept.
  const PickleNode& node(std::uint32_t index) const {
    return nodes_[index < nodes_.size() ? index : 0];
  }
  std::size_t size() const { return nodes_.size(); }
  std::string_view Text(const PickleNode& node) const;  // "" unless kText
  const std::vector<std::uint32_t>& Items(const PickleNode& node) const;
  // "module.name" of a global or of an object's class, "" otherwise.
  std::string GlobalName(const PickleNode& node) const;
  // Value of a text key in a dict node, 0 when absent.
  std::uint32_t Find(const PickleNode& dict, std::string_view key) const;

  std::uint32_t Add(PickleNode node);  // 0 when the arena is full
  std::uint32_t AddText(std::string_view text);
  void Append(std::uint32_t node, std::uint32_t item);
  PickleNode& Mutable(std::uint32_t index) { return nodes_[index]; }
  bool full() const { return full_; }

 private:
  std::vector<PickleNode> nodes_{PickleNode{}};
  std::vector<std::vector<std::uint32_t>> lists_{std::vector<std::uint32_t>{}};
  std::string texts_;
  bool full_ = false;
};

struct PickleWalk {
  PickleTree tree;
  std::uint32_t root = 0;  // what STOP returned, else the lowest value built so far
  bool complete = false;   // STOP was reached
  Error fault;             // why not, when not complete
  std::uint64_t end = 0;   // absolute offset behind STOP or of the fault
  std::uint64_t opcodes = 0;
  std::uint64_t odd = 0;    // numbers and strings that no loader takes, passed over
  std::uint64_t bytes = 0;  // read, without those stepped over
  unsigned protocol = 0;
  bool printable_only = true;         // every opcode so far is one of protocol 0
  std::vector<PickleImport> imports;  // distinct, in order; member is ""
  bool imports_cut = false;           // more than kMaxImports
  bool tree_cut = false;              // some values were not kept

  static constexpr std::size_t kMaxImports = 1024;
};

// joblib puts raw array bytes behind the object that describes them. Only its own
// loader steps over them, so a walk as kPlain must come first: bytes hidden as an
// array from one loader are opcodes to the other.
enum class PickleDialect { kPlain, kJoblib };

// Walks the pickle at `offset`. Thread-safe; keeps no reference to source.
PickleWalk WalkPickle(const ByteSource& source, std::uint64_t offset, const Limits& limits,
                      PickleDialect dialect = PickleDialect::kPlain);

}  // namespace weighbridge
