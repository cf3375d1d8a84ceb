#include "scanner/formats/onnx_tensor.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/dtype.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxDimensions = 64;
constexpr std::uint64_t kMaxNameBytes = 4096;
constexpr std::uint64_t kMaxEntryBytes = 4096;
constexpr std::size_t kMaxExternalFiles = 65'536;

// onnx.proto, TensorProto.DataType, by number.
constexpr std::array kTypes{
    "",    "F32",    "U8",   "I8",      "U16",         "I16",     "I32",
    "I64", "STRING", "BOOL", "F16",     "F64",         "U32",     "U64",
    "C64", "C128",   "BF16", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ",
    "U4",  "I4",     "F4",   "F8_E8M0", "U2",          "I2"};

struct External {
  std::string location;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool has_length = false;
  bool bad_number = false;
};

struct RawTensor {
  Tensor tensor;
  std::uint64_t type = 0;
  bool bad_shape = false;
  bool external = false;
  ProtoField raw;  // number 0: none
  // float_data, int32_data, string_data, int64_data, double_data, uint64_data by field
  // number: the last packed run of each, and how many runs and loose elements there are.
  std::array<ProtoField, 12> typed;
  std::array<std::uint64_t, 12> typed_runs{};
  External file;
};

void AddDimension(std::uint64_t value, RawTensor* raw) {
  // dims are int64: a negative one reads as more than 2^63.
  if (raw->tensor.shape.size() >= kMaxDimensions || value >> 63 != 0) raw->bad_shape = true;
  if (!raw->bad_shape) raw->tensor.shape.push_back(value);
}

void ReadPackedDimensions(ProtobufInput& input, const ProtoField& field, RawTensor* raw) {
  std::uint64_t at = field.offset;
  const std::uint64_t end = field.offset + field.length;
  while (at < end && input.ok() && !raw->bad_shape) {
    // A varint reads as the value of a field: lend it a tag of field 1, wire type 0.
    std::array<std::uint8_t, 11> bytes{0x08};
    const ByteSpan seen =
        input.Peek(at, static_cast<std::size_t>(std::min<std::uint64_t>(10, end - at)));
    std::copy(seen.begin(), seen.end(), bytes.begin() + 1);
    ProtoField number;
    std::size_t used = 0;
    if (DecodeProtoField(ByteSpan(bytes).first(seen.size() + 1), &number, &used) !=
        ProtoStep::kField) {
      raw->bad_shape = true;
      return;
    }
    if (!input.Charge(used - 1, at)) return;
    AddDimension(number.value, raw);
    at += used - 1;
  }
}

void ReadExternalEntry(ProtobufInput& input, const ProtoField& entry, External* file) {
  std::string key;
  std::string value;
  ProtobufReader reader(input, entry);
  for (ProtoField field; reader.Next(&field);) {
    if (field.Is(1, 2)) key = input.Text(field, kMaxEntryBytes);
    if (field.Is(2, 2)) value = input.Text(field, kMaxEntryBytes);
  }
  if (key == "location") file->location = value;
  if (key != "offset" && key != "length") return;
  const auto number = ParseUint(value);
  if (!number) file->bad_number = true;
  if (number && key == "offset") file->offset = *number;
  if (number && key == "length") {
    file->length = *number;
    file->has_length = true;
  }
}

bool IsTypedData(std::uint32_t field) {
  return (field >= 4 && field <= 7) || field == 10 || field == 11;
}

RawTensor ReadTensor(ProtobufInput& input, const ProtoField& message) {
  RawTensor raw;
  ProtobufReader reader(input, message);
  for (ProtoField field; reader.Next(&field);) {
    if (field.Is(1, 0)) AddDimension(field.value, &raw);
    if (field.Is(1, 2)) ReadPackedDimensions(input, field, &raw);
    if (field.Is(2, 0)) raw.type = field.value;
    if (field.Is(8, 2)) raw.tensor.name = input.Text(field, kMaxNameBytes);
    if (field.Is(9, 2)) raw.raw = field;
    if (IsTypedData(field.number)) {
      ++raw.typed_runs[field.number];
      if (field.wire == 2) raw.typed[field.number] = field;
    }
    if (field.Is(13, 2)) ReadExternalEntry(input, field, &raw.file);
    if (field.Is(14, 0)) raw.external = field.value == 1;
  }
  return raw;
}

// Four-bit elements lie two to a byte, two-bit ones four; the last byte is padded.
bool OnnxBytes(const Tensor& tensor, std::uint64_t* bytes) {
  std::uint64_t elements = 0;
  if (!CountElements(tensor.shape, &elements)) return false;
  const std::string& dtype = tensor.dtype;
  if (dtype == "U4" || dtype == "I4" || dtype == "F4") {
    *bytes = elements / 2 + elements % 2;
    return true;
  }
  if (dtype == "U2" || dtype == "I2") {
    *bytes = elements / 4 + (elements % 4 != 0 ? 1 : 0);
    return true;
  }
  return DtypeBytes(dtype, elements, bytes);
}

// The location without "." components: "./a/./b" is "a/b".
std::string Normalised(const std::string& location) {
  std::vector<std::string> parts = Split(location, '/');
  if (location.empty() || location[0] == '/') return location;
  std::erase(parts, ".");
  return Join(parts, "/");
}

struct LocationFault {
  const char* what = nullptr;  // nullptr: a plain relative name
  bool leaves = false;         // it names something outside its own folder
};

// Why a location must not be followed.
LocationFault FaultOf(const std::string& location) {
  if (location.empty()) return {"is missing", false};
  if (location[0] == '/') return {"is absolute", true};
  if (location.find('\0') != std::string::npos) return {"holds a NUL byte", true};
  if (location.find('\\') != std::string::npos) return {"holds a backslash", true};
  if (location.size() > 1 && location[1] == ':') return {"names a drive", true};
  for (const std::string& part : Split(location, '/')) {
    if (part == "..") return {"leaves the model's folder", true};
    if (part.empty()) return {"has an empty component", false};
  }
  if (Normalised(location).empty()) return {"names a folder", false};
  return {};
}

std::int32_t ExternalIndex(const std::string& location, Artifact& artifact) {
  auto& files = artifact.external_files;
  // The newest first: the tensors of one file follow each other.
  const auto found = std::find(files.rbegin(), files.rend(), location);
  if (found != files.rend()) return static_cast<std::int32_t>(files.rend() - found - 1);
  if (files.size() >= kMaxExternalFiles) return -1;
  files.push_back(location);
  return static_cast<std::int32_t>(files.size() - 1);
}

void PlaceExternally(const External& file, bool size_known, std::uint64_t expected, Tensor* tensor,
                     Artifact& artifact, HeaderNotes& notes) {
  if (const LocationFault fault = FaultOf(file.location); fault.what != nullptr) {
    notes.Partial(ErrorCode::kMalformed,
                  "external data location " + Quote(file.location) + " " + fault.what +
                      "; it is not followed",
                  fault.leaves ? DiagnosticKind::kPathTraversal : DiagnosticKind::kNone);
    return;
  }
  tensor->external_file = ExternalIndex(Normalised(file.location), artifact);
  const std::uint64_t length = file.has_length ? file.length : expected;
  std::uint64_t end = 0;
  // A file's size is a signed number: nothing lies at 2^63 or beyond.
  const bool fits =
      size_known && length == expected && CheckedAdd(file.offset, length, &end) && end >> 63 == 0;
  if (tensor->external_file < 0 || file.bad_number || !fits) {
    notes.Partial(ErrorCode::kMalformed, "external data of tensor " + Quote(tensor->name) +
                                             " does not have the size of its shape");
    return;
  }
  tensor->offset = file.offset;
  tensor->bytes = length;
  tensor->has_data = true;
}

// The typed field that a data type is stored in when raw_data is not used (onnx.proto,
// the comments on TensorProto's fields).
std::uint32_t TypedField(const std::string& dtype) {
  if (dtype == "F32" || dtype == "C64") return 4;
  if (dtype == "F64" || dtype == "C128") return 10;
  if (dtype == "I64") return 7;
  if (dtype == "U32" || dtype == "U64") return 11;
  if (dtype == "STRING") return 6;
  return 5;
}

// A packed run of float_data or double_data is the bytes of raw_data; the varints of the
// other typed fields are not: such a tensor has no digest of its content.
void PlaceInside(const RawTensor& raw, std::uint64_t expected, Tensor* tensor, HeaderNotes& notes) {
  const std::uint32_t typed = TypedField(tensor->dtype);
  if (expected == 0 && raw.raw.number == 0 && raw.typed_runs[typed] == 0) {
    tensor->has_data = true;  // no elements, no bytes
    return;
  }
  const bool has_raw = raw.raw.number != 0;
  const bool fixed = typed == 4 || typed == 10;
  const ProtoField& data = has_raw ? raw.raw : raw.typed[typed];
  const bool one_run = has_raw || (fixed && raw.typed_runs[typed] == 1 && data.number != 0);
  if (one_run && !data.cut && data.length == expected) {
    tensor->offset = data.offset;
    tensor->bytes = data.length;
    tensor->has_data = true;
    return;
  }
  if (one_run && !data.cut) {
    notes.Partial(ErrorCode::kMalformed, "tensor " + Quote(tensor->name) + " holds " +
                                             CountOf(data.length, "byte") +
                                             " where its shape needs " + std::to_string(expected));
  } else if (!has_raw && raw.typed_runs[typed] == 0 && expected != 0) {
    notes.Partial(ErrorCode::kMalformed, "tensor " + Quote(tensor->name) +
                                             " holds no data where its shape needs " +
                                             CountOf(expected, "byte"));
  }
}

// Why no size follows from the shape and data type.
void SayUnsized(const Tensor& tensor, bool known, HeaderNotes& notes) {
  std::uint64_t elements = 0;
  const std::string name = "tensor " + Quote(tensor.name);
  if (!CountElements(tensor.shape, &elements)) {
    notes.Partial(ErrorCode::kMalformed, name + ": the product of its shape overflows");
  } else if (!known) {
    notes.Partial(ErrorCode::kUnsupported,
                  name + " has the unknown data type " + tensor.dtype.substr(5));
  } else if (tensor.dtype != "STRING") {
    notes.Partial(ErrorCode::kMalformed, name + ": the size of its shape overflows");
  }
}

}  // namespace

void AddOnnxTensor(ProtobufInput& input, const ProtoField& field, Artifact& artifact,
                   HeaderNotes& notes) {
  RawTensor raw = ReadTensor(input, field);
  if (field.cut && raw.tensor.name.empty()) return;  // the file ends before its name
  Tensor& tensor = raw.tensor;
  const bool known = raw.type > 0 && raw.type < kTypes.size();
  tensor.dtype = known ? kTypes[raw.type] : "TYPE_" + std::to_string(raw.type);
  std::uint64_t expected = 0;
  const bool sized = !raw.bad_shape && OnnxBytes(tensor, &expected);
  if (raw.bad_shape) {
    notes.Partial(ErrorCode::kMalformed, "tensor " + Quote(tensor.name) + " has an invalid shape");
  } else if (!sized) {
    SayUnsized(tensor, known, notes);
  }
  if (raw.external) {
    PlaceExternally(raw.file, sized, expected, &tensor, artifact, notes);
  } else if (sized && !field.cut) {
    PlaceInside(raw, expected, &tensor, notes);
  }
  artifact.tensors.push_back(std::move(tensor));
}

}  // namespace weighbridge
