#pragma once

#include "codec/picture.hpp"

#include <cstdint>

namespace feedline {

/// The largest shrink, at most `most`, at which a part of `width` x `height` stored pixels keeps `side` or
/// more values each way, those of colour too.
std::uint32_t choose_shrink(const PictureHeader& header, double width, double height, std::uint32_t side,
                            std::uint32_t most) noexcept;

}  // namespace feedline
