// What else a report says of a model: licences, quantisation, parameters, name.
#include <algorithm>
#include <map>

#include "scanner/base/text.h"
#include "scanner/identity/conclusion.h"
#include "scanner/identity/file_names.h"
#include "scanner/identity/licence_claims.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {

void Conclusion::Licences() {
  identity_.licences = CollectLicences(files_, identity_.catalogue_licence, model_.location);
  for (Conflict& conflict : LicenceConflicts(catalog_, identity_.licences, identity_.hub_id)) {
    model_.conflicts.push_back(std::move(conflict));
  }
  for (Conflict& conflict : DigestConflicts(artifacts_, model_))
    model_.conflicts.push_back(std::move(conflict));
}

void Conclusion::Remaining() {
  Name();
  std::map<std::string, std::uint64_t> ggml_bytes;
  for (const Artifact* file : files_) {
    if (identity_.quantisation.empty())
      identity_.quantisation = file->ClaimOr("layout:quantisation");
    if (identity_.version.empty()) identity_.version = file->ClaimOr("gguf:general.version");
    if (file->format != "gguf") continue;
    for (const Tensor& tensor : file->tensors) {
      const bool block =
          tensor.dtype.size() > 1 && (tensor.dtype[0] == 'Q' || tensor.dtype.starts_with("IQ") ||
                                      tensor.dtype.starts_with("TQ") || tensor.dtype == "MXFP4");
      if (block) ggml_bytes[tensor.dtype] += tensor.bytes / 1024 + 1;
    }
  }
  if (identity_.quantisation.empty() && !ggml_bytes.empty()) {
    identity_.quantisation =
        std::max_element(ggml_bytes.begin(), ggml_bytes.end(), [](const auto& a, const auto& b) {
          return a.second < b.second;
        })->first;
  }
  for (const Artifact* file : files_) {
    if (identity_.quantisation.empty()) {
      identity_.quantisation = ToLower(file->ClaimOr("config:quantization_config.quant_method"));
    }
  }
  if (identity_.version.empty() && commits_.size() == 1) identity_.version = *commits_.begin();
  const auto parameters = dimensions_.find("parameters");
  if (model_.complete && parameters != dimensions_.end()) identity_.parameters = parameters->second;
}

void Conclusion::Name() {
  if (digest_ && (digest_->computed || model_.pointer_only) && !digest_->row.hub_repo.empty()) {
    identity_.name = NameOf(ResolveName(catalog_, digest_->row.hub_repo).text);
    return;
  }
  static constexpr const char* kOrder[] = {"folder of the model store", "model_name of the card",
                                           "general.name of the file",
                                           "modelspec.title of the file"};
  for (const char* source : kOrder) {
    for (const CheckedName& checked : names_) {
      if (checked.name.source != source || !Stands(checked)) continue;
      // What was loaded to make the model is not the model.
      if (checked.name.role != StatedName::Role::kSelf || IsStatedBase(checked.resolved)) continue;
      const std::string name = StemForDisplay(NameOf(checked.resolved.text));
      if (name.empty() || IsGenericName(name)) continue;
      identity_.name = Printable(name);
      return;
    }
  }
  const Location& place = ReadableLocation(*files_.front());
  // A name of the store that did not stand is still what the model is called.
  const std::string cached = NameOf(HubIdFromCachePath(place.ToString()));
  if (!cached.empty() && !IsGenericName(cached)) {
    identity_.name = Printable(cached);
    return;
  }
  const std::string stem = StemForDisplay(place.FileName());
  const auto [org, folder] = LastFolders(place.Folder());
  const bool revision = folder.size() == 40 && org == "snapshots";
  identity_.name =
      Printable(IsGenericName(stem) && !IsGenericName(folder) && !revision ? folder : stem);
}

}  // namespace weighbridge
