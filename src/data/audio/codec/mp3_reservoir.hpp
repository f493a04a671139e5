#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace feedline {

/// Appends the first of these frames, up to the last one that needs bytes of frames before the first, which
/// are lost; such frames become silent, as libmpg123 makes them where nothing is before them. Returns how
/// many bytes of `frames` were appended.
std::size_t append_without_orphans(std::vector<std::byte>& out, std::span<const std::byte> frames);

}  // namespace feedline
