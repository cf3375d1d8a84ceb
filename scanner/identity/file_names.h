// What file names and folders say: shard numbers, store lay-outs, name suffixes of
// quantisations. Names never decide what a file is; they only join its parts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/artifact.h"

namespace weighbridge {

// "model-00002-of-00005.safetensors": stem "model", number 2, total 5, extension
// ".safetensors". PyTorch's "consolidated.01.pth" has no total (0).
struct ShardName {
  std::string stem;
  std::uint64_t number = 0;
  std::uint64_t total = 0;
  std::size_t digits = 0;
  std::string extension;
};
std::optional<ShardName> ParseShardName(std::string_view file_name);
std::string ShardFileName(const ShardName& shard, std::uint64_t number);

// The location that says most: a repeated blob of a store (name is a bare digest)
// gives way to a readable name of the same bytes.
const Location& ReadableLocation(const Artifact& artifact);

// "ORG/NAME" of a Hugging Face cache path (".../models--ORG--NAME/snapshots/...").
std::string HubIdFromCachePath(std::string_view path);
// The SHA-256 by which a content-addressed store names its file: a hub cache or OCI
// layout (blobs/HEX, blobs/sha256/HEX), Ollama (blobs/sha256-HEX), git-lfs
// (lfs/objects/ab/cd/HEX). "" elsewhere; any file may carry 64 hex digits as a name.
std::string DigestOfStoreName(const Location& location);
// The last two folder names "ORG", "NAME" above the file; "" when there are none.
std::pair<std::string, std::string> LastFolders(std::string_view folder);

// The file name without shard number, extension and quantisation suffix.
std::string StemForDisplay(std::string_view file_name);
// A model name without what re-quantisers append: "-GGUF", "-AWQ", "-4bit", ".Q4_K_M".
std::string WithoutQuantisation(std::string_view name);
// True for an extension that weight files carry.
bool IsWeightFileName(std::string_view file_name);
// A plain word such as "model", "weights", "checkpoint": no name at all.
bool IsGenericName(std::string_view name);

}  // namespace weighbridge
