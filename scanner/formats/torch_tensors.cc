// How torch.save describes a tensor (torch/_utils.py, torch/serialization.py):
//
//   REDUCE torch._utils._rebuild_tensor_v2
//     ( persistent ('storage', torch.FloatStorage, key, location, numel[, view]),
//       storage_offset, (size...), (stride...), requires_grad, hooks[, metadata] )
//
// _rebuild_parameter wraps such a tensor, _rebuild_tensor_v3 adds a dtype for untyped
// storages, _rebuild_from_type_v2 puts another callable in front.
#include "scanner/formats/torch_tensors.h"

#include <algorithm>
#include <array>

#include "scanner/base/checked_math.h"

namespace weighbridge {
namespace {

using Type = PickleNode::Type;

constexpr std::size_t kMaxDepth = 48;  // nested containers; real checkpoints stay below 10
constexpr std::size_t kMaxDims = 64;
constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::uint64_t kMaxNameTotal = 64ULL << 20;  // of all names of a file

struct DtypeRow {
  std::string_view torch_name;
  TorchDtype dtype;
};
// torch/storage.py and c10/core/ScalarType.h; names as in safetensors/src/tensor.rs.
constexpr auto kDtypes = std::to_array<DtypeRow>({
    {"FloatStorage", {"F32", 4}},
    {"DoubleStorage", {"F64", 8}},
    {"HalfStorage", {"F16", 2}},
    {"BFloat16Storage", {"BF16", 2}},
    {"LongStorage", {"I64", 8}},
    {"IntStorage", {"I32", 4}},
    {"ShortStorage", {"I16", 2}},
    {"CharStorage", {"I8", 1}},
    {"ByteStorage", {"U8", 1}},
    {"BoolStorage", {"BOOL", 1}},
    {"ComplexFloatStorage", {"C64", 8}},
    {"ComplexDoubleStorage", {"C128", 16}},
    {"QInt8Storage", {"QINT8", 1}},
    {"QUInt8Storage", {"QUINT8", 1}},
    {"QInt32Storage", {"QINT32", 4}},
    {"UntypedStorage", {"U8", 1}},
    {"_UntypedStorage", {"U8", 1}},
    {"float32", {"F32", 4}},
    {"float64", {"F64", 8}},
    {"float16", {"F16", 2}},
    {"bfloat16", {"BF16", 2}},
    {"int64", {"I64", 8}},
    {"int32", {"I32", 4}},
    {"int16", {"I16", 2}},
    {"int8", {"I8", 1}},
    {"uint8", {"U8", 1}},
    {"bool", {"BOOL", 1}},
    {"uint16", {"U16", 2}},
    {"uint32", {"U32", 4}},
    {"uint64", {"U64", 8}},
    {"complex64", {"C64", 8}},
    {"complex128", {"C128", 16}},
    {"float8_e4m3fn", {"F8_E4M3", 1}},
    {"float8_e5m2", {"F8_E5M2", 1}},
    {"float8_e8m0fnu", {"F8_E8M0", 1}},
    {"float8_e4m3fnuz", {"F8_E4M3FNUZ", 1}},
    {"float8_e5m2fnuz", {"F8_E5M2FNUZ", 1}},
});

// Keys below which trainers put the weights.
constexpr auto kWrappers = std::to_array<std::string_view>(
    {"state_dict", "model_state_dict", "model", "module", "params_ema", "params"});

std::string LastPart(const std::string& dotted) {
  const std::size_t dot = dotted.rfind('.');
  return dot == std::string::npos ? dotted : dotted.substr(dot + 1);
}

class Collector {
 public:
  Collector(const PickleTree& tree, const Limits& limits)
      : tree_(tree), limits_(limits), visited_(tree.size(), false) {}

  void Visit(std::uint32_t index, const std::string& path, std::size_t depth);
  TorchTensors out;

 private:
  bool IsTensor(const PickleNode& node) const;
  void AddTensor(std::uint32_t index, const std::string& name);
  bool Describe(const PickleNode& node, TorchTensor* tensor, std::size_t depth) const;
  bool ReadStorage(const PickleNode& persistent, TorchTensor* tensor) const;
  bool ReadNumbers(std::uint32_t index, std::vector<std::uint64_t>* out_numbers) const;
  bool Layout(const std::vector<std::uint64_t>& strides, std::uint64_t offset,
              TorchTensor* tensor) const;
  void VisitPairs(const std::vector<std::uint32_t>& items, const std::string& path,
                  std::size_t depth);
  void VisitSequence(const PickleNode& node, const std::string& path, std::size_t depth);
  void VisitObject(const PickleNode& node, const std::string& path, std::size_t depth);
  std::string Join(const std::string& path, std::string_view key) const;
  const PickleNode& Argument(const PickleNode& call, std::size_t index) const;

  const PickleTree& tree_;
  const Limits& limits_;
  std::vector<bool> visited_;
  std::uint64_t name_bytes_ = 0;
};

std::string Collector::Join(const std::string& path, std::string_view key) const {
  // nn.Module keeps its members in these three dictionaries.
  if (key == "_parameters" || key == "_buffers" || key == "_modules") return path;
  std::string joined = path;
  if (!joined.empty()) joined += '.';
  joined += key;
  if (joined.size() > kMaxNameBytes) joined.resize(kMaxNameBytes);
  return joined;
}

const PickleNode& Collector::Argument(const PickleNode& call, std::size_t index) const {
  const auto& arguments = tree_.Items(tree_.node(call.b));
  return tree_.node(index < arguments.size() ? arguments[index] : 0);
}

bool Collector::IsTensor(const PickleNode& node) const {
  if (node.type != Type::kObject) return false;
  const std::string name = tree_.GlobalName(node);
  return name.starts_with("torch._utils._rebuild_") ||
         name == "torch._tensor._rebuild_from_type_v2" || name == "torch.nn.parameter.Parameter";
}

bool Collector::ReadNumbers(std::uint32_t index, std::vector<std::uint64_t>* numbers) const {
  const PickleNode* node = &tree_.node(index);
  // torch.Size((2, 3)) is an object around a tuple.
  if (node->type == Type::kObject) node = &Argument(*node, 0);
  if (node->type != Type::kTuple && node->type != Type::kList) return false;
  const auto& items = tree_.Items(*node);
  if (items.size() > kMaxDims) return false;
  for (const std::uint32_t item : items) {
    const PickleNode& number = tree_.node(item);
    if (number.type != Type::kInt || number.number < 0) return false;
    numbers->push_back(static_cast<std::uint64_t>(number.number));
  }
  return true;
}

bool Collector::ReadStorage(const PickleNode& persistent, TorchTensor* tensor) const {
  if (persistent.type != Type::kPersistent) return false;
  const auto& id = tree_.Items(tree_.node(persistent.a));
  if (id.size() < 5 || tree_.Text(tree_.node(id[0])) != "storage") return false;
  const TorchDtype dtype = FindTorchDtype(tree_.GlobalName(tree_.node(id[1])));
  const PickleNode& key = tree_.node(id[2]);
  tensor->storage_key =
      key.type == Type::kInt ? std::to_string(key.number) : std::string(tree_.Text(key));
  const PickleNode& count = tree_.node(id[4]);
  tensor->dtype = dtype.name;
  tensor->item_bytes = dtype.item_bytes;
  if (count.type != Type::kInt || count.number < 0) return false;
  if (!CheckedMul(static_cast<std::uint64_t>(count.number), dtype.item_bytes,
                  &tensor->storage_bytes)) {
    return false;
  }
  // Legacy view: (view key, offset in elements, size) of the root storage.
  const auto* const view = id.size() > 5 ? &tree_.Items(tree_.node(id[5])) : nullptr;
  if (view != nullptr && view->size() >= 3) {
    const PickleNode& from = tree_.node((*view)[1]);
    if (from.type != Type::kInt || from.number < 0) return false;
    return CheckedMul(static_cast<std::uint64_t>(from.number), dtype.item_bytes,
                      &tensor->storage_offset);
  }
  return dtype.item_bytes != 0;
}

// Sizes, contiguity and whether the elements lie inside the storage.
bool Collector::Layout(const std::vector<std::uint64_t>& strides, std::uint64_t offset,
                       TorchTensor* tensor) const {
  std::uint64_t count = 1;
  tensor->contiguous = strides.size() == tensor->shape.size();
  for (std::size_t i = tensor->shape.size(); i-- > 0;) {
    const std::uint64_t size = tensor->shape[i];
    if (tensor->contiguous && size != 1 && strides[i] != count) tensor->contiguous = false;
    if (!CheckedMul(count, size, &count)) return false;
  }
  if (count == 0) tensor->contiguous = true;
  std::uint64_t from = 0;
  std::uint64_t end = 0;
  if (!CheckedMul(count, tensor->item_bytes, &tensor->bytes)) return false;
  if (!CheckedMul(offset, tensor->item_bytes, &from)) return false;
  if (!CheckedAdd(tensor->storage_offset, from, &tensor->storage_offset)) return false;
  if (!CheckedAdd(from, tensor->bytes, &end)) return false;
  // An expanded tensor is larger than its storage; only contiguous ones must fit.
  return !tensor->contiguous || count == 0 || end <= tensor->storage_bytes;
}

bool Collector::Describe(const PickleNode& node, TorchTensor* tensor, std::size_t depth) const {
  if (depth > 4 || node.type != Type::kObject) return false;
  const std::string name = LastPart(tree_.GlobalName(node));
  if (name == "_rebuild_parameter" || name == "_rebuild_parameter_with_state" ||
      name == "Parameter") {
    return Describe(Argument(node, 0), tensor, depth + 1);
  }
  PickleNode call = node;
  if (name == "_rebuild_from_type_v2") {  // (callable, type, arguments, state)
    const auto& arguments = tree_.Items(tree_.node(node.b));
    if (arguments.size() < 3) return false;
    call.a = arguments[0];
    call.b = arguments[2];
    return Describe(call, tensor, depth + 1);
  }
  const bool usual = name == "_rebuild_tensor" || name == "_rebuild_tensor_v2" ||
                     name == "_rebuild_tensor_v3" || name == "_rebuild_qtensor";
  if (!usual || !ReadStorage(Argument(call, 0), tensor)) return false;
  const auto& arguments = tree_.Items(tree_.node(call.b));
  if (arguments.size() < 4) return false;
  if (name == "_rebuild_tensor_v3" && arguments.size() > 6) {
    const TorchDtype dtype = FindTorchDtype(tree_.GlobalName(tree_.node(arguments[6])));
    if (dtype.item_bytes == 0) return false;
    tensor->dtype = dtype.name;
    tensor->item_bytes = dtype.item_bytes;
  }
  const PickleNode& offset = tree_.node(arguments[1]);
  std::vector<std::uint64_t> strides;
  if (offset.type != Type::kInt || offset.number < 0) return false;
  if (!ReadNumbers(arguments[2], &tensor->shape) || !ReadNumbers(arguments[3], &strides)) {
    return false;
  }
  tensor->sized = Layout(strides, static_cast<std::uint64_t>(offset.number), tensor);
  return true;
}

void Collector::AddTensor(std::uint32_t index, const std::string& name) {
  if (out.tensors.size() >= limits_.max_tensors_per_file || name_bytes_ > kMaxNameTotal) {
    out.cut = true;
    return;
  }
  TorchTensor tensor;
  tensor.name = name;
  if (!Describe(tree_.node(index), &tensor, 0)) {
    ++out.malformed;
    return;
  }
  if (!tensor.sized) ++out.malformed;
  name_bytes_ += name.size();
  out.tensors.push_back(std::move(tensor));
}

void Collector::VisitPairs(const std::vector<std::uint32_t>& items, const std::string& path,
                           std::size_t depth) {
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const PickleNode& key = tree_.node(items[i]);
    if (key.type == Type::kText) {
      Visit(items[i + 1], Join(path, tree_.Text(key)), depth);
    } else if (key.type == Type::kInt) {
      Visit(items[i + 1], Join(path, std::to_string(key.number)), depth);
    }
  }
}

void Collector::VisitSequence(const PickleNode& node, const std::string& path, std::size_t depth) {
  const auto& items = tree_.Items(node);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Type type = tree_.node(items[i]).type;
    const bool may_hold =
        type == Type::kDict || type == Type::kList || type == Type::kTuple || type == Type::kObject;
    if (may_hold) Visit(items[i], Join(path, std::to_string(i)), depth);
  }
}

void Collector::VisitObject(const PickleNode& node, const std::string& path, std::size_t depth) {
  VisitPairs(tree_.Items(node), path, depth);
  // OrderedDict([[key, value], ...]) as Python 2 wrote it.
  if (tree_.GlobalName(node) == "collections.OrderedDict") {
    for (const std::uint32_t index : tree_.Items(Argument(node, 0))) {
      VisitPairs(tree_.Items(tree_.node(index)), path, depth);
    }
  }
  if (node.c != 0) Visit(node.c, path, depth);
}

void Collector::Visit(std::uint32_t index, const std::string& path, std::size_t depth) {
  const PickleNode& node = tree_.node(index);
  if (IsTensor(node)) {
    AddTensor(index, path);
    return;
  }
  if (index == 0 || index >= visited_.size() || visited_[index]) return;
  if (depth > kMaxDepth) {
    out.cut = true;
    return;
  }
  switch (node.type) {
    case Type::kDict:
      visited_[index] = true;
      VisitPairs(tree_.Items(node), path, depth + 1);
      break;
    case Type::kList:
    case Type::kTuple:
      visited_[index] = true;
      VisitSequence(node, path, depth + 1);
      break;
    case Type::kObject:
      visited_[index] = true;
      VisitObject(node, path, depth + 1);
      break;
    default: break;
  }
}

}  // namespace

TorchDtype FindTorchDtype(std::string_view global_name) {
  const std::size_t dot = global_name.rfind('.');
  if (dot == std::string_view::npos || !global_name.starts_with("torch")) return {};
  for (const DtypeRow& row : kDtypes) {
    if (row.torch_name == global_name.substr(dot + 1)) return row.dtype;
  }
  return {};
}

TorchTensors CollectTorchTensors(const PickleWalk& walk, const Limits& limits) {
  Collector all(walk.tree, limits);
  const PickleNode& root = walk.tree.node(walk.root);
  for (const std::string_view wrapper : kWrappers) {
    if (root.type != Type::kDict && root.type != Type::kObject) break;
    const std::uint32_t inner = walk.tree.Find(root, wrapper);
    if (inner == 0) continue;
    Collector inside(walk.tree, limits);
    inside.Visit(inner, "", 0);
    if (inside.out.tensors.size() < 2) continue;
    all.Visit(walk.root, "", 0);
    inside.out.wrapper = wrapper;
    const std::size_t total = all.out.tensors.size();
    const std::size_t kept = inside.out.tensors.size();
    inside.out.outside_wrapper = total > kept ? total - kept : 0;
    return std::move(inside.out);
  }
  all.Visit(walk.root, "", 0);
  return std::move(all.out);
}

}  // namespace weighbridge
