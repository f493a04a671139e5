#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

namespace feedline {

/// Returns the bytes as characters, to be compared with names.
inline std::string_view text_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Returns whether all bytes are 0.
inline bool is_silence(std::span<const std::byte> bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace feedline
