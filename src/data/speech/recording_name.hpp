#pragma once

#include <string_view>

namespace feedline {

/// Returns a name without the ending of a recording (see recording_files), in any case; the whole name when
/// it has no such ending.
std::string_view without_recording_ending(std::string_view name) noexcept;

}  // namespace feedline
