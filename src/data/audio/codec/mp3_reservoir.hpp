#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace feedline {

/// Appends the first of these frames, up to the last one that needs bytes of frames before the first, which
/// are lost. Frames that need such bytes become silent, as in libmpg123 at the start of a stream. Returns the
/// number of bytes of `frames` that were appended.
std::size_t append_without_orphans(std::vector<std::byte>& out, std::span<const std::byte> frames);

}  // namespace feedline
