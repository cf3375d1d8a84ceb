#include "scanner/formats/safetensors.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/dtype.h"
#include "scanner/formats/header_notes.h"
#include "scanner/formats/safetensors_header.h"
#include "scanner/formats/source_cursor.h"
#include "scanner/formats/tensor_hints.h"

namespace weighbridge {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kPlausibleHeaderBytes = 100'000'000;  // the reference reader's limit
constexpr std::uint64_t kHubHeaderBytes = 25'000'000;         // huggingface_hub/constants.py

std::uint64_t HeaderLength(ByteSpan head) { return ByteReader(head).ReadLe<std::uint64_t>("N"); }

std::string_view SkipSpace(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

// Text files put printable characters where a sane header length has zero bytes.
bool LengthIsText(ByteSpan head) {
  return std::all_of(head.begin(), head.begin() + kLengthBytes, [](std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\r' || byte == '\t';
  });
}

bool Mentions(std::string_view text, std::string_view key) {
  return text.find(key) != std::string_view::npos;
}

class SafetensorsReader {
 public:
  SafetensorsReader(const ByteSource& source, const Limits& limits, Artifact& artifact)
      : source_(source),
        limits_(limits),
        artifact_(artifact),
        notes_(artifact, limits, "safetensors") {}

  void Read();

 private:
  bool ReadLength();
  bool ReadHeader();
  void CheckPadding();
  void CheckTensors();
  void CheckSize(const Tensor& tensor, bool* good);
  void ReportEnd(std::uint64_t end);

  const ByteSource& source_;
  const Limits& limits_;
  Artifact& artifact_;
  HeaderNotes notes_;
  std::uint64_t header_bytes_ = 0;
  std::uint64_t data_start_ = 0;
  std::uint64_t data_bytes_ = 0;  // that the file really holds
};

bool SafetensorsReader::ReadLength() {
  auto bytes = ReadExactly(source_, 0, kLengthBytes);
  if (!bytes.ok()) {
    notes_.Partial(bytes.error().code, bytes.error().message);
    return false;
  }
  header_bytes_ = HeaderLength(bytes.value());
  if (header_bytes_ > limits_.max_safetensors_header_bytes) {
    notes_.Partial(ErrorCode::kMalformed, "header length " + std::to_string(header_bytes_) +
                                              " is more than the limit " +
                                              std::to_string(limits_.max_safetensors_header_bytes));
    return false;
  }
  if (header_bytes_ > kHubHeaderBytes) {
    notes_.Note(ErrorCode::kLimitExceeded,
                "header length " + std::to_string(header_bytes_) + " is more than the " +
                    std::to_string(kHubHeaderBytes) + " that hub clients accept");
  }
  data_start_ = kLengthBytes + header_bytes_;
  data_bytes_ = source_.size() > data_start_ ? source_.size() - data_start_ : 0;
  return true;
}

bool SafetensorsReader::ReadHeader() {
  SourceWindow window(source_, kLengthBytes, data_start_);
  SafetensorsHeader header(artifact_, limits_, notes_);
  bool complete = false;
  try {
    complete = Json::sax_parse(SourceCursor(&window), SourceCursor(), &header);
  } catch (const std::exception&) {
    notes_.Partial(ErrorCode::kMalformed, "the header is not valid JSON");
    return false;
  }
  if (window.error()) {
    notes_.Partial(window.error()->code, window.error()->message);
    return false;
  }
  if (complete && data_start_ <= source_.size()) {
    CheckPadding();
    return true;
  }
  if (!complete && !header.stopped_by_syntax()) {
    notes_.Partial(header.error().code, header.error().message);
  } else if (data_start_ > source_.size()) {
    notes_.Partial(ErrorCode::kTruncated,
                   "the header needs " + std::to_string(header_bytes_) + " bytes, file has " +
                       std::to_string(source_.size() - kLengthBytes) + " after its length field");
  } else {
    notes_.Partial(ErrorCode::kMalformed, "the header is not valid JSON at byte " +
                                              std::to_string(header.error_position()));
  }
  return false;
}

// The format pads the header with spaces; readers take other white space too.
void SafetensorsReader::CheckPadding() {
  const std::uint64_t shown = std::min<std::uint64_t>(header_bytes_, 4096);
  auto end = ReadExactly(source_, data_start_ - shown, shown);
  if (!end.ok()) return;
  const std::string_view text = AsText(end.value());
  const std::size_t brace = text.rfind('}');
  const std::string_view padding = brace == text.npos ? text : text.substr(brace + 1);
  if (padding.find_first_not_of(' ') == padding.npos) return;
  notes_.Partial(ErrorCode::kMalformed, "the header is padded with other bytes than spaces");
}

void SafetensorsReader::CheckSize(const Tensor& tensor, bool* good) {
  const std::string name = "tensor " + Quote(tensor.name);
  std::uint64_t elements = 0;
  std::uint64_t bytes = 0;
  if (!CountElements(tensor.shape, &elements)) {
    *good = false;
    return notes_.Partial(ErrorCode::kMalformed, name + ": the product of its shape overflows");
  }
  const std::uint32_t bits = DtypeBits(tensor.dtype);
  if (bits == 0) {
    return notes_.Note(
        ErrorCode::kUnsupported,
        name + " has the unknown dtype " + Quote(tensor.dtype) + ", its size is not checked");
  }
  if (!DtypeBytes(tensor.dtype, elements, &bytes)) {
    *good = false;
    return notes_.Partial(ErrorCode::kMalformed, name + ": " + std::to_string(elements) +
                                                     " elements of " + tensor.dtype +
                                                     " do not fill whole bytes");
  }
  if (bytes == tensor.bytes) return;
  *good = false;
  notes_.Partial(ErrorCode::kMalformed, name + " has " + std::to_string(tensor.bytes) +
                                            " bytes, its shape and dtype need " +
                                            std::to_string(bytes));
}

// The tiling rule: sorted by offset, the tensors fill the data without hole or overlap.
// A tensor that breaks it gets no data, so that nothing is read twice.
void SafetensorsReader::CheckTensors() {
  std::vector<std::uint32_t> order(artifact_.tensors.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
    const Tensor& left = artifact_.tensors[a];
    const Tensor& right = artifact_.tensors[b];
    if (left.offset != right.offset) return left.offset < right.offset;
    return left.bytes != right.bytes ? left.bytes < right.bytes : a < b;
  });
  std::uint64_t end = 0;
  for (const std::uint32_t index : order) {
    Tensor& tensor = artifact_.tensors[index];
    bool good = true;
    CheckSize(tensor, &good);
    if (tensor.offset != end) {
      const bool overlap = tensor.offset < end;
      good = good && !overlap;
      notes_.Partial(ErrorCode::kMalformed,
                     "tensor " + Quote(tensor.name) + " begins at " +
                         std::to_string(tensor.offset) +
                         (overlap ? ", inside the data of another tensor that ends at "
                                  : ", leaving a hole after ") +
                         std::to_string(end));
    }
    const std::uint64_t tensor_end = tensor.offset + tensor.bytes;  // read as an end offset
    end = std::max(end, tensor_end);
    tensor.has_data = good && tensor_end <= data_bytes_;
    // Cannot wrap where has_data: both lie inside the file.
    tensor.offset = tensor.has_data ? tensor.offset + data_start_ : 0;
    if (!tensor.has_data) tensor.bytes = 0;
  }
  ReportEnd(end);
}

void SafetensorsReader::ReportEnd(std::uint64_t end) {
  if (end > data_bytes_) {
    notes_.Partial(ErrorCode::kTruncated, "the tensors need " + std::to_string(end) +
                                              " bytes of data, file has " +
                                              std::to_string(data_bytes_));
  } else if (end < data_bytes_) {
    notes_.Partial(ErrorCode::kMalformed,
                   CountOf(data_bytes_ - end, "byte") + " after the last tensor");
  }
}

void SafetensorsReader::Read() {
  if (!ReadLength()) return;
  const bool complete = ReadHeader();
  CheckDuplicateNames(artifact_, notes_);
  if (complete) {
    CheckTensors();
  } else {
    // Offsets of a header that was not read to its end prove nothing.
    for (Tensor& tensor : artifact_.tensors) tensor.offset = tensor.bytes = 0;
  }
  AddLayoutClaims(artifact_, notes_);
}

}  // namespace

bool ProbeSafetensors(const ProbeWindow& window) {
  const ByteSpan head = window.head;
  if (head.size() < kLengthBytes + 2 || head[kLengthBytes] != '{') return false;
  const std::uint64_t length = HeaderLength(head);
  if (length < 2 || LengthIsText(head)) return false;
  const std::size_t shown =
      static_cast<std::size_t>(std::min<std::uint64_t>(length, head.size() - kLengthBytes));
  const std::string_view text = AsText(head.subspan(kLengthBytes, shown));
  const std::string_view inside = SkipSpace(text.substr(1));
  if (inside.empty()) return false;
  if (inside[0] == '}') {  // no tensors: the bytes must be exactly that
    return SkipSpace(inside.substr(1)).empty() && window.size == kLengthBytes + length;
  }
  if (inside[0] != '"') return false;
  if (length > kPlausibleHeaderBytes) {  // a lying length: only with the whole grammar in sight
    return Mentions(text, "\"dtype\"") && Mentions(text, "\"data_offsets\"");
  }
  return Mentions(text, "\"dtype\"") || Mentions(text, "\"data_offsets\"") ||
         Mentions(text, "\"__metadata__\"");
}

void ParseSafetensors(const ByteSource& source, const ProbeWindow&, const Limits& limits,
                      Artifact& artifact) {
  artifact.format = "safetensors";
  artifact.kind = ArtifactKind::kWeights;
  SafetensorsReader(source, limits, artifact).Read();
}

}  // namespace weighbridge
