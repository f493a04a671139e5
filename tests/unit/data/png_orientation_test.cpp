#include "image/codec/png_orientation.hpp"

#include "png_files.hpp"
#include "png_parts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace feedline {
namespace {

using testing::exif_start;
using testing::packed;
using testing::png_chunk;
using testing::tiff_block;
using testing::with_chunks;
using testing::with_chunks_behind;

const std::string kZero(1, '\0');
const std::string kProfile = "Raw profile type exif" + kZero;
const std::string kXmp = "XML:com.adobe.xmp" + kZero;
const std::string kTurned = "<x tiff:Orientation=\"6\"/>";

/// As ImageMagick writes it.
std::string profile(const std::string& block) {
  std::string text = fmt::format("\nexif\n{:8}\n", block.size());
  for (std::size_t i = 0; i < block.size(); ++i)
    text += fmt::format("{:02x}{}", static_cast<unsigned char>(block[i]), i % 36 == 35 ? "\n" : "");
  return text + "\n";
}

/// Of a file with these chunks before its pixels, or behind them. The expected values are Pillow's.
int before(const std::string& chunks) {
  return png_orientation(with_chunks(testing::make_png({}), chunks));
}
int behind(const std::string& chunks) {
  return png_orientation(with_chunks_behind(testing::make_png({}), chunks));
}

TEST(PngOrientation, IsInTheExifChunk) {
  EXPECT_EQ(before(""), 1);
  EXPECT_EQ(before(png_chunk("eXIf", tiff_block(3, 6))), 6);
  EXPECT_EQ(behind(png_chunk("eXIf", tiff_block(4, 6))), 6);
  EXPECT_EQ(before(png_chunk("eXIf", exif_start() + tiff_block(3, 6))), 6);
  EXPECT_EQ(before(png_chunk("eXIf", "")), 1);
  EXPECT_EQ(before(png_chunk("eXIf", "garbage")), 1);
  EXPECT_EQ(before(png_chunk("eXIf", tiff_block(3, 1)) + png_chunk("eXIf", tiff_block(3, 6))), 6);
  EXPECT_EQ(before(png_chunk("eXIf", tiff_block(3, 6), false)), 1) << "its checksum is wrong";
  EXPECT_EQ(before(png_chunk("tEXt", "exif" + kZero + exif_start() + tiff_block(3, 6))), 6);
}

TEST(PngOrientation, IsInTheProfileThatImageMagickWrites) {
  const std::string text = profile(exif_start() + tiff_block(3, 6));
  EXPECT_EQ(before(png_chunk("tEXt", kProfile + text)), 6);
  EXPECT_EQ(before(png_chunk("zTXt", kProfile + kZero + packed(text))), 6);
  EXPECT_EQ(behind(png_chunk("iTXt", kProfile + kZero + kZero + kZero + kZero + text)), 6);
  EXPECT_EQ(before(png_chunk("eXIf", tiff_block(3, 1)) + png_chunk("tEXt", kProfile + text)), 1);
  EXPECT_EQ(before(png_chunk("tEXt", kProfile)), 1);
  EXPECT_EQ(before(png_chunk("tEXt", kProfile + "\nexif\n 4\nxyz")), 1);
  EXPECT_EQ(before(png_chunk("zTXt", kProfile + kZero + "not packed")), 1);
}

TEST(PngOrientation, IsInXmpWhenExifSaysNothing) {
  const std::string plain = png_chunk("iTXt", kXmp + kZero + kZero + kZero + kZero + kTurned);
  EXPECT_EQ(before(plain), 6);
  EXPECT_EQ(before(png_chunk("iTXt", kXmp + "\1" + kZero + kZero + kZero + packed(kTurned))), 6);
  EXPECT_EQ(before(png_chunk("tEXt", kXmp + kTurned)), 6);
  EXPECT_EQ(behind(png_chunk("zTXt", kXmp + kZero + packed(kTurned))), 6);
  EXPECT_EQ(before(png_chunk("eXIf", "") + plain), 6);
  EXPECT_EQ(before(png_chunk("eXIf", tiff_block(3, 1)) + plain), 1);
  EXPECT_EQ(before(png_chunk("iTXt", kXmp + kZero)), 1);
  EXPECT_EQ(before(png_chunk("iTXt", kXmp + "\1\5" + kZero + kZero + packed(kTurned))), 1);
}

std::string_view damage(const std::string& chunks) {
  return png_orientation_damage(with_chunks(testing::make_png({}), chunks));
}

TEST(PngOrientation, WhatCannotBeReadIsDamage) {
  const std::string block = tiff_block(3, 6), text = profile(exif_start() + block);
  EXPECT_EQ(damage(""), "");
  EXPECT_EQ(damage(png_chunk("eXIf", block)), "");
  EXPECT_EQ(damage(png_chunk("tEXt", "exif" + kZero + block)), "");
  EXPECT_EQ(damage(png_chunk("zTXt", kProfile + kZero + packed(text))), "");
  EXPECT_EQ(damage(png_chunk("tEXt", kXmp + "<x/>")), "");
  EXPECT_EQ(damage(png_chunk("eXIf", "garbage")), "its EXIF block cannot be read");
  EXPECT_EQ(damage(png_chunk("eXIf", block.substr(0, 12))), "its EXIF block ends early");
  EXPECT_EQ(damage(png_chunk("tEXt", kProfile + "\nexif\n 4\nxyz")), "its EXIF block cannot be read");
  EXPECT_EQ(damage(png_chunk("zTXt", kProfile + kZero + "not packed")), "its EXIF block cannot be read");
  EXPECT_EQ(damage(png_chunk("zTXt", kXmp + kZero + "not packed")), "its XMP packet cannot be read");
}

}  // namespace
}  // namespace feedline
