#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// Returns the kind of a file that is not a known recording, by its first bytes, such as "an MP4 file (m4a)";
/// empty when it is not recognised.
std::string_view foreign_kind(std::span<const std::byte> file) noexcept;

/// Returns the remedy for a file of that kind, as the end of a sentence.
std::string foreign_remedy(std::string_view kind);

}  // namespace feedline
