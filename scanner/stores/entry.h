// What a store says about one file, and what the rules of layouts may ask.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "scanner/stores/place.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

struct StoreEntry {
  std::string kind;
  std::string host;
  std::string repository;
  std::string revision;
  std::string tag;
  std::string path;
  std::vector<StatedDigest> digests;
};

// A file of a listing (trees/<commit>.json) of a hub repository.
struct ListedFile {
  std::string path;
  std::uint64_t size = 0;
  std::string git_sha1;
  std::string sha256;  // "" when the file is not stored as a large file
};

struct Listing {
  std::string commit;
  std::vector<ListedFile> files;
};

// A statement about a file by another: its place is the key of the map.
struct Statement {
  std::size_t artifact = 0;  // who says it
  StatedDigest digest;       // hex "" when it states none
};

// All that the files of the scan say about stores, by place.
struct StoreDocuments {
  std::unordered_map<std::string, std::size_t> places;             // every location of every file
  std::map<std::string, std::map<std::string, std::string>> refs;  // repository folder: ref, commit
  std::map<std::string, std::vector<Listing>> listings;            // repository folder
  std::map<std::string, std::vector<Statement>> statements;        // file spoken of
  std::map<std::string, std::string> web_ui_hashes;                // "<root>\t<title>": SHA-256
  std::map<std::string, std::string> picture_roots;                // ".../models": comfyui, a1111

  bool Holds(const std::string& place) const { return places.count(place) != 0; }
};

StoreDocuments CollectDocuments(const std::vector<Artifact>& artifacts);

// One row per store; the first that fits the place fills the entry.
bool MatchLayout(const Place& place, const StoreDocuments& documents,
                 const std::vector<Artifact>& artifacts, StoreEntry& entry);

// Stores whose manifests name their blobs: Ollama, OCI layouts of model artifacts,
// Docker Model Runner, ramalama. Adds claims to blobs and manifests.
void JoinManifests(const StoreDocuments& documents, std::vector<Artifact>& artifacts);

void AddStoreClaim(Artifact& artifact, const char* key, const std::string& value);
bool IsModelFile(const Artifact& artifact);  // weights, adapter, projector, pointer
bool IsStoreDocument(const Artifact& artifact);

}  // namespace weighbridge
