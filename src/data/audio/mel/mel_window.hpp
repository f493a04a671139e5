#pragma once

#include <feedline/data/audio/mel_spec.hpp>

#include <cstdint>
#include <vector>

namespace feedline {

/// Where in a transform the window begins; it has win_length samples.
std::uint32_t window_begin(const MelSpec& spec) noexcept;

/// As long as the transform, 0 around the window; computed in double.
std::vector<float> make_window(const MelSpec& spec);

}  // namespace feedline
