#include "shrink.hpp"

namespace feedline {

std::uint32_t choose_shrink(const PictureHeader& header, double width, double height, std::uint32_t side,
                            std::uint32_t most) noexcept {
  std::uint32_t shrink = 1;
  for (const Grain& grain : header.grains) {
    if (2 * shrink > most || width / grain.width < side || height / grain.height < side) break;
    shrink *= 2;
  }
  return shrink;
}

}  // namespace feedline
