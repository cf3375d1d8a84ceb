// One subject, a file or a member, in; an Artifact or nothing out.
#pragma once

#include <cstdint>
#include <optional>
#include <semaphore>

#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// Counts what is read through it and keeps the first failure.
class CountingSource final : public ByteSource {
 public:
  explicit CountingSource(const ByteSource& source) : source_(source) {}
  std::uint64_t size() const override { return source_.size(); }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override;
  std::uint64_t bytes() const { return bytes_; }
  const std::optional<Error>& failure() const { return failure_; }

 private:
  const ByteSource& source_;
  mutable std::uint64_t bytes_ = 0;
  mutable std::optional<Error> failure_;
};

class ServiceCollector;

// How the bytes of a subject can be had.
enum class Access {
  kAnywhere,     // reading the end costs no more than reading the start
  kFrontToBack,  // a stream: only its first bytes are cheap
};

enum class Recognition { kRecognised, kUnrecognised, kFailed };

// Thread-safe.
class Recogniser {
 public:
  explicit Recogniser(const Limits& limits) : limits_(limits) {}

  // Fills `artifact`, whose location is set. kFailed: `failure` says why. What is not
  // recognised goes to `services`, unless that is null.
  Recognition Recognise(const ByteSource& source, Access access, Artifact& artifact, Error* failure,
                        ServiceCollector* services = nullptr);
  // Whether a stream of unknown size begins like something that is worth measuring.
  bool WorthMeasuring(const ByteSource& source) const;

 private:
  const Limits& limits_;
  // Headers of tens of megabytes are parsed two at a time, which bounds memory.
  std::counting_semaphore<2> large_headers_{2};
};

}  // namespace weighbridge
