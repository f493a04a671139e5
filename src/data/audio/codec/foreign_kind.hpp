#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// What a file that is no known recording really is, by its first bytes, such as "an MP4 file (m4a)"; empty
/// when they do not tell.
std::string_view foreign_kind(std::span<const std::byte> file) noexcept;

/// What to do about it, as the end of a sentence.
std::string foreign_remedy(std::string_view kind);

}  // namespace feedline
