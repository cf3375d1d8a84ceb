// Result<T>: a value or the Error that prevented it. No exceptions cross a
// weighbridge interface; a damaged file is an Error or a Diagnostic, never a throw.
// Values are plain; copies are independent. Thread-safe as any value is.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace weighbridge {

enum class ErrorCode {
  kTruncated,        // the bytes end before the structure does
  kMalformed,        // the bytes contradict the format's specification
  kLimitExceeded,    // a cap of Limits was reached
  kUnsupported,      // recognised, but this part is not implemented
  kIo,               // the operating system failed a read or write
  kPermission,       // the operating system refused
  kNotFound,         // the named thing does not exist
  kChanged,          // the file changed while it was read
  kInvalidArgument,  // the caller's option, policy or rule pack is wrong
};

// The stable lower-case word for a code, as written in reports.
const char* ErrorCodeName(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kMalformed;
  std::string message;  // where, what was found, what was expected; no full stop
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  // Requires: ok().
  const T& value() const& {
    assert(ok());
    return std::get<0>(state_);
  }
  T& value() & {
    assert(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    assert(ok());
    return std::get<0>(std::move(state_));
  }
  // Requires: !ok().
  const Error& error() const& {
    assert(!ok());
    return std::get<1>(state_);
  }
  Error&& error() && {
    assert(!ok());
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

// The outcome of an action that yields nothing.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_.has_value(); }
  // Requires: !ok().
  const Error& error() const& {
    assert(!ok());
    return *error_;
  }
  Error&& error() && {
    assert(!ok());
    return *std::move(error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace weighbridge
