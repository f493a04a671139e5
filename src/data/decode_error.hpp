#pragma once

#include <stdexcept>

namespace feedline {

/// Reports that a file's bytes cannot be decoded: a short reason, without the file's name.
class DecodeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace feedline
