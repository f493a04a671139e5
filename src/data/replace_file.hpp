#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace feedline {

/// Writes a file, at once or not at all: another process never sees half of it. Its folder is made when it is
/// missing. False when it cannot be written: errno says why.
bool replace_file(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace feedline
