#pragma once

#include <stdexcept>
#include <string>

namespace feedline {

/// The program's exit codes. Tools outside the project rely on them.
enum class ExitCode : int {
  kDone = 0,
  kInternal = 1,
  kUsage = 2,
  kNoDevice = 3,
  kBadData = 4,
  kPeerLost = 5,
  kStopped = 75,
};

/// Base of every exception that feedline throws on purpose. `what()` is a complete message for the user: the
/// action that failed, its object and the remedy. `main` maps `code()` to the exit status, in one place.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

/// A defect of feedline itself.
struct InternalError : Error {
  explicit InternalError(const std::string& message) : Error(ExitCode::kInternal, message) {}
};

/// A flag, or a combination of flags, that feedline cannot run with.
struct UsageError : Error {
  explicit UsageError(const std::string& message) : Error(ExitCode::kUsage, message) {}
};

/// A requested device that is missing, or a device that failed.
struct DeviceError : Error {
  explicit DeviceError(const std::string& message) : Error(ExitCode::kNoDevice, message) {}
};

/// Data that cannot be used; the message names the file.
struct DataError : Error {
  explicit DataError(const std::string& message) : Error(ExitCode::kBadData, message) {}
};

/// Another rank died or did not answer in time. The message names the rank and the awaited event.
struct PeerError : Error {
  explicit PeerError(const std::string& message) : Error(ExitCode::kPeerLost, message) {}
};

/// Another rank failed and has already reported it to the user. This rank ends silently with the same code.
struct RemoteError : Error {
  RemoteError(ExitCode code, const std::string& message) : Error(code, message) {}
};

/// Throws InternalError with the errno text of a failed system call. `what` describes the attempted action.
[[noreturn]] void throw_errno(const std::string& what);

/// As above, with a given errno value.
[[noreturn]] void throw_errno(const std::string& what, int error_number);

/// Throws InternalError unless `condition` holds. For conditions that only a defect of feedline can break.
inline void ensure(bool condition, const char* message) {
  if (!condition) throw InternalError(message);
}

}  // namespace feedline
