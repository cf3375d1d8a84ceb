// Symbolic links that a model store makes to its own blobs.
#pragma once

#include <string>
#include <string_view>

namespace weighbridge {

// The Hugging Face hub cache links snapshots/<commit>/<file> to ../../blobs/<etag>
// (huggingface_hub, "manage your cache"); ModelScope and ramalama lay out theirs alike;
// Ollama may link a manifest to its blob. Given the absolute path of a link and its
// text, returns the absolute target when link and target lie in the same repository
// (Ollama: the same store), else "". Text only: touches no file.
std::string ResolveInStore(std::string_view link_path, std::string_view link_text);

}  // namespace weighbridge
