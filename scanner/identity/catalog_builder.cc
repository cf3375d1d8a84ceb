// weighbridge_catalog_builder TABLES_DIR OUT_DIR
//
// Reads rules/catalog/*.tsv, writes OUT_DIR/catalog.sqlite and OUT_DIR/catalog_digest.h.
// Runs on the build host; a cross build names one with WEIGHBRIDGE_HOST_CATALOG_BUILDER.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include <openssl/evp.h>

#include "scanner/base/text.h"
#include "scanner/identity/catalog_image.h"

namespace weighbridge {
namespace {

bool WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) std::cerr << path << ": cannot be written\n";
  return static_cast<bool>(out);
}

std::string DigestHeader(const std::string& bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1) return {};
  return "// Written by weighbridge_catalog_builder: SHA-256 of catalog.sqlite.\n"
         "#define WEIGHBRIDGE_CATALOG_DIGEST \"" +
         Hex(digest, size) + "\"\n";
}

int Build(const std::string& tables, const std::string& out_dir) {
  CatalogTexts texts;
  for (const auto& name : CatalogFileNames()) {
    std::ifstream in(tables + "/" + name, std::ios::binary);
    if (!in) {
      std::cerr << tables << "/" << name << ": cannot be read\n";
      return 1;
    }
    texts.emplace_back(name, std::string(std::istreambuf_iterator<char>(in), {}));
  }
  const CatalogImage image = BuildCatalogImage(texts);
  for (const auto& error : image.errors) std::cerr << tables << "/" << error << "\n";
  for (const auto& note : image.notes) std::cout << "note: " << note << "\n";
  if (!image.errors.empty()) return 1;
  const std::string header = DigestHeader(image.bytes);
  if (header.empty()) return 1;
  return WriteFile(out_dir + "/catalog.sqlite", image.bytes) &&
                 WriteFile(out_dir + "/catalog_digest.h", header)
             ? 0
             : 1;
}

}  // namespace
}  // namespace weighbridge

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: weighbridge_catalog_builder TABLES_DIR OUT_DIR\n";
    return 2;
  }
  return weighbridge::Build(argv[1], argv[2]);
}
