// Writes the stores of container engines into a list of files: Docker's graph driver,
// containers/storage and containerd, with the layers of one image unpacked in folders.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "tests/support/bolt_builder.h"
#include "tests/support/store_builder.h"

namespace weighbridge::test {

// How a layer folder says that something is deleted.
enum class Whiteout { kDevice, kAttribute, kFile };

struct LiveFile {
  std::string name;
  std::string bytes;
};

struct LiveLayer {
  std::vector<LiveFile> files;
  std::vector<std::string> deleted;
  std::vector<std::string> opaque;  // folders
};

struct LiveImage {
  std::string name;
  std::vector<LiveLayer> layers;  // lowest first

  std::string DiffId(std::size_t layer) const {
    return "sha256:" + Sha256Of(name + std::to_string(layer));
  }
  std::string ChainId(std::size_t layer) const {
    if (layer == 0) return DiffId(0);
    return "sha256:" + Sha256Of(ChainId(layer - 1) + " " + DiffId(layer));
  }
  std::string Config() const {
    Json ids = Json::array();
    for (std::size_t i = 0; i < layers.size(); ++i) ids.push_back(DiffId(i));
    return Json{{"architecture", "amd64"},
                {"os", "linux"},
                {"rootfs", {{"type", "layers"}, {"diff_ids", ids}}}}
        .dump();
  }
  std::string BlobDigest(std::size_t layer) const {
    return "sha256:" + Sha256Of("compressed " + DiffId(layer));
  }
  std::string Manifest() const {
    Json list = Json::array();
    for (std::size_t i = 0; i < layers.size(); ++i) {
      list.push_back({{"mediaType", "application/vnd.oci.image.layer.v1.tar+gzip"},
                      {"digest", BlobDigest(i)},
                      {"size", 1}});
    }
    return Json{{"schemaVersion", 2},
                {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                {"config",
                 {{"mediaType", "application/vnd.oci.image.config.v1+json"},
                  {"digest", "sha256:" + Sha256Of(Config())},
                  {"size", Config().size()}}},
                {"layers", list}}
        .dump();
  }
};

inline std::string HexPart(const std::string& digest) { return digest.substr(7); }

// A store as files, and where its layers are to be unpacked.
struct LiveStore {
  std::vector<LiveFile> files;
  std::vector<std::string> folders;  // of the image's layers, lowest first

  void Add(const std::string& name, const std::string& bytes) { files.push_back({name, bytes}); }
};

inline LiveStore DockerStore(const std::string& root, const LiveImage& image) {
  LiveStore store;
  const std::string meta = root + "image/overlay2/";
  const std::string id = Sha256Of(image.Config());
  store.Add(meta + "imagedb/content/sha256/" + id, image.Config());
  store.Add(meta + "repositories.json",
            Json{{"Repositories", {{"acme", {{image.name, "sha256:" + id}}}}}}.dump());
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const std::string layer = meta + "layerdb/sha256/" + HexPart(image.ChainId(i)) + "/";
    const std::string cache = Sha256Of("cache" + std::to_string(i));
    store.Add(layer + "cache-id", cache);
    store.Add(layer + "diff", image.DiffId(i));
    store.Add(layer + "size", "1");
    if (i != 0) store.Add(layer + "parent", image.ChainId(i - 1));
    store.Add(root + "overlay2/" + cache + "/link", "LINK");
    store.folders.push_back(root + "overlay2/" + cache + "/diff/");
  }
  return store;
}

inline LiveStore StorageStore(const std::string& root, const LiveImage& image) {
  LiveStore store;
  const std::string id = Sha256Of(image.Config());
  Json layers = Json::array();
  std::string parent;
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const std::string layer = HexPart(image.ChainId(i));
    layers.push_back({{"id", layer}, {"diff-digest", image.DiffId(i)}});
    if (!parent.empty()) layers.back()["parent"] = parent;
    parent = layer;
    store.folders.push_back(root + "overlay/" + layer + "/diff/");
  }
  const Json images = {{{"id", id},
                        {"digest", "sha256:" + Sha256Of(image.Manifest())},
                        {"names", {image.name}},
                        {"layer", parent}}};
  store.Add(root + "overlay-images/images.json", images.dump());
  store.Add(root + "overlay-layers/layers.json", layers.dump());
  store.Add(root + "overlay-images/" + id + "/manifest", image.Manifest());
  store.Add(root + "overlay-images/" + id + "/=bWFuaWZlc3Qtc2hhMjU2", image.Manifest());
  return store;
}

// The blobs of the layers are not kept, as with CRI's discard_unpacked_layers.
inline LiveStore ContainerdStore(const std::string& root, const LiveImage& image) {
  LiveStore store;
  const std::string blobs = root + "io.containerd.content.v1.content/blobs/sha256/";
  store.Add(blobs + Sha256Of(image.Config()), image.Config());
  store.Add(blobs + Sha256Of(image.Manifest()), image.Manifest());
  BoltBucket names;
  PutImage(names, "k8s.io", image.name, "sha256:" + Sha256Of(image.Manifest()));
  store.Add(root + "io.containerd.metadata.v1.bolt/meta.db", BuildBolt(names));
  BoltBucket snapshots;
  const std::string snapshotter = root + "io.containerd.snapshotter.v1.overlayfs/";
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const auto number = static_cast<unsigned>(i + 127);  // ids of one byte and of two
    PutSnapshot(snapshots, "k8s.io/" + std::to_string(i) + "/" + image.ChainId(i), number);
    store.folders.push_back(snapshotter + "snapshots/" + std::to_string(number) + "/fs/");
  }
  store.Add(snapshotter + "metadata.db", BuildBolt(snapshots));
  return store;
}

// False when the system does not allow this form here.
inline bool WriteWhiteout(const Scratch& scratch, const std::string& folder,
                          const std::string& name, Whiteout form) {
  if (form == Whiteout::kFile) {
    const std::size_t slash = name.rfind('/');
    const std::size_t from = slash == name.npos ? 0 : slash + 1;
    scratch.Write(folder + name.substr(0, from) + ".wh." + name.substr(from), "");
    return true;
  }
  const std::filesystem::path path = scratch / (folder + name);
  if (form == Whiteout::kDevice) {
    std::filesystem::create_directories(path.parent_path());
    return mknod(path.c_str(), S_IFCHR | 0600, makedev(0, 0)) == 0;
  }
  scratch.Write(folder + name, "");
  return lsetxattr(path.c_str(), "user.overlay.whiteout", "y", 1, 0) == 0;
}

inline bool WriteOpaque(const Scratch& scratch, const std::string& folder, Whiteout form) {
  if (form == Whiteout::kFile) {
    scratch.Write(folder + "/.wh..wh..opq", "");
    return true;
  }
  std::filesystem::create_directories(scratch / folder);
  const std::string path = scratch / folder;
  const char* trusted = "trusted.overlay.opaque";  // root may write it
  if (form == Whiteout::kDevice && lsetxattr(path.c_str(), trusted, "y", 1, 0) == 0) return true;
  return lsetxattr(path.c_str(), "user.overlay.opaque", "y", 1, 0) == 0;
}

// Writes the store and unpacks the image's layers into its folders.
inline bool WriteLive(const Scratch& scratch, const LiveStore& store, const LiveImage& image,
                      Whiteout form) {
  for (const LiveFile& file : store.files) scratch.Write(file.name, file.bytes);
  bool written = true;
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const LiveLayer& layer = image.layers[i];
    for (const LiveFile& file : layer.files) {
      scratch.Write(store.folders[i] + file.name, file.bytes);
    }
    for (const std::string& name : layer.deleted) {
      written &= WriteWhiteout(scratch, store.folders[i], name, form);
    }
    for (const std::string& name : layer.opaque) {
      written &= WriteOpaque(scratch, store.folders[i] + name, form);
    }
  }
  return written;
}

// The same in a tar; what deletes is a device there, as tar keeps it.
inline std::string LiveTar(const LiveStore& store, const LiveImage& image) {
  std::vector<TarMember> members;
  for (const LiveFile& file : store.files) members.push_back({"./" + file.name, file.bytes});
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    for (const LiveFile& file : image.layers[i].files) {
      members.push_back({"./" + store.folders[i] + file.name, file.bytes});
    }
    for (const std::string& name : image.layers[i].deleted) {
      members.push_back({"./" + store.folders[i] + name, "", '3'});
    }
  }
  return BuildTar(members, TarDialect::kPax);
}

}  // namespace weighbridge::test
