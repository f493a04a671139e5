#include <feedline/common/errors.hpp>
#include <feedline/data/picture/canvas.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

// Single-header libraries that are compiled here, with the warnings that their style gives rise to.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wunused-function"
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_easy_font.h>
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace feedline {
namespace {

constexpr std::uint8_t kBackground = 24;
constexpr std::uint8_t kText = 230;

using Color = std::array<std::uint8_t, 3>;

/// From dark blue over green to yellow, as matplotlib's viridis, at five points.
constexpr std::array<Color, 5> kHeat = {
    {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}}};

std::uint8_t heat_of(float share, std::size_t channel) noexcept {
  const float place = std::clamp(share, 0.0F, 1.0F) * (kHeat.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), kHeat.size() - 2);
  const float rest = place - static_cast<float>(below);
  return static_cast<std::uint8_t>(
      std::lround(kHeat[below][channel] * (1 - rest) + kHeat[below + 1][channel] * rest));
}

void append(void* bytes, void* data, int size) {
  const auto* from = static_cast<const std::byte*>(data);
  auto& to = *static_cast<std::vector<std::byte>*>(bytes);
  to.insert(to.end(), from, from + size);
}

}  // namespace

Canvas::Canvas(std::uint32_t width, std::uint32_t height)
    : width_(width), height_(height), pixels_(std::size_t{width} * height * 3, kBackground) {}

void Canvas::set(std::uint32_t x, std::uint32_t y, std::size_t channel, std::uint8_t value) noexcept {
  if (x < width_ && y < height_) pixels_[(std::size_t{y} * width_ + x) * 3 + channel] = value;
}

void Canvas::fill(std::uint32_t left, std::uint32_t top, std::uint32_t right, std::uint32_t bottom,
                  std::uint8_t value) noexcept {
  for (std::uint32_t y = top; y < bottom; ++y) {
    for (std::uint32_t x = left; x < right; ++x) {
      for (std::size_t channel = 0; channel < 3; ++channel) set(x, y, channel, value);
    }
  }
}

void Canvas::text(const std::string& letters, std::uint32_t left, std::uint32_t top, std::uint32_t width) {
  struct Corner {
    float x, y, z;
    std::array<unsigned char, 4> color;
  };
  std::string shown;
  for (const char letter : letters) {
    if (letter < ' ' || letter > '~') continue;
    shown += letter;
    if (stb_easy_font_width(shown.data()) > static_cast<int>(width)) {
      shown.pop_back();
      break;
    }
  }
  std::vector<Corner> corners(shown.size() * 64 + 64);
  const int quads = stb_easy_font_print(0, 0, shown.data(), nullptr, corners.data(),
                                        static_cast<int>(corners.size() * sizeof(Corner)));
  for (std::size_t quad = 0; quad < static_cast<std::size_t>(quads); ++quad) {
    const Corner& first = corners[quad * 4];
    const Corner& opposite = corners[quad * 4 + 2];
    fill(left + static_cast<std::uint32_t>(first.x), top + static_cast<std::uint32_t>(first.y),
         left + static_cast<std::uint32_t>(opposite.x), top + static_cast<std::uint32_t>(opposite.y), kText);
  }
}

void Canvas::heat(std::span<const float> values, std::size_t columns, float low, float high,
                  std::uint32_t left, std::uint32_t top, std::uint32_t zoom_x,
                  std::uint32_t zoom_y) noexcept {
  const std::size_t rows = values.size() / columns;
  const float range = high > low ? high - low : 1;
  for (std::uint32_t y = 0; y < rows * zoom_y; ++y) {
    for (std::uint32_t x = 0; x < columns * zoom_x; ++x) {
      const float share = (values[(rows - 1 - y / zoom_y) * columns + x / zoom_x] - low) / range;
      for (std::size_t channel = 0; channel < 3; ++channel)
        set(left + x, top + y, channel, heat_of(share, channel));
    }
  }
}

std::vector<std::byte> Canvas::to_png() const {
  std::vector<std::byte> bytes;
  stbi_write_png_to_func(append, &bytes, static_cast<int>(width_), static_cast<int>(height_), 3,
                         pixels_.data(), static_cast<int>(width_ * 3));
  return bytes;
}

void Canvas::write(const std::filesystem::path& path) const {
  const std::vector<std::byte> bytes = to_png();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw UsageError("Cannot write " + path.string() + ". Check folder and permissions.");
}

}  // namespace feedline
