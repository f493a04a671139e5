#pragma once

#include <array>
#include <string_view>

namespace feedline {

/// The endings of recordings, in the order in which they are tried.
constexpr std::array<std::string_view, 5> kRecordingEndings = {".wav", ".flac", ".mp3", ".ogg", ".opus"};

/// A name without one of these endings, in whatever case; the whole name when it has none.
std::string_view without_recording_ending(std::string_view name) noexcept;

}  // namespace feedline
