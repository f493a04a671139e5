#pragma once

#include "file_buffer.hpp"
#include "storage.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// Reads the whole file `name`, relative to the folder `folder_fd` (or AT_FDCWD), into `buffer`. Tries three
/// times when the storage fails. Throws std::system_error with the errno of the failure, and DecodeError when
/// `name` is no regular file or is larger than one gibibyte.
std::span<const std::byte> read_file(int folder_fd, const char* name, FileBuffer& buffer);

/// Reads the part of the file that begins at `offset` into `into`, in the same way.
FileRange read_file_range(int folder_fd, const char* name, std::uint64_t offset, std::span<std::byte> into);

/// Asks the system to drop a file from its page cache. Reports no failure.
void drop_from_page_cache(int folder_fd, const char* name) noexcept;

/// Asks the system to read a file soon. Reports no failure.
void read_file_ahead(int folder_fd, const char* name) noexcept;

}  // namespace feedline
