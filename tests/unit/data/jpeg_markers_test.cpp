#include "image/codec/jpeg_markers.hpp"

#include "jpeg_files.hpp"
#include "jpeg_parts.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

using testing::exif_start;
using testing::tiff_block;

constexpr unsigned kApp1 = 0xE1;

std::string xmp(const std::string& text) {
  return std::string("http://ns.adobe.com/xap/1.0/\0", 29) + text;
}

/// Of a file with these contents of APP1, in this order. The expected values are Pillow's.
int orientation(const std::vector<std::string>& blocks) {
  auto file = testing::make_jpeg({});
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block)
    file = testing::with_marker(file, kApp1, *block);
  return jpeg_orientation(file);
}

TEST(JpegOrientation, IsOfAnyTypeOfNumberInEitherByteOrder) {
  constexpr int kBytes[] = {0, 0, 0, 2, 4, 0, 1, 0, 2, 4, 0, 0, 0, 4, 0, 0, 8};
  for (const bool intel : {true, false}) {
    for (const int type : {3, 4, 6, 8, 9, 13, 16}) {
      EXPECT_EQ(orientation({exif_start() + tiff_block(type, 6, kBytes[type], intel)}), 6) << type;
      EXPECT_EQ(orientation({exif_start() + tiff_block(type, 0, kBytes[type], intel)}), 1) << type;
      EXPECT_EQ(orientation({exif_start() + tiff_block(type, 9, kBytes[type], intel)}), 1) << type;
    }
    EXPECT_EQ(orientation({exif_start() + tiff_block(11, std::bit_cast<std::uint32_t>(6.0F), 4, intel)}), 6);
    EXPECT_EQ(orientation({exif_start() + tiff_block(12, std::bit_cast<std::uint64_t>(6.0), 8, intel)}), 6);
  }
  for (const int type : {1, 2, 7, 17, 0})  // bytes and texts are no numbers
    EXPECT_EQ(orientation({exif_start() + tiff_block(type, 6, 1)}), 1) << type;
}

TEST(JpegOrientation, IsThatOfTheFirstExifBlock) {
  const std::string six = exif_start() + tiff_block(3, 6), one = exif_start() + tiff_block(3, 1);
  EXPECT_EQ(orientation({six, one}), 6);
  EXPECT_EQ(orientation({one, six}), 1);
  EXPECT_EQ(orientation({exif_start(), six}), 6);
  EXPECT_EQ(orientation({exif_start() + six}), 6) << "its start is written twice";
  EXPECT_EQ(orientation({xmp("<x/>"), six}), 6) << "in a second APP1";
  const std::string first = six.substr(0, 20), rest = exif_start() + six.substr(20);
  EXPECT_EQ(orientation({first, rest}), 6) << "a block that goes on in the next marker";
  EXPECT_EQ(orientation({first}), 1);
}

TEST(JpegOrientation, IsInXmpWhenExifSaysNothing) {
  const std::string attribute = xmp("<x tiff:Orientation=\"6\"/>");
  const std::string element = xmp("<tiff:Orientation>8</tiff:Orientation>");
  EXPECT_EQ(orientation({attribute}), 6);
  EXPECT_EQ(orientation({element}), 8);
  EXPECT_EQ(orientation({element, attribute}), 6) << "the last packet";
  EXPECT_EQ(orientation({exif_start() + tiff_block(3, 6, 0, true, 256), element}), 8) << "of another tag";
  EXPECT_EQ(orientation({exif_start() + tiff_block(3, 1), element}), 1);
  EXPECT_EQ(orientation({exif_start() + tiff_block(3, 9), element}), 1);
  EXPECT_EQ(orientation({exif_start() + "no TIFF at all", element}), 8);
  EXPECT_EQ(orientation({xmp("<x tiff:Orientation='6'/>")}), 1);
  EXPECT_EQ(orientation({xmp("tiff:Orientation=\"x\" tiff:Orientation=\"3\"")}), 3);
  EXPECT_EQ(orientation({xmp("tiff:Orientation=\"0\"")}), 1);
  EXPECT_EQ(orientation({xmp("tiff:Orientation=\"")}), 1);
}

/// What of the EXIF block of such a file cannot be read.
std::string_view damage(const std::vector<std::string>& blocks) {
  auto file = testing::make_jpeg({});
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block)
    file = testing::with_marker(file, kApp1, *block);
  return jpeg_exif_damage(file);
}

TEST(JpegExifDamage, IsNoneInWholeBlocksOrWithout) {
  const std::string six = exif_start() + tiff_block(3, 6);
  EXPECT_EQ(damage({}), "");
  EXPECT_EQ(damage({xmp("<x tiff:Orientation=\"9\"/>")}), "");
  EXPECT_EQ(damage({six}), "");
  EXPECT_EQ(damage({exif_start() + six}), "") << "its start is written twice";
  EXPECT_EQ(damage({six.substr(0, 20), exif_start() + six.substr(20)}), "")
      << "it goes on in the next marker";
  EXPECT_EQ(damage({exif_start() + tiff_block(3, 6, 0, true, 256)}), "") << "of another tag";
  EXPECT_EQ(damage({exif_start() + tiff_block(3, 0)}), "") << "so some cameras write that they do not know";
}

TEST(JpegExifDamage, IsWhatKeepsAPictureFromBeingTurned) {
  const std::string six = exif_start() + tiff_block(3, 6);
  EXPECT_EQ(damage({exif_start()}), "its EXIF block cannot be read");
  EXPECT_EQ(damage({exif_start() + "no TIFF at all"}), "its EXIF block cannot be read");
  EXPECT_EQ(damage({six.substr(0, 15)}), "its EXIF block ends early");
  EXPECT_EQ(damage({six.substr(0, 20)}), "its EXIF block ends early");
  for (const std::string& block : {tiff_block(3, 9), tiff_block(7, 6, 1), tiff_block(12, 0, 8).substr(0, 30)})
    EXPECT_EQ(damage({exif_start() + block}), "the orientation in its EXIF block makes no sense");
}

TEST(JpegOrientation, IsFoundBehindFillBytes) {
  auto file = testing::with_orientation(testing::make_jpeg({}), 6);
  file.insert(file.begin() + 2, {std::byte{0xFF}, std::byte{0xFF}, std::byte{0x00}});
  EXPECT_EQ(jpeg_orientation(file), 6);
}

}  // namespace
}  // namespace feedline
