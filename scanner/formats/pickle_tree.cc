// The arena of a pickle walk: nodes, item lists and texts, each with a cap.
#include "scanner/formats/pickle_walk.h"

namespace weighbridge {
namespace {

// 40 bytes each; a checkpoint with optimizer state of 60,000 tensors stays below.
constexpr std::size_t kMaxNodes = 2U << 20;
constexpr std::size_t kMaxTextBytes = 16U << 20;

}  // namespace

std::uint32_t PickleTree::Add(PickleNode node) {
  if (nodes_.size() >= kMaxNodes) {
    full_ = true;
    return 0;
  }
  nodes_.push_back(node);
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

std::uint32_t PickleTree::AddText(std::string_view text) {
  if (texts_.size() + text.size() > kMaxTextBytes) {
    full_ = true;
    return 0;
  }
  PickleNode node;
  node.type = PickleNode::Type::kText;
  node.number = static_cast<std::int64_t>(texts_.size());
  node.a = static_cast<std::uint32_t>(text.size());
  const std::uint32_t index = Add(node);
  if (index != 0) texts_.append(text);
  return index;
}

void PickleTree::Append(std::uint32_t node, std::uint32_t item) {
  if (node == 0 || node >= nodes_.size()) return;
  if (nodes_[node].list == 0) {
    nodes_[node].list = static_cast<std::uint32_t>(lists_.size());
    lists_.emplace_back();
  }
  lists_[nodes_[node].list].push_back(item);
}

std::string_view PickleTree::Text(const PickleNode& node) const {
  if (node.type != PickleNode::Type::kText) return {};
  return std::string_view(texts_).substr(static_cast<std::size_t>(node.number), node.a);
}

const std::vector<std::uint32_t>& PickleTree::Items(const PickleNode& node) const {
  return lists_[node.list];
}

std::string PickleTree::GlobalName(const PickleNode& start) const {
  const PickleNode& global = start.type == PickleNode::Type::kObject ? node(start.a) : start;
  if (global.type != PickleNode::Type::kGlobal) return {};
  std::string name(Text(node(global.a)));
  name += '.';
  name += Text(node(global.b));
  return name;
}

std::uint32_t PickleTree::Find(const PickleNode& dict, std::string_view key) const {
  const auto& items = Items(dict);
  std::uint32_t found = 0;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const PickleNode& candidate = node(items[i]);
    if (candidate.type == PickleNode::Type::kText && Text(candidate) == key) found = items[i + 1];
  }
  return found;
}

}  // namespace weighbridge
