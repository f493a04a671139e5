#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

namespace feedline {

/// Aligned memory for the bytes of one file, which is kept from file to file. For one thread at a time.
class FileBuffer {
 public:
  /// Returns memory for a file of `bytes` bytes, valid until the next call; its contents are undefined.
  /// Throws DecodeError for more than one gibibyte.
  std::span<std::byte> room(std::size_t bytes);

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept { std::free(memory); }
  };

  std::unique_ptr<std::byte[], Free> memory_;
  std::size_t capacity_ = 0;
};

}  // namespace feedline
