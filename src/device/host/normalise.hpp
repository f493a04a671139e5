#pragma once

#include <feedline/device/device_runtime.hpp>

#include <cstdint>

namespace feedline {

/// Stream::normalise, on the spot.
void normalise_on_host(const Pictures& pictures, const Normalised& to);

/// The nearest number of that kind as its bits; of two that are as near, the one whose last bit is 0.
std::uint16_t to_bfloat16(float value) noexcept;
std::uint16_t to_float16(float value) noexcept;

}  // namespace feedline
