#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

namespace feedline {

/// Reads whole files into one aligned buffer, which is kept from file to file. For one thread at a time.
class FileBuffer {
 public:
  /// Reads `name`, relative to the folder `folder_fd`; the bytes are valid until the next call. Tries three
  /// times when the storage fails. Throws std::system_error with the errno of the failure, and DecodeError
  /// when `name` is no regular file or is larger than one gibibyte.
  std::span<const std::byte> read(int folder_fd, const char* name);

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept { std::free(memory); }
  };

  std::span<const std::byte> read_once(int folder_fd, const char* name);
  void grow(std::size_t bytes);

  std::unique_ptr<std::byte[], Free> memory_;
  std::size_t capacity_ = 0;
};

/// Asks the system to drop a file from its page cache. Reports no failure.
void drop_from_page_cache(int folder_fd, const char* name) noexcept;

/// Asks the system to read a file soon. Reports no failure.
void read_ahead(int folder_fd, const char* name) noexcept;

}  // namespace feedline
