// joblib's arrays: raw bytes behind the object that describes them, in the middle of the
// opcodes (joblib/numpy_pickle.py, NumpyArrayWrapper.read).
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/pickle_walker.h"

namespace weighbridge {

// Bytes per element of numpy.dtype('f8', ...), 0 for objects or when not known.
std::uint64_t PickleWalker::ItemBytes(const PickleNode& dtype) const {
  const auto& arguments = walk_.tree.Items(walk_.tree.node(dtype.b));
  if (arguments.empty()) return 0;
  const std::string_view code = walk_.tree.Text(walk_.tree.node(arguments[0]));
  if (code.size() < 2 || code[0] == 'O') return 0;
  const std::uint64_t count = ParseUint(code.substr(1)).value_or(0);
  return code[0] == 'U' && count < (1U << 30) ? count * 4 : count;
}

void PickleWalker::StepOverArray(std::uint32_t wrapper) {
  const PickleTree& tree = walk_.tree;
  const PickleNode& object = tree.node(wrapper);
  if (tree.GlobalName(object) != "joblib.numpy_pickle.NumpyArrayWrapper") return;
  const PickleNode& state = tree.node(object.c);
  const PickleNode& dtype = tree.node(tree.Find(state, "dtype"));
  const std::uint64_t item_bytes = ItemBytes(dtype);
  if (item_bytes == 0) {  // an array of objects: a pickle of its own follows
    if (suspended_.size() >= 16) return in_.Fail(ErrorCode::kLimitExceeded, "nested pickles");
    suspended_.push_back(
        {std::move(stack_), std::move(marks_), std::move(memo_), forgotten_, forgotten_marks_});
    forgotten_ = forgotten_marks_ = 0;
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

}  // namespace weighbridge
