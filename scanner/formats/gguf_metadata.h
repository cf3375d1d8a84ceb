// The key-values of a GGUF file: claims, what the reader needs to go on, and where the
// tokenizer's lists lie.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "scanner/formats/gguf_stream.h"
#include "scanner/formats/header_notes.h"

namespace weighbridge {

// A list that is read again later.
struct GgufList {
  std::uint64_t position = 0;  // of the first element
  std::uint64_t count = 0;
  GgufType type = GgufType::kU8;
  bool present = false;
};

struct GgufFacts {
  std::string architecture;
  std::string type;
  bool adapter_keys = false;
  std::uint64_t alignment = 32;
  bool alignment_valid = true;
  GgufList tokens;
  GgufList token_types;
  GgufList scores;
  GgufList merges;
};

class GgufMetadata {
 public:
  GgufMetadata(GgufStream& stream, const Limits& limits, HeaderNotes& notes)
      : stream_(stream), limits_(limits), notes_(notes) {}

  // Stops at the first failure of the stream.
  void Read(std::uint64_t count);
  const GgufFacts& facts() const { return facts_; }

 private:
  void ReadKeyValue();
  void CheckKey(const std::string& key);
  void ReadScalar(const std::string& key, GgufType type);
  void ReadString(const std::string& key);
  void ReadArray(const std::string& key);
  void ReadTextList(const std::string& key, std::uint64_t count);
  void SkipElements(GgufType type, std::uint64_t count, int depth, const std::string& key);
  bool ReadType(GgufType* type, const std::string& key);
  bool CheckArrayCount(const std::string& key, GgufType type, std::uint64_t count);
  void Remember(const std::string& key, const GgufList& list);
  void SetAlignment(GgufType type, std::uint64_t value);

  GgufStream& stream_;
  const Limits& limits_;
  HeaderNotes& notes_;
  GgufFacts facts_;
  std::unordered_set<std::string> keys_;
};

}  // namespace weighbridge
