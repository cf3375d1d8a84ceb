// The bytes of one blob: as a stream that is verified as it passes, or at any place by
// range requests.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "scanner/archive/stream.h"
#include "scanner/registry/client.h"
#include "scanner/registry/digester.h"
#include "scanner/source/byte_source.h"

namespace weighbridge {

// Front to back, never stored. A connection that breaks is taken up again where it
// broke, a few times. More bytes than stated are an error.
class BlobStream final : public Stream {
 public:
  // The client must outlive it. `size` as the manifest states it.
  BlobStream(RegistryClient& client, std::string digest, std::uint64_t size)
      : client_(client),
        digest_(std::move(digest)),
        size_(size),
        digester_(DigestAlgorithm(digest_)) {}
  Result<std::size_t> Read(MutableByteSpan out) override;
  // Reads the rest and returns the digest of everything: "sha256:<hex>".
  Result<std::string> Finish();

  const std::string& digest() const { return digest_; }  // as stated
  std::uint64_t size() const { return size_; }
  std::uint64_t passed() const { return passed_; }

 private:
  Status Open();

  RegistryClient& client_;
  const std::string digest_;
  const std::uint64_t size_;
  Digester digester_;
  std::unique_ptr<HttpResponse> response_;
  std::uint64_t passed_ = 0;
  int reopened_ = 0;
  bool over_ = false;
  std::optional<Error> failed_;
};

// Reads blocks of 64 KiB, growing to 256 KiB while reads go forward, and keeps the last
// few. Thread-safe.
class RangeSource final : public ByteSource {
 public:
  static constexpr std::uint64_t kSmallestBlock = 64 << 10;
  static constexpr std::uint64_t kLargestBlock = 256 << 10;

  RangeSource(RegistryClient& client, std::string digest, std::uint64_t size)
      : client_(client), digest_(std::move(digest)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override;

  // The server answers ranges with the whole blob: only the start can be had this way.
  bool ranges_ignored() const { return ranges_ignored_; }
  std::uint64_t bytes_fetched() const { return bytes_fetched_; }
  std::uint64_t requests() const { return requests_; }

 private:
  struct Block {
    std::uint64_t offset = 0;
    std::vector<std::uint8_t> bytes;
  };
  Result<const Block*> BlockWith(std::uint64_t offset) const;
  Result<Block> Fetch(ByteRange range) const;

  RegistryClient& client_;
  const std::string digest_;
  const std::uint64_t size_;
  mutable std::mutex mutex_;
  mutable std::list<Block> blocks_;  // latest first
  mutable std::uint64_t next_block_bytes_ = kSmallestBlock;
  mutable std::uint64_t last_end_ = 0;
  mutable std::uint64_t bytes_fetched_ = 0;
  mutable std::uint64_t requests_ = 0;
  mutable bool ranges_ignored_ = false;
};

}  // namespace weighbridge
