#include "image/codec/jpeg_decoder.hpp"

#include "decode_error.hpp"
#include "jpeg_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>

namespace feedline {
namespace {

using testing::JpegKind;
using testing::make_jpeg;

std::uint32_t shrunk(std::uint32_t size, std::uint32_t shrink) {
  return (size + shrink - 1) / shrink;
}

std::vector<std::uint8_t> whole(JpegDecoder& decoder, const std::vector<std::byte>& file,
                                std::uint32_t shrink) {
  const PictureHeader header = decoder.open(file);
  const std::size_t stride = std::size_t{shrunk(header.width, shrink)} * 3;
  std::vector<std::uint8_t> pixels(stride * shrunk(header.height, shrink) + kPixelPadding);
  decoder.decode_whole(shrink, pixels.data(), stride);
  return pixels;
}

class JpegKinds : public ::testing::TestWithParam<JpegKind> {};

// The whole point of decoding a part: it is the same part of the same picture.
TEST_P(JpegKinds, PartEqualsPartOfTheWhole) {
  const auto file = make_jpeg(GetParam());
  JpegDecoder decoder;
  std::mt19937 random(1);
  for (const std::uint32_t shrink : {1U, 2U, 4U, 8U}) {
    const auto all = whole(decoder, file, shrink);
    const std::uint32_t width = shrunk(GetParam().width, shrink), height = shrunk(GetParam().height, shrink);
    for (int round = 0; round < 60; ++round) {
      PixelBox box;
      box.left = static_cast<std::uint32_t>(random() % width);
      box.top = static_cast<std::uint32_t>(random() % height);
      box.width = 1 + static_cast<std::uint32_t>(random() % (width - box.left));
      box.height = 1 + static_cast<std::uint32_t>(random() % (height - box.top));
      decoder.open(file);
      const PixelView view = decoder.decode(box, shrink);
      ASSERT_EQ(view.width, box.width);
      ASSERT_EQ(view.height, box.height);
      for (std::uint32_t y = 0; y < box.height; ++y) {
        const std::uint8_t* expected = &all[(std::size_t{box.top + y} * width + box.left) * 3];
        ASSERT_EQ(std::memcmp(view.data + y * view.stride, expected, std::size_t{box.width} * 3), 0)
            << "shrink " << shrink << ", row " << y << " of " << box.width << " x " << box.height << " at "
            << box.left << ", " << box.top;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, JpegKinds,
    ::testing::Values(JpegKind{.width = 317, .height = 203}, JpegKind{.width = 320, .height = 208},
                      JpegKind{.width = 199, .height = 160, .horizontal = 1, .vertical = 1},
                      JpegKind{.width = 211, .height = 97, .horizontal = 2, .vertical = 1},
                      JpegKind{.width = 131, .height = 177, .horizontal = 1, .vertical = 2},
                      JpegKind{.width = 150, .height = 170, .horizontal = 4, .vertical = 1},
                      JpegKind{.width = 203, .height = 150, .progressive = true},
                      JpegKind{.width = 203, .height = 150, .restart_rows = 1},
                      JpegKind{.width = 120, .height = 90, .space = JCS_GRAYSCALE},
                      JpegKind{.width = 120, .height = 90, .progressive = true, .space = JCS_GRAYSCALE},
                      JpegKind{.width = 140, .height = 90, .space = JCS_CMYK},
                      JpegKind{.width = 140, .height = 90, .space = JCS_YCCK},
                      JpegKind{.width = 1, .height = 1}, JpegKind{.width = 1, .height = 77},
                      JpegKind{.width = 99, .height = 2}));

double mean_difference(const std::uint8_t* one, const std::uint8_t* other, std::size_t bytes) {
  double sum = 0;
  for (std::size_t i = 0; i < bytes; ++i) sum += std::abs(int{one[i]} - int{other[i]});
  return sum / static_cast<double>(bytes);
}

TEST(JpegDecoder, GivesThePictureBack) {
  const JpegKind kind{.width = 120, .height = 80, .quality = 98, .horizontal = 1, .vertical = 1};
  JpegDecoder decoder;
  const auto pixels = whole(decoder, make_jpeg(kind), 1);
  const auto expected = testing::made_up_picture(120, 80);
  EXPECT_LT(mean_difference(pixels.data(), expected.data(), expected.size()), 4.0);
}

TEST(JpegDecoder, ReadsSizeAndOrientation) {
  JpegDecoder decoder;
  const auto file = make_jpeg({.width = 33, .height = 21});
  EXPECT_EQ(decoder.open(file), (PictureHeader{33, 21, 1}));
  for (int orientation = 1; orientation <= 8; ++orientation) {
    EXPECT_EQ(decoder.open(testing::with_orientation(file, orientation)),
              (PictureHeader{33, 21, orientation}));
  }
}

TEST(JpegDecoder, TakesFillBytesBehindTheEnd) {
  auto file = make_jpeg({.width = 33, .height = 21});
  file.resize(file.size() + 100);
  JpegDecoder decoder;
  decoder.open(file);
  EXPECT_NO_THROW(decoder.decode({0, 0, 33, 21}, 1));
  for (int i = 0; i < 100; ++i) file.push_back(std::byte{0x55});  // a trailer of some camera
  decoder.open(file);
  EXPECT_NO_THROW(decoder.decode({0, 0, 33, 21}, 1));
}

// Whatever the part that is asked for: a file is bad or good.
TEST(JpegDecoder, RefusesFilesThatAreCutOff) {
  for (const bool progressive : {false, true}) {
    const auto file = make_jpeg({.width = 317, .height = 203, .progressive = progressive});
    JpegDecoder decoder;
    for (std::size_t bytes = 0; bytes < file.size(); bytes += 100) {
      const std::span part(file.data(), bytes);
      EXPECT_THROW(decoder.open(part), DecodeError) << bytes << " of " << file.size();
    }
    decoder.open(file);
    EXPECT_NO_THROW(decoder.decode({0, 0, 317, 203}, 1)) << "the decoder is as good as new";
  }
}

void put_size(std::vector<std::byte>& file, unsigned height, unsigned width) {
  for (std::size_t i = 0; i + 9 < file.size(); ++i) {
    const auto marker = std::to_integer<unsigned>(file[i + 1]);
    if (file[i] != std::byte{0xFF} || (marker != 0xC0 && marker != 0xC2)) continue;
    file[i + 5] = static_cast<std::byte>(height >> 8);
    file[i + 6] = static_cast<std::byte>(height & 0xFF);
    file[i + 7] = static_cast<std::byte>(width >> 8);
    file[i + 8] = static_cast<std::byte>(width & 0xFF);
    return;
  }
}

std::string reason(const std::vector<std::byte>& file) {
  JpegDecoder decoder;
  try {
    decoder.open(file);
  } catch (const DecodeError& error) {
    return error.what();
  }
  return "";
}

TEST(JpegDecoder, RefusesSizesThatCannotBe) {
  auto file = make_jpeg({.width = 8, .height = 8});
  put_size(file, 60000, 60000);
  EXPECT_NE(reason(file).find("60000 x 60000"), std::string::npos) << reason(file);
  put_size(file, 9000, 9000);
  EXPECT_NE(reason(file).find("cannot hold"), std::string::npos) << reason(file);
  put_size(file, 0, 100);
  EXPECT_NE(reason(file), "");
}

TEST(JpegDecoder, SurvivesAnyDamage) {
  std::mt19937 random(7);
  JpegDecoder decoder;
  for (const bool progressive : {false, true}) {
    const auto good = make_jpeg({.width = 90, .height = 70, .progressive = progressive});
    for (int round = 0; round < 400; ++round) {
      auto file = good;
      for (int flips = 0; flips < 1 + round % 5; ++flips) {
        file[random() % file.size()] ^= static_cast<std::byte>(1U << random() % 8);
      }
      try {
        const PictureHeader header = decoder.open(file);
        decoder.decode({header.width / 2, header.height / 2, 1, 1}, 1);
      } catch (const DecodeError&) {
      }
    }
  }
}

}  // namespace
}  // namespace feedline
