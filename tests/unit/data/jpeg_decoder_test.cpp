#include "image/codec/jpeg_decoder.hpp"

#include "decode_error.hpp"
#include "jpeg_files.hpp"
#include "jpeg_parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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
                      JpegKind{.width = 203, .height = 150, .horizontal = 4, .vertical = 2},
                      JpegKind{.width = 150, .height = 203, .horizontal = 2, .vertical = 4},
                      JpegKind{.width = 203, .height = 150, .horizontal = 3, .vertical = 1},
                      JpegKind{.width = 203, .height = 150, .progressive = true},
                      JpegKind{.width = 203, .height = 150, .restart_rows = 1},
                      JpegKind{.width = 120, .height = 90, .space = JCS_GRAYSCALE},
                      JpegKind{.width = 120, .height = 90, .progressive = true, .space = JCS_GRAYSCALE},
                      JpegKind{.width = 140, .height = 90, .space = JCS_CMYK},
                      JpegKind{.width = 140, .height = 90, .space = JCS_YCCK},
                      JpegKind{.width = 140, .height = 90, .space = JCS_CMYK, .marked = false},
                      JpegKind{.width = 140, .height = 90, .arithmetic = true},
                      JpegKind{.width = 140, .height = 90, .progressive = true, .arithmetic = true},
                      JpegKind{.width = 140, .height = 90, .separate_scans = true},
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

// Frames of webcams leave the tables out that nearly all files have: Annex K of the standard.
TEST(JpegDecoder, TakesTheStandardTablesWhereThereAreNone) {
  const auto file = make_jpeg({.width = 120, .height = 80});
  JpegDecoder decoder;
  const auto expected = whole(decoder, file, 1);
  whole(decoder, make_jpeg({.width = 120, .height = 80, .quality = 20, .optimized = true}), 1);
  EXPECT_EQ(whole(decoder, testing::without_marker(file, 0xC4), 1), expected);
}

TEST(JpegDecoder, RefusesFilesWithoutQuantisationTables) {
  const auto file = make_jpeg({.width = 120, .height = 80});
  JpegDecoder decoder;
  whole(decoder, file, 1);
  try {
    whole(decoder, testing::without_marker(file, 0xDB), 1);
    FAIL() << "the tables of the file before are none of this one's";
  } catch (const DecodeError& error) {
    EXPECT_NE(std::string(error.what()).find("no quantisation table 0"), std::string::npos) << error.what();
  }
}

// Pillow and torchvision take inks for inverted whether Adobe's marker says so or not.
TEST(JpegDecoder, InksAreInvertedWithAndWithoutAdobesMarker) {
  JpegDecoder decoder;
  const JpegKind kind{.width = 60, .height = 40, .space = JCS_CMYK};
  JpegKind unmarked = kind;
  unmarked.marked = false;
  EXPECT_EQ(whole(decoder, make_jpeg(unmarked), 1), whole(decoder, make_jpeg(kind), 1));
  // As the file is made, its inks are red, green, blue and 255 - red / 4 in Adobe's sense.
  const auto pixels =
      whole(decoder, make_jpeg({.width = 60, .height = 40, .quality = 100, .space = JCS_CMYK}), 1);
  const auto made = testing::made_up_picture(60, 40);
  double difference = 0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const double black = 255 - made[i / 3 * 3] / 4;
    difference += std::abs(made[i] * black / 255 - pixels[i]);
  }
  EXPECT_LT(difference / static_cast<double>(made.size()), 2);
}

// Without markers, components that are called R, G and B are that.
TEST(JpegDecoder, NamesOfComponentsSayWhichColoursTheyAre) {
  JpegDecoder decoder;
  const auto marked = make_jpeg({.width = 60, .height = 40, .space = JCS_RGB});
  const auto unmarked = make_jpeg({.width = 60, .height = 40, .space = JCS_RGB, .marked = false});
  EXPECT_EQ(whole(decoder, unmarked, 1), whole(decoder, marked, 1));
  const auto colours = make_jpeg({.width = 60, .height = 40});
  EXPECT_EQ(whole(decoder, make_jpeg({.width = 60, .height = 40, .marked = false}), 1),
            whole(decoder, colours, 1));
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

std::string damage(const std::vector<std::byte>& file) {
  JpegDecoder decoder;
  decoder.open(file);
  return decoder.find_damage();
}

TEST(JpegDecoder, FindsNoDamageInWholeFiles) {
  for (const JpegKind& kind :
       {JpegKind{}, JpegKind{.progressive = true}, JpegKind{.restart_rows = 1}, JpegKind{.space = JCS_CMYK},
        JpegKind{.space = JCS_YCCK}, JpegKind{.arithmetic = true},
        JpegKind{.progressive = true, .arithmetic = true}, JpegKind{.separate_scans = true},
        JpegKind{.space = JCS_GRAYSCALE}}) {
    EXPECT_EQ(damage(make_jpeg(kind)), "");
  }
  auto later = make_jpeg({});
  later[11] = std::byte{7};  // JFIF 7.01
  EXPECT_EQ(damage(later), "");
  auto trailer = make_jpeg({});
  for (int i = 0; i < 100; ++i) trailer.push_back(std::byte{0x55});
  EXPECT_EQ(damage(trailer), "");
}

TEST(JpegDecoder, FindsWhatIsMissingThoughTheEndIsMarked) {
  const auto plain = make_jpeg({.width = 160, .height = 120});
  EXPECT_EQ(damage(testing::cut_with_end(plain, 0.6)),
            "Corrupt JPEG data: premature end of data segment (row 64 of 120)");
  const auto progressive = make_jpeg({.width = 160, .height = 120, .progressive = true});
  EXPECT_EQ(damage(testing::first_scan(progressive)),
            "its last scans are missing: it is coarser than it was");
  const auto scans = make_jpeg({.width = 160, .height = 120, .separate_scans = true});
  EXPECT_EQ(damage(testing::first_scan(scans)), "its component 2 of 3 is missing");
}

TEST(JpegDecoder, FindsDataThatMakesNoSense) {
  auto shorter = make_jpeg({.width = 160, .height = 120});
  put_size(shorter, 80, 160);
  EXPECT_NE(damage(shorter).find("extraneous bytes"), std::string::npos) << damage(shorter);
  auto gap = make_jpeg({.width = 160, .height = 120, .restart_rows = 1});
  gap.erase(gap.begin() + 1500, gap.begin() + 1900);
  EXPECT_NE(damage(gap).find("Corrupt JPEG data"), std::string::npos) << damage(gap);
  auto zeros = make_jpeg({.width = 160, .height = 120});
  std::fill(zeros.begin() + static_cast<std::ptrdiff_t>(zeros.size()) - 400, zeros.end(), std::byte{0});
  zeros.resize(zeros.size() + 4000);
  EXPECT_NE(damage(zeros).find("end mark is missing"), std::string::npos) << damage(zeros);
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

// The fewest bytes that such a picture can take.
TEST(JpegDecoder, TakesLargePicturesOfOneColour) {
  JpegDecoder decoder;
  for (const JpegKind& kind : {JpegKind{.arithmetic = true}, JpegKind{.optimized = true},
                               JpegKind{.progressive = true, .arithmetic = true},
                               JpegKind{.progressive = true, .space = JCS_GRAYSCALE},
                               JpegKind{.space = JCS_GRAYSCALE, .optimized = true}}) {
    JpegKind flat = kind;
    flat.width = flat.height = 1500;
    flat.flat = true;
    const auto file = make_jpeg(flat);
    EXPECT_EQ(decoder.open(file), (PictureHeader{1500, 1500, 1})) << file.size();
    const PixelView view = decoder.decode({700, 700, 1, 1}, 1);
    EXPECT_GE(view.data[0], 254);
    EXPECT_EQ(damage(file), "");
  }
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

/// How coarse each shrink leaves colour.
TEST(JpegDecoder, TellsTheGrainOfEachShrink) {
  struct Case {
    int horizontal, vertical;
    std::array<Grain, 3> grains;
  };
  const Case cases[] = {{1, 1, {{{2, 2}, {4, 4}, {8, 8}}}},   {2, 2, {{{2, 2}, {4, 4}, {8, 8}}}},
                        {2, 1, {{{4, 2}, {8, 4}, {16, 8}}}},  {1, 2, {{{2, 4}, {4, 8}, {8, 16}}}},
                        {4, 1, {{{8, 2}, {16, 4}, {32, 8}}}}, {4, 2, {{{2, 2}, {8, 4}, {16, 8}}}}};
  JpegDecoder decoder;
  for (const Case& each : cases) {
    const auto file = make_jpeg({.horizontal = each.horizontal, .vertical = each.vertical});
    EXPECT_EQ(decoder.open(file).grains, each.grains) << each.horizontal << " x " << each.vertical;
  }
  EXPECT_EQ(decoder.open(make_jpeg({.space = JCS_GRAYSCALE})).grains, PictureHeader{}.grains);
}

}  // namespace
}  // namespace feedline
