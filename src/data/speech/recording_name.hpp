#pragma once

#include <string_view>

namespace feedline {

/// A name without the ending of a recording (see recording_files), in whatever case; the whole name when it
/// has none.
std::string_view without_recording_ending(std::string_view name) noexcept;

}  // namespace feedline
