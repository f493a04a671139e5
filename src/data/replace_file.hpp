#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace feedline {

/// Writes a file completely or not at all: another process never sees half of it. Makes its folder when it is
/// missing. Returns false when the file cannot be written, with the reason in errno.
bool replace_file(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace feedline
