#pragma once

#include <feedline/device/device_runtime.hpp>

#include <cstdint>

namespace feedline {

/// Does the work of Stream::normalise in the calling thread.
void normalise_on_host(const Pictures& pictures, const Normalised& to);

/// Returns the bits of the nearest number of that type; of two equally near ones, the one whose last bit is
/// 0.
std::uint16_t to_bfloat16(float value) noexcept;
std::uint16_t to_float16(float value) noexcept;

}  // namespace feedline
