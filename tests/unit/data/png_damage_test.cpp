#include "image/codec/png_damage.hpp"

#include "png_files.hpp"
#include "png_parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace feedline {
namespace {

using testing::make_png;
using testing::number;
using testing::png_chunk;
using testing::PngKind;
using testing::with_chunks;
using testing::with_chunks_behind;

TEST(PngDamage, IsNoneInWholeFiles) {
  for (const PngKind& kind : {PngKind{}, PngKind{.interlaced = true}, PngKind{.depth = 16},
                              PngKind{.depth = 4, .color = SPNG_COLOR_TYPE_INDEXED}}) {
    EXPECT_EQ(find_png_damage(make_png(kind)), "");
  }
  auto trailer = make_png({});
  trailer.resize(trailer.size() + 50);
  EXPECT_EQ(find_png_damage(with_chunks(trailer, png_chunk("tEXt", "whole"))), "");
}

TEST(PngDamage, IsInChecksumsOfMetadata) {
  EXPECT_EQ(find_png_damage(with_chunks(make_png({}), png_chunk("tEXt", "a", false))),
            "the checksum of its part 'tEXt' is wrong");
  const std::string both = png_chunk("eXIf", "a", false) + png_chunk("eXIf", "b", false);
  EXPECT_EQ(find_png_damage(with_chunks_behind(make_png({}), both)),
            "the checksum of its part 'eXIf' is wrong");
}

/// A file of a row of four gray pixels, whose packed pixels are these.
std::string with_pixels(const std::vector<std::string>& pieces) {
  std::string file = "\x89PNG\r\n\x1a\n";
  file += png_chunk("IHDR", number(4, 4, false) + number(1, 4, false) + std::string("\x08\0\0\0\0", 5));
  for (const std::string& piece : pieces) file += piece;
  return file + png_chunk("IEND", "");
}

std::string damage(const std::string& file) {
  return find_png_damage(std::as_bytes(std::span(file)));
}

TEST(PngDamage, IsInWhatFollowsThePixels) {
  const std::string pixels = testing::packed(std::string("\0abcd", 5));
  EXPECT_EQ(damage(with_pixels({png_chunk("IDAT", pixels)})), "");
  EXPECT_EQ(damage(with_pixels({png_chunk("IDAT", pixels.substr(0, pixels.size() - 2))})),
            "its packed pixels have no end");
  EXPECT_EQ(damage(with_pixels({png_chunk("IDAT", pixels + "more")})), "more data follows its pixels");
  EXPECT_EQ(damage(with_pixels({png_chunk("IDAT", pixels), png_chunk("IDAT", "more")})),
            "more data follows its pixels");
  EXPECT_EQ(damage(with_pixels({png_chunk("IDAT", pixels.substr(0, 5)), png_chunk("tEXt", "a"),
                                png_chunk("IDAT", pixels.substr(5))})),
            "its pixels are interrupted by other data");
  std::string wrong = pixels;
  wrong.back() = static_cast<char>(wrong.back() ^ 1);
  EXPECT_EQ(damage(with_pixels({png_chunk("IDAT", wrong)})), "the checksum of its pixels is wrong");
}

}  // namespace
}  // namespace feedline
