#include "scanner/formats/npy.h"

#include <algorithm>

#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/dtype.h"
#include "scanner/formats/header_notes.h"
#include "scanner/formats/pickle_report.h"

namespace weighbridge {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uint64_t kMaxHeaderBytes = 64U << 10;

std::string ShapeText(const std::vector<std::uint64_t>& shape) {
  std::string text;
  for (const std::uint64_t dimension : shape) {
    if (!text.empty()) text += ",";
    text += std::to_string(dimension);
  }
  return "(" + text + ")";
}

// Bytes of one element by a plain descr ("<f4", "|S10", "<U3"); 0 when not known.
std::uint64_t ElementBytes(const std::string& descr) {
  const std::size_t digits = descr.find_first_of("0123456789");
  if (digits == std::string::npos || digits == 0) return 0;
  const std::size_t end = descr.find_first_not_of("0123456789", digits);
  const auto count = ParseUint(descr.substr(digits, end - digits));
  if (!count || *count > kMaxHeaderBytes) return 0;
  return descr[digits - 1] == 'U' ? *count * 4 : *count;
}

std::string TensorDtype(const std::string& descr) {
  const std::string canonical = CanonicalDtype(descr);
  return canonical.empty() ? descr.substr(0, 64) : canonical;
}

// What the header says of the data, checked against the file.
void AddTensor(const NpyHeader& header, std::uint64_t data_start, std::uint64_t file_size,
               HeaderNotes& notes, Artifact& artifact) {
  Tensor tensor;
  tensor.dtype = header.structured ? "structured" : TensorDtype(header.descr);
  tensor.shape = header.shape;
  std::uint64_t elements = 0;
  std::uint64_t bytes = 0;
  const std::uint64_t each =
      header.structured || header.has_object ? 0 : ElementBytes(header.descr);
  if (!CountElements(header.shape, &elements) || !CheckedMul(elements, each, &bytes)) {
    return notes.Partial(ErrorCode::kMalformed, "the product of its shape overflows");
  }
  const std::uint64_t held = file_size - data_start;
  if (each == 0) {
    artifact.tensors.push_back(std::move(tensor));
    return;
  }
  if (bytes > held) {
    notes.Partial(ErrorCode::kTruncated, "the array needs " + std::to_string(bytes) +
                                             " bytes of data, file has " + std::to_string(held));
  } else {
    tensor.has_data = true;
    tensor.offset = data_start;
    tensor.bytes = bytes;
    if (bytes < held) {
      notes.Note(ErrorCode::kMalformed, CountOf(held - bytes, "byte") + " after the array");
    }
  }
  artifact.tensors.push_back(std::move(tensor));
}

void ReadArray(const ByteSource& source, HeaderNotes& notes, Artifact& artifact, NpyData* data) {
  const std::uint64_t start_bytes = std::min<std::uint64_t>(source.size(), 12);
  auto start = ReadExactly(source, 0, start_bytes);
  if (!start.ok()) return notes.Partial(start.error().code, start.error().message);
  ByteReader reader(start.value());
  reader.Skip(kMagic.size(), "magic");
  const auto major = reader.ReadLe<std::uint8_t>("version");
  const auto minor = reader.ReadLe<std::uint8_t>("version");
  const std::uint64_t length = major == 1 ? reader.ReadLe<std::uint16_t>("header length")
                                          : reader.ReadLe<std::uint32_t>("header length");
  if (!reader.ok()) return notes.Partial(reader.error().code, reader.error().message);
  artifact.format_version = std::to_string(major) + "." + std::to_string(minor);
  if (major < 1 || major > 3 || minor != 0) {
    return notes.Partial(ErrorCode::kUnsupported,
                         "version " + artifact.format_version + " is not one of 1.0, 2.0 and 3.0");
  }
  data->start = reader.position() + length;
  if (length > kMaxHeaderBytes) {
    return notes.Partial(ErrorCode::kLimitExceeded, "header length " + std::to_string(length) +
                                                        " is more than " +
                                                        std::to_string(kMaxHeaderBytes));
  }
  auto text = ReadExactly(source, reader.position(), length);
  if (!text.ok()) return notes.Partial(text.error().code, text.error().message);
  auto header = ReadNpyLiteral(AsText(text.value()));
  if (!header.ok()) return notes.Partial(header.error().code, header.error().message);
  data->objects = header.value().has_object;
  notes.AddClaim("npy:descr", header.value().descr);
  notes.AddClaim("npy:shape", ShapeText(header.value().shape));
  if (header.value().has_object) {
    notes.Note(ErrorCode::kUnsupported,
               "the elements are Python objects: loading them runs an embedded pickle");
  }
  AddTensor(header.value(), data->start, source.size(), notes, artifact);
}

}  // namespace

bool ProbeNpy(const ProbeWindow& window) {
  return window.head.size() >= kMagic.size() + 2 &&
         AsText(window.head.first(kMagic.size())) == kMagic;
}

NpyData ParseNpyArray(const ByteSource& source, const Limits& limits, Artifact& artifact) {
  artifact.format = "npy";
  artifact.kind = ArtifactKind::kArray;
  NpyData data;
  HeaderNotes notes(artifact, limits, "npy");
  ReadArray(source, notes, artifact, &data);
  // Big-endian data is what its descr says ("'>f4'").
  artifact.big_endian = artifact.ClaimOr("npy:descr").substr(0, 1) == ">";
  return data;
}

void ParseNpy(const ByteSource& source, const ProbeWindow&, const Limits& limits,
              Artifact& artifact) {
  const NpyData data = ParseNpyArray(source, limits, artifact);
  if (data.start == 0 || data.start >= source.size()) return;
  // numpy unpickles what a dtype spells as object in many ways: the data say it too.
  const std::uint64_t size = source.size() - data.start;
  if (!data.objects && !LooksLikePickle(source, data.start, size)) return;
  const PickleWalk walk = WalkPickle(source, data.start, limits);
  // Numbers may begin like a pickle by chance.
  if (data.objects || walk.complete || !walk.imports.empty()) ReportWalk(artifact, walk, "");
}

}  // namespace weighbridge
