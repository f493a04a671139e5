#pragma once

#include <spng.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace feedline::testing {

/// How a test's PNG file is written.
struct PngKind {
  std::uint32_t width = 20;
  std::uint32_t height = 15;
  std::uint8_t depth = 8;
  std::uint8_t color = SPNG_COLOR_TYPE_TRUECOLOR;
  bool interlaced = false;
};

inline std::size_t png_channels(std::uint8_t color) {
  switch (color) {
    case SPNG_COLOR_TYPE_TRUECOLOR:
      return 3;
    case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA:
      return 4;
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA:
      return 2;
    default:
      return 1;
  }
}

/// The sample at a place of a made-up picture, as many bits as the depth has.
inline unsigned png_sample(const PngKind& kind, std::uint32_t x, std::uint32_t y, std::size_t channel) {
  return (x * 37 + y * 59 + static_cast<unsigned>(channel) * 83 + x * y) & ((1U << kind.depth) - 1);
}

/// The palette's colour `index`.
inline spng_plte_entry png_palette(unsigned index) {
  return {static_cast<std::uint8_t>(index * 7), static_cast<std::uint8_t>(255 - index),
          static_cast<std::uint8_t>(index * 3), 255};
}

inline std::vector<std::byte> make_png(const PngKind& kind) {
  spng_ctx* png = spng_ctx_new(SPNG_CTX_ENCODER);
  spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1);
  spng_ihdr header{
      kind.width, kind.height, kind.depth, kind.color, 0, 0, static_cast<std::uint8_t>(kind.interlaced)};
  spng_set_ihdr(png, &header);
  if (kind.color == SPNG_COLOR_TYPE_INDEXED) {
    spng_plte palette{};
    palette.n_entries = 1U << kind.depth;
    for (unsigned i = 0; i < palette.n_entries; ++i) palette.entries[i] = png_palette(i);
    spng_set_plte(png, &palette);
  }
  std::vector<std::uint8_t> pixels;
  for (std::uint32_t y = 0; y < kind.height; ++y) {
    unsigned bits = 0, filled = 0;
    for (std::uint32_t x = 0; x < kind.width; ++x) {
      for (std::size_t channel = 0; channel < png_channels(kind.color); ++channel) {
        const unsigned sample = png_sample(kind, x, y, channel);
        if (kind.depth == 16) {  // the encoder wants the machine's byte order
          pixels.push_back(static_cast<std::uint8_t>(sample & 0xFF));
          pixels.push_back(static_cast<std::uint8_t>(sample >> 8));
          continue;
        }
        bits = bits << kind.depth | sample;
        filled += kind.depth;
        if (filled == 8) {
          pixels.push_back(static_cast<std::uint8_t>(bits));
          bits = filled = 0;
        }
      }
    }
    if (filled > 0) pixels.push_back(static_cast<std::uint8_t>(bits << (8 - filled)));
  }
  if (spng_encode_image(png, pixels.data(), pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE) != 0)
    throw std::runtime_error("the test's PNG cannot be made");
  std::size_t bytes = 0;
  int error = 0;
  void* memory = spng_get_png_buffer(png, &bytes, &error);
  const auto* begin = static_cast<const std::byte*>(memory);
  std::vector<std::byte> file(begin, begin + bytes);
  std::free(memory);
  spng_ctx_free(png);
  return file;
}

}  // namespace feedline::testing
