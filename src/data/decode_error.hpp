#pragma once

#include <stdexcept>

namespace feedline {

/// Why a file's bytes are no picture: a short reason, without the file's name.
class DecodeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace feedline
