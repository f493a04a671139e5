#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

namespace feedline {

/// Whole files read into one aligned buffer, which stays from file to file. One thread at a time.
class FileBuffer {
 public:
  /// Reads `name`, relative to the folder `folder_fd`; the bytes stay until the next call. Tries three times
  /// when the storage fails. Throws std::system_error with the errno of what failed, and DecodeError for what
  /// is no file or larger than a gibibyte.
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

/// Asks the system to drop what it remembers of a file. Says nothing when it cannot.
void drop_from_page_cache(int folder_fd, const char* name) noexcept;

/// Asks the system to read a file soon. Says nothing when it cannot.
void read_ahead(int folder_fd, const char* name) noexcept;

}  // namespace feedline
