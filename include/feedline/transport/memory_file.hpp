#pragma once

#include <feedline/common/posix.hpp>

#include <cstddef>

namespace feedline {

/// Makes a file in memory that other processes can map: it has no name in any file system, so nothing is left
/// over however a process ends. All pages are reserved at once, so that a lack of memory is an error here and
/// not a SIGBUS later. Throws UsageError when they cannot be had. `name` shows in /proc only.
UniqueFd make_memory_file(const char* name, std::size_t bytes);

/// Maps all of such a file. Throws UsageError when the address space is too small.
Mapping map_memory_file(int fd, std::size_t bytes);

}  // namespace feedline
