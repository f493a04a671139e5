#pragma once

#include "codec/picture.hpp"

#include <cstdint>

namespace feedline {

/// Returns the largest shrink, up to `most`, at which a part of `width` x `height` stored pixels keeps at
/// least `side` values in each direction, colour values included.
std::uint32_t choose_shrink(const PictureHeader& header, double width, double height, std::uint32_t side,
                            std::uint32_t most) noexcept;

}  // namespace feedline
