#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// RGB pixels to paint on. Painting outside the canvas is ignored.
class Canvas {
 public:
  Canvas(std::uint32_t width, std::uint32_t height);

  std::uint32_t width() const noexcept { return width_; }

  void set(std::uint32_t x, std::uint32_t y, std::size_t channel, std::uint8_t value) noexcept;
  void fill(std::uint32_t left, std::uint32_t top, std::uint32_t right, std::uint32_t bottom,
            std::uint8_t value) noexcept;

  /// Writes as many letters as fit into `width`, 8 pixels high (ASCII; other characters are left out).
  void text(const std::string& text, std::uint32_t left, std::uint32_t top, std::uint32_t width);

  /// Paints a table of numbers as colours from dark (`low` and below) to bright (`high` and above): `columns`
  /// values per row, the first row at the bottom. Every value covers `zoom_x` by `zoom_y` pixels.
  void heat(std::span<const float> values, std::size_t columns, float low, float high, std::uint32_t left,
            std::uint32_t top, std::uint32_t zoom_x, std::uint32_t zoom_y) noexcept;

  std::vector<std::byte> to_png() const;

  /// Writes a PNG file. Throws UsageError naming it when it cannot be written.
  void write(const std::filesystem::path& path) const;

 private:
  std::uint32_t width_, height_;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace feedline
