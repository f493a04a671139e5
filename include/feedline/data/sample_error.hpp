#pragma once

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <string>
#include <utility>

namespace feedline {

/// One sample that cannot be used, while the others can.
class SampleError : public DataError {
 public:
  /// `path` is the path that the user knows; `reason` is a short clause: "it ends early".
  SampleError(std::string path, std::string reason)
      : DataError(printable(path) + ": " + reason + "."),
        path_(std::move(path)),
        reason_(std::move(reason)) {}

  const std::string& path() const noexcept { return path_; }
  const std::string& reason() const noexcept { return reason_; }

 private:
  std::string path_;
  std::string reason_;
};

/// The storage failed, not the sample: another try may succeed.
class StorageError : public SampleError {
 public:
  using SampleError::SampleError;
};

}  // namespace feedline
