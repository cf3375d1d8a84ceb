#include "scanner/formats/weight_index.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/formats/header_notes.h"
#include "scanner/formats/source_cursor.h"

namespace weighbridge {
namespace {

constexpr std::string_view kMapKey = "\"weight_map\"";
constexpr std::size_t kMaxShards = 65'536;

bool IsPlainName(std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.size() > 255) return false;
  return name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

// Follows the path of keys; keeps weight_map and metadata.total_size, skips the rest.
class IndexHandler final : public nlohmann::json_sax<Json> {
 public:
  IndexHandler(Artifact& artifact, const Limits& limits, HeaderNotes& notes)
      : artifact_(artifact), limits_(limits), notes_(notes) {}

  bool null() override { return Value(); }
  bool boolean(bool) override { return Value(); }
  bool number_integer(number_integer_t) override { return Value(); }
  bool number_unsigned(number_unsigned_t value) override { return Size(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return Size(text); }
  bool string(string_t& value) override {
    if (depth_ == 2 && section_ == Section::kMap) return AddTensor(value);
    return Value();
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(true); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(false); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    if (depth_ == 1) return BeginSection(name);
    if (depth_ == 2) key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    error_position = position;
    return false;
  }

  Error error{ErrorCode::kMalformed, ""};
  std::size_t error_position = 0;
  bool saw_map = false;

 private:
  enum class Section { kOther, kMetadata, kMap };

  bool Stop(ErrorCode code, std::string message) {
    error = {code, std::move(message)};
    return false;
  }
  bool Count() {
    if (++values_ <= limits_.max_json_values) return true;
    return Stop(ErrorCode::kLimitExceeded,
                "more than " + std::to_string(limits_.max_json_values) + " JSON values");
  }
  bool Value() {
    if (!Count()) return false;
    if (depth_ == 0) return Stop(ErrorCode::kMalformed, "the index is no JSON object");
    if (section_ == Section::kMap && depth_ <= 2) {
      return Stop(ErrorCode::kMalformed, "weight_map does not map tensor names to file names");
    }
    return true;
  }
  bool Size(const std::string& text) {
    if (depth_ == 2 && section_ == Section::kMetadata && key_ == "total_size") {
      notes_.AddClaim("index:total_size", text);
    }
    return Value();
  }
  bool Open(bool object) {
    const bool in_map = section_ == Section::kMap && (depth_ >= 2 || (depth_ == 1 && !object));
    if (in_map || (depth_ == 0 && !object)) return Value();
    if (depth_ >= limits_.max_json_depth) {
      return Stop(ErrorCode::kLimitExceeded,
                  "JSON nested deeper than " + std::to_string(limits_.max_json_depth));
    }
    ++depth_;
    return Count();
  }
  bool Close() {
    if (depth_ > 0) --depth_;
    if (depth_ == 1) section_ = Section::kOther;
    return true;
  }
  bool BeginSection(const std::string& name) {
    section_ = name == "weight_map" ? Section::kMap
               : name == "metadata" ? Section::kMetadata
                                    : Section::kOther;
    if (section_ == Section::kMap && std::exchange(saw_map, true)) {
      return Stop(ErrorCode::kMalformed, "key \"weight_map\" occurs twice");
    }
    return true;
  }
  bool AddTensor(const std::string& file);

  Artifact& artifact_;
  const Limits& limits_;
  HeaderNotes& notes_;
  std::uint64_t values_ = 0;
  std::uint32_t depth_ = 0;
  Section section_ = Section::kOther;
  std::string key_;
  std::map<std::string, std::uint32_t> shards_;
};

bool IndexHandler::AddTensor(const std::string& file) {
  if (!Count()) return false;
  if (artifact_.weight_map.size() >= limits_.max_tensors_per_file) {
    return Stop(ErrorCode::kLimitExceeded,
                "more than " + std::to_string(limits_.max_tensors_per_file) + " tensors");
  }
  if (!IsPlainName(file)) {
    notes_.Partial(
        ErrorCode::kMalformed,
        "tensor " + Quote(key_) + " lies in " + Quote(file) + ", which is not a plain file name",
        LeavesFolder(file) ? DiagnosticKind::kPathTraversal : DiagnosticKind::kNone);
    return true;
  }
  auto found = shards_.find(file);
  if (found == shards_.end()) {
    if (shards_.size() >= kMaxShards) {
      return Stop(ErrorCode::kLimitExceeded, "more than " + std::to_string(kMaxShards) + " shards");
    }
    found = shards_.emplace(file, static_cast<std::uint32_t>(shards_.size())).first;
    artifact_.shard_files.push_back(file);
  }
  artifact_.weight_map.emplace_back(std::move(key_), found->second);
  key_.clear();
  return true;
}

// Shards in the order of their names, whatever order the tensors have.
void SortShards(Artifact& artifact) {
  std::vector<std::string> sorted = artifact.shard_files;
  std::sort(sorted.begin(), sorted.end());
  for (auto& [tensor, shard] : artifact.weight_map) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), artifact.shard_files[shard]);
    shard = static_cast<std::uint32_t>(at - sorted.begin());
  }
  artifact.shard_files = std::move(sorted);
}

void CheckDuplicateTensors(const Artifact& artifact, HeaderNotes& notes) {
  std::vector<const std::string*> names;
  names.reserve(artifact.weight_map.size());
  for (const auto& entry : artifact.weight_map) names.push_back(&entry.first);
  const auto less = [](const std::string* a, const std::string* b) { return *a < *b; };
  const auto same = [](const std::string* a, const std::string* b) { return *a == *b; };
  std::sort(names.begin(), names.end(), less);
  const auto twice = std::adjacent_find(names.begin(), names.end(), same);
  if (twice == names.end()) return;
  notes.Partial(ErrorCode::kMalformed, "tensor " + Quote(**twice) + " is listed twice");
}

void ReadIndex(const ByteSource& source, const Limits& limits, HeaderNotes& notes,
               Artifact& artifact) {
  if (source.size() > limits.max_json_bytes) {
    return notes.Partial(ErrorCode::kLimitExceeded, "JSON of " + std::to_string(source.size()) +
                                                        " bytes, limit " +
                                                        std::to_string(limits.max_json_bytes));
  }
  SourceWindow window(source, 0, source.size());
  IndexHandler handler(artifact, limits, notes);
  bool complete = false;
  try {
    complete = Json::sax_parse(SourceCursor(&window), SourceCursor(), &handler);
  } catch (const std::exception&) {
    complete = false;
  }
  if (window.error()) {
    notes.Partial(window.error()->code, window.error()->message);
  } else if (!complete && !handler.error.message.empty()) {
    notes.Partial(handler.error.code, handler.error.message);
  } else if (!complete) {
    notes.Partial(ErrorCode::kMalformed,
                  "not valid JSON at byte " + std::to_string(handler.error_position));
  } else if (!handler.saw_map) {
    notes.Partial(ErrorCode::kMalformed, "there is no weight_map");
  }
}

}  // namespace

bool ProbeWeightIndex(const ProbeWindow& window) {
  std::string_view head = AsText(window.head);
  if (head.substr(0, 3) == "\xEF\xBB\xBF") head.remove_prefix(3);
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || head[first] != '{') return false;
  return head.find(kMapKey) != std::string_view::npos ||
         AsText(window.tail).find(kMapKey) != std::string_view::npos;
}

void ParseWeightIndex(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                      Artifact& artifact) {
  artifact.format = "safetensors_index";
  artifact.kind = ArtifactKind::kWeightIndex;
  HeaderNotes notes(artifact, limits, "weight index");
  ReadIndex(source, limits, notes, artifact);
  CheckDuplicateTensors(artifact, notes);
  SortShards(artifact);
  const bool named = !artifact.shard_files.empty();
  const std::string_view hint =
      named ? std::string_view(artifact.shard_files[0]) : window.file_name;
  if (EndsWithNoCase(hint, named ? ".bin" : ".bin.index.json") ||
      (named && (EndsWithNoCase(hint, ".pt") || EndsWithNoCase(hint, ".pth")))) {
    artifact.format = "pytorch_index";
  }
}

}  // namespace weighbridge
