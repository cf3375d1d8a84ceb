// PyTorch zip checkpoint (torch/serialization.py, caffe2/serialize/inline_container.h):
//
//   P/data.pkl     the pickled object; tensors refer to storages by key
//   P/byteorder    "little" or "big" (since 2.1)
//   P/version      ASCII decimal, 1..10
//   P/data/<key>   one raw storage, STORED, 64-byte aligned by an extra field
//   P/constants.pkl, P/code/**   TorchScript
//
// P is the name given when saving ("archive", the file's stem).
#include "scanner/formats/pytorch_zip.h"

#include <algorithm>

#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/header_notes.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/tensor_hints.h"
#include "scanner/formats/zip_member.h"
#include "scanner/formats/zip_pickles.h"

namespace weighbridge {
namespace {

std::string ReadText(const ByteSource& source, const ZipDirectory& zip, const std::string& name) {
  const ZipEntry* entry = zip.Find(name);
  if (entry == nullptr) return {};
  auto bytes = ReadZipMember(source, *entry, 64);
  return bytes.ok() ? std::string(Trim(AsText(bytes.value()))) : std::string();
}

void CheckVersion(const std::string& version, Artifact& artifact) {
  artifact.format_version = Printable(version);
  const auto number = ParseUint(version);
  if (number && *number >= 1 && *number <= 10) return;
  AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kMalformed,
                version.empty() ? "member version is missing"
                                : "member version is " + Quote(version, 32) +
                                      ", expected a number from 1 to 10");
}

// Where one tensor lies, if its storage is a stored member that holds it.
void Place(const TorchTensor& from, const ZipDirectory& zip, const std::string& data,
           std::uint64_t* misplaced, Tensor* tensor) {
  if (!from.sized || !from.contiguous || from.item_bytes == 0) return;
  if (from.bytes == 0) {  // no element: its content is known, whatever the storage
    tensor->has_data = true;
    return;
  }
  // Of two storages with one name loaders may take either: then neither is taken here.
  const std::vector<const ZipEntry*> named = zip.FindAll(data + from.storage_key);
  const ZipEntry* entry = named.size() == 1 ? named[0] : nullptr;
  std::uint64_t end = 0;
  const bool fits = entry != nullptr && entry->located &&
                    CheckedAdd(from.storage_offset, from.bytes, &end) &&
                    end <= entry->uncompressed_size;
  if (!fits) {
    ++*misplaced;
    return;
  }
  if (!entry->stored()) return;
  tensor->offset = entry->data_offset + from.storage_offset;
  tensor->bytes = from.bytes;
  tensor->has_data = true;
}

void AddTensors(const TorchTensors& found, const ZipDirectory& zip, const std::string& folder,
                bool salvaged, Artifact& artifact) {
  std::uint64_t misplaced = 0;
  const std::string data = folder + "/data/";
  for (const TorchTensor& from : found.tensors) {
    Tensor tensor;
    tensor.name = from.name;
    tensor.dtype = from.dtype;
    tensor.shape = from.shape;
    if (!salvaged) Place(from, zip, data, &misplaced, &tensor);
    artifact.tensors.push_back(std::move(tensor));
  }
  if (misplaced == 0) return;
  AddDiagnostic(
      artifact, Severity::kWarning, ErrorCode::kMalformed,
      std::to_string(misplaced) + " tensors have no storage in the archive that could hold them");
  MarkPartial(artifact, "storages are missing or too small");
}

void NoteCompressed(const ZipDirectory& zip, Artifact& artifact) {
  const auto compressed = std::count_if(zip.entries().begin(), zip.entries().end(),
                                        [](const ZipEntry& entry) { return !entry.stored(); });
  if (compressed == 0) return;
  AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kUnsupported,
                std::to_string(compressed) +
                    " members are compressed or encrypted, which PyTorch never writes");
  MarkPartial(artifact, "compressed or encrypted members");
}

}  // namespace

std::string FindTorchFolder(const ZipDirectory& zip) {
  for (const ZipEntry& entry : zip.entries()) {
    const std::string_view name = zip.Name(entry);
    const std::size_t slash = name.find('/');
    if (slash != std::string_view::npos && slash > 0 && name.substr(slash) == "/data.pkl") {
      return std::string(name.substr(0, slash));
    }
  }
  return {};
}

void AddTorchClaims(const PickleWalk& walk, const TorchTensors& found, Artifact& artifact) {
  const bool lora =
      !found.tensors.empty() &&
      std::all_of(found.tensors.begin(), found.tensors.end(), [](const TorchTensor& tensor) {
        return tensor.name.find("lora_") != std::string::npos;
      });
  artifact.kind = lora                                     ? ArtifactKind::kAdapter
                  : found.tensors.empty() && walk.complete ? ArtifactKind::kPickle
                                                           : ArtifactKind::kWeights;
  if (!found.wrapper.empty()) artifact.claims.push_back({"pytorch:wrapper", found.wrapper});
  if (found.outside_wrapper != 0) {
    artifact.claims.push_back({"pytorch:other_tensors", std::to_string(found.outside_wrapper)});
  }
  const PickleNode& root = walk.tree.node(walk.root);
  const std::string root_class = walk.tree.GlobalName(root);
  if (!root_class.empty() && root_class != "collections.OrderedDict") {
    artifact.claims.push_back({"pickle:root_class", Printable(root_class)});
  }
  const std::string_view trainer =
      walk.tree.Text(walk.tree.node(walk.tree.Find(root, "pytorch-lightning_version")));
  if (!trainer.empty()) {
    artifact.claims.push_back({"pytorch:lightning_version", Printable(trainer)});
  }
  if (found.malformed != 0) {
    AddDiagnostic(
        artifact, Severity::kWarning, ErrorCode::kMalformed,
        std::to_string(found.malformed) + " tensors are described in a way not understood");
    MarkPartial(artifact, "tensors not understood");
  }
  if (found.cut) {
    AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kLimitExceeded,
                  "more tensors than a file may list, the rest are not shown");
    MarkPartial(artifact, "tensors cut");
  }
}

void ParsePytorchZip(const ByteSource& source, const ZipDirectory& zip, const std::string& folder,
                     bool salvaged, const Limits& limits, Artifact& artifact) {
  const bool script = zip.Find(folder + "/constants.pkl") != nullptr;
  artifact.format = script ? "torchscript" : "pytorch_zip";
  artifact.kind = ArtifactKind::kWeights;
  if (!salvaged) CheckVersion(ReadText(source, zip, folder + "/version"), artifact);
  artifact.big_endian = ReadText(source, zip, folder + "/byteorder") == "big";
  const std::string pickle_name = folder + "/data.pkl";
  const ZipEntry* const pickle = zip.Find(pickle_name);
  const auto member =
      pickle == nullptr
          ? nullptr
          : OpenZipMember(source, *pickle, static_cast<std::size_t>(limits.max_pickle_bytes));
  if (member == nullptr) {
    AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kUnsupported,
                  "data.pkl cannot be read: encrypted, of another method or misplaced");
    MarkPartial(artifact, "data.pkl cannot be read");
  } else {
    const PickleWalk walk = WalkPickle(*member, 0, limits);
    ReportWalk(artifact, walk, pickle_name);
    CheckMemberSum(*member, *pickle, pickle_name, artifact);
    const TorchTensors found = CollectTorchTensors(walk, limits);
    AddTorchClaims(walk, found, artifact);
    AddTensors(found, zip, folder, salvaged, artifact);
    HeaderNotes notes(artifact, limits, "PyTorch");
    AddLayoutClaims(artifact, notes);
    if (script) artifact.kind = ArtifactKind::kWeights;
  }
  if (!salvaged) NoteCompressed(zip, artifact);
  ReportPickleMembers(source, zip, member == nullptr ? nullptr : pickle, limits, artifact);
}

}  // namespace weighbridge
