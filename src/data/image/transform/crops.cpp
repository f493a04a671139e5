#include "crops.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace feedline {
namespace {

constexpr int kTries = 10;

double between(Philox& random, double low, double high) noexcept {
  return low + (high - low) * static_cast<double>(random.next_float());
}

std::uint32_t rounded(double value) noexcept {
  return static_cast<std::uint32_t>(std::lround(value));
}

std::uint32_t at_least_one(double value) noexcept {
  return std::max(rounded(value), 1U);
}

}  // namespace

PixelBox RandomResizedCrop::draw(Philox& random, std::uint32_t width, std::uint32_t height) const noexcept {
  const double area = static_cast<double>(width) * height;
  const double low = std::log(min_ratio), high = std::log(max_ratio);
  for (int i = 0; i < kTries; ++i) {
    const double wanted = area * between(random, min_scale, max_scale);
    const double ratio = std::exp(between(random, low, high));
    const std::uint32_t w = rounded(std::sqrt(wanted * ratio)), h = rounded(std::sqrt(wanted / ratio));
    if (w == 0 || w > width || h == 0 || h > height) continue;
    const std::uint32_t top = random.next_below(height - h + 1);
    const std::uint32_t left = random.next_below(width - w + 1);
    return {left, top, w, h};
  }
  const double ratio = static_cast<double>(width) / height;
  std::uint32_t w = width, h = height;
  if (ratio < min_ratio) h = std::min(height, at_least_one(w / min_ratio));
  if (ratio > max_ratio) w = std::min(width, at_least_one(h * max_ratio));
  return {(width - w) / 2, (height - h) / 2, w, h};
}

RealBox center_crop(std::uint32_t width, std::uint32_t height, std::uint32_t resize_to,
                    std::uint32_t size) noexcept {
  // torchvision cuts the longer side to whole pixels, and its crop begins at one.
  const std::uint64_t shorter = std::min(width, height);
  const auto scaled_width = static_cast<double>(std::uint64_t{width} * resize_to / shorter);
  const auto scaled_height = static_cast<double>(std::uint64_t{height} * resize_to / shorter);
  const double left = std::nearbyint((scaled_width - size) / 2);  // halves to even, as in Python
  const double top = std::nearbyint((scaled_height - size) / 2);
  const double across = width / scaled_width, down = height / scaled_height;
  return {left * across, top * down, size * across, size * down};
}

PictureHeader as_viewed(const PictureHeader& header) noexcept {
  if (header.orientation < 5) return {header.width, header.height, 1};
  return {header.height, header.width, 1};
}

Placement place(const PictureHeader& header, const RealBox& box, bool flip) noexcept {
  const int way = header.orientation;
  Placement result;
  result.box = box;
  result.transposed = way >= 5;
  result.mirror_columns = way == 2 || way == 3 || way == 7 || way == 8;
  result.mirror_rows = way == 3 || way == 4 || way == 6 || way == 7;
  if (result.transposed) {
    std::swap(result.box.left, result.box.top);
    std::swap(result.box.width, result.box.height);
  }
  if (result.mirror_columns) result.box.left = header.width - result.box.left - result.box.width;
  if (result.mirror_rows) result.box.top = header.height - result.box.top - result.box.height;
  if (flip) {
    bool& mirror = result.transposed ? result.mirror_rows : result.mirror_columns;
    mirror = !mirror;
  }
  return result;
}

void transpose_planes(std::uint8_t* planes, std::uint32_t side) noexcept {
  for (std::uint32_t channel = 0; channel < kPixelBytes; ++channel) {
    std::uint8_t* plane = planes + std::size_t{channel} * side * side;
    for (std::uint32_t y = 0; y < side; ++y) {
      for (std::uint32_t x = y + 1; x < side; ++x)
        std::swap(plane[std::size_t{y} * side + x], plane[std::size_t{x} * side + y]);
    }
  }
}

}  // namespace feedline
