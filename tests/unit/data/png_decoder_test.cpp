#include "image/codec/png_decoder.hpp"

#include "decode_error.hpp"
#include "image/codec/png_chunks.hpp"
#include "png_files.hpp"
#include "png_parts.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace feedline {
namespace {

using testing::make_png;
using testing::png_palette;
using testing::png_sample;
using testing::PngKind;

/// What Pillow's convert("RGB") makes of a pixel.
std::array<unsigned, 3> as_rgb(const PngKind& kind, std::uint32_t x, std::uint32_t y) {
  if (kind.color == SPNG_COLOR_TYPE_INDEXED) {
    const spng_plte_entry entry = png_palette(png_sample(kind, x, y, 0));
    return {entry.red, entry.green, entry.blue};
  }
  const auto byte = [&](std::size_t channel) {
    const unsigned sample = png_sample(kind, x, y, channel);
    return kind.depth == 16 ? sample >> 8 : sample * 255 / ((1U << kind.depth) - 1);
  };
  if (kind.color == SPNG_COLOR_TYPE_GRAYSCALE || kind.color == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA)
    return {byte(0), byte(0), byte(0)};
  return {byte(0), byte(1), byte(2)};
}

class PngKinds : public ::testing::TestWithParam<PngKind> {};

TEST_P(PngKinds, BecomeRgb) {
  const PngKind kind = GetParam();
  const auto file = make_png(kind);
  EXPECT_EQ(read_png_header(file), (PictureHeader{kind.width, kind.height, 1}));
  const PixelBox box{3, 4, 11, 9};
  std::vector<std::uint8_t> out(std::size_t{40} * box.height, 200);
  decode_png(file, box, out.data(), 40);
  for (std::uint32_t y = 0; y < box.height; ++y) {
    for (std::uint32_t x = 0; x < box.width; ++x) {
      const auto expected = as_rgb(kind, box.left + x, box.top + y);
      for (std::size_t channel = 0; channel < 3; ++channel)
        ASSERT_EQ(out[y * 40 + x * 3 + channel], expected[channel]) << x << ", " << y;
    }
    EXPECT_EQ(out[y * 40 + box.width * 3], 200) << "nothing is written beside the box";
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, PngKinds,
    ::testing::Values(PngKind{}, PngKind{.interlaced = true}, PngKind{.depth = 16},
                      PngKind{.color = SPNG_COLOR_TYPE_TRUECOLOR_ALPHA},
                      PngKind{.depth = 16, .color = SPNG_COLOR_TYPE_TRUECOLOR_ALPHA},
                      PngKind{.depth = 1, .color = SPNG_COLOR_TYPE_GRAYSCALE},
                      PngKind{.depth = 2, .color = SPNG_COLOR_TYPE_GRAYSCALE},
                      PngKind{.depth = 4, .color = SPNG_COLOR_TYPE_GRAYSCALE},
                      PngKind{.depth = 8, .color = SPNG_COLOR_TYPE_GRAYSCALE},
                      PngKind{.depth = 16, .color = SPNG_COLOR_TYPE_GRAYSCALE},
                      PngKind{.depth = 8, .color = SPNG_COLOR_TYPE_GRAYSCALE_ALPHA},
                      PngKind{.depth = 16, .color = SPNG_COLOR_TYPE_GRAYSCALE_ALPHA},
                      PngKind{.depth = 1, .color = SPNG_COLOR_TYPE_INDEXED},
                      PngKind{.depth = 4, .color = SPNG_COLOR_TYPE_INDEXED},
                      PngKind{.depth = 8, .color = SPNG_COLOR_TYPE_INDEXED, .interlaced = true}));

void decode_corner(std::span<const std::byte> file) {
  const PictureHeader header = read_png_header(file);
  std::array<std::uint8_t, 3> pixel{};
  decode_png(file, {header.width / 2, 0, 1, 1}, pixel.data(), 3);
}

// The corner lies in the good part: a file is bad or good, whatever is asked of it.
TEST(PngDecoder, RefusesFilesThatAreCutOff) {
  for (const bool interlaced : {false, true}) {
    const auto file = make_png({.width = 120, .height = 90, .interlaced = interlaced});
    EXPECT_NO_THROW(decode_corner(file));
    for (std::size_t bytes = 0; bytes < file.size(); bytes += bytes + 30 < file.size() ? 97 : 1)
      EXPECT_THROW(decode_corner(std::span(file).first(bytes)), DecodeError)
          << bytes << " of " << file.size();
  }
}

void put_size(std::vector<std::byte>& file, std::uint32_t width, std::uint32_t height) {
  for (int i = 0; i < 4; ++i) {
    file[16 + static_cast<std::size_t>(i)] = static_cast<std::byte>(width >> (24 - 8 * i));
    file[20 + static_cast<std::size_t>(i)] = static_cast<std::byte>(height >> (24 - 8 * i));
  }
  // The checksum of the header chunk, CRC-32.
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t i = 12; i < 29; ++i) {
    crc ^= std::to_integer<std::uint32_t>(file[i]);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
  }
  crc = ~crc;
  for (int i = 0; i < 4; ++i)
    file[29 + static_cast<std::size_t>(i)] = static_cast<std::byte>(crc >> (24 - 8 * i));
}

std::string reason(const std::vector<std::byte>& file) {
  try {
    read_png_header(file);
  } catch (const DecodeError& error) {
    return error.what();
  }
  return "";
}

TEST(PngDecoder, RefusesSizesThatCannotBe) {
  auto file = make_png({.width = 4, .height = 4});
  put_size(file, 60000, 60000);
  EXPECT_NE(reason(file).find("60000 x 60000"), std::string::npos) << reason(file);
  put_size(file, 9000, 9000);
  EXPECT_NE(reason(file).find("can hold"), std::string::npos) << reason(file);
}

std::vector<std::uint8_t> pixels_of(std::span<const std::byte> file) {
  const PictureHeader header = read_png_header(file);
  std::vector<std::uint8_t> pixels(std::size_t{header.width} * header.height * kPixelBytes);
  decode_png(file, {0, 0, header.width, header.height}, pixels.data(), header.width * kPixelBytes);
  return pixels;
}

// Whatever is wrong with it, and however much of it there is.
TEST(PngDecoder, MetadataNeverCostsAPicture) {
  using testing::png_chunk;
  const std::string zero(1, '\0');
  const std::string large(std::size_t{20} << 20, 'v');
  std::string many;
  for (int i = 0; i < 3000; ++i) many += png_chunk("tEXt", "key" + zero + "value");
  const std::vector<std::string> all = {
      png_chunk("eXIf", ""),
      png_chunk("eXIf", "garbage"),
      png_chunk("tEXt", "key" + zero + large),
      png_chunk("zTXt", "key" + zero + zero + testing::packed(large)),
      png_chunk("zTXt", "key" + zero + zero + "not packed"),
      png_chunk("zTXt", "XML:com.adobe.xmp" + zero + zero + testing::packed(large)),
      png_chunk("iTXt", "key" + zero),
      png_chunk("tEXt", std::string(200, 'k')),
      png_chunk("iCCP", "p" + zero + zero + testing::packed(large)),
      png_chunk("iCCP", "p" + zero + zero + "not packed"),
      png_chunk("iCCP", ""),
      png_chunk("gAMA", "1") + png_chunk("gAMA", "1"),
      png_chunk("pHYs", ""),
      png_chunk("tRNS", "1"),
      png_chunk("acTL", ""),
      png_chunk("tIME", "1234567", false),
      png_chunk("sBIT", std::string(3, '\0')),
      png_chunk("PLTE", "four"),
      png_chunk("puRe", "anything"),
      many};
  for (const bool interlaced : {false, true}) {
    const auto file = make_png({.width = 40, .height = 30, .interlaced = interlaced});
    const auto expected = pixels_of(file);
    for (const std::string& chunks : all) {
      EXPECT_EQ(pixels_of(testing::with_chunks(file, chunks)), expected) << chunks.substr(0, 40);
      EXPECT_EQ(pixels_of(testing::with_chunks_behind(file, chunks)), expected) << chunks.substr(0, 40);
    }
  }
}

TEST(PngDecoder, RefusesPartsThatItWouldNeedToKnow) {
  const auto file = testing::with_chunks(make_png({}), testing::png_chunk("CgBI", "Appl"));
  EXPECT_THROW(decode_corner(file), DecodeError);
}

// The fewest bytes that such a picture can take.
TEST(PngDecoder, TakesLargePicturesOfOneColour) {
  std::string pixels(std::size_t{4000} * (1 + 4000 / 8), '\0');
  std::string file(kPngSignature);
  file += testing::png_chunk("IHDR", testing::number(4000, 4, false) + testing::number(4000, 4, false) +
                                         std::string("\1\0\0\0\0", 5));
  file += testing::png_chunk("IDAT", testing::packed(pixels)) + testing::png_chunk("IEND", "");
  EXPECT_NO_THROW(decode_corner(std::as_bytes(std::span(file)))) << file.size();
}

TEST(PngDecoder, RefusesWhatIsNone) {
  const std::vector<std::byte> file(500, std::byte{'x'});
  EXPECT_FALSE(is_png(file));
  EXPECT_THROW(read_png_header(file), DecodeError);
}

TEST(PngDecoder, SurvivesAnyDamage) {
  std::mt19937 random(3);
  for (const bool interlaced : {false, true}) {
    const auto good = make_png({.width = 50, .height = 40, .interlaced = interlaced});
    for (int round = 0; round < 400; ++round) {
      auto file = good;
      for (int flips = 0; flips < 1 + round % 4; ++flips)
        file[random() % file.size()] ^= static_cast<std::byte>(1U << random() % 8);
      try {
        decode_corner(file);
      } catch (const DecodeError&) {
      }
    }
  }
}

}  // namespace
}  // namespace feedline
