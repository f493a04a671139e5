#include "audio/codec/mp3_tags.hpp"

#include "sound_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace feedline {
namespace {

using testing::Bytes;
using testing::put;

Bytes id3v2(unsigned flags) {
  Bytes tag;
  put(tag, "ID3");
  put(tag, 4, 2);
  put(tag, flags, 1);
  put(tag, 0, 2);
  put(tag, 2, 1);
  put(tag, 44, 1);  // 2 * 128 + 44 = 300 bytes behind the header
  tag.resize(1000);
  return tag;
}

Bytes ape(unsigned flags, unsigned size) {
  Bytes tag;
  put(tag, "APETAGEX");
  put(tag, 2000, 4);
  put(tag, size, 4);
  put(tag, 1, 4);
  put(tag, flags, 4);
  put(tag, 0, 8);
  return tag;
}

Bytes behind(std::size_t size, const Bytes& tag) {
  Bytes file(size + tag.size(), std::byte{1});
  std::copy(tag.begin(), tag.end(), file.begin() + static_cast<std::ptrdiff_t>(size));
  return file;
}

TEST(Mp3Tags, AreMeasuredAtTheirBeginning) {
  EXPECT_EQ(mp3_tag_bytes(id3v2(0)), 310U);
  EXPECT_EQ(mp3_tag_bytes(id3v2(0x10)), 320U);
  const Bytes tag = id3v2(0);
  EXPECT_EQ(mp3_tag_bytes(std::span(tag).first(100)), 100U);
  Bytes wrong = id3v2(0);
  wrong[8] = std::byte{0x80};
  EXPECT_EQ(mp3_tag_bytes(wrong), 0U);
  Bytes first;
  put(first, "TAG");
  first.resize(500);
  EXPECT_EQ(mp3_tag_bytes(first), 128U);
  Bytes monkey = ape(0xA0000000, 68);
  monkey.resize(500);
  EXPECT_EQ(mp3_tag_bytes(monkey), 100U);
  EXPECT_EQ(mp3_tag_bytes(Bytes(100)), 0U);
  EXPECT_EQ(mp3_tag_bytes({}), 0U);
}

TEST(Mp3Tags, AreTakenOffTheEnd) {
  Bytes first;
  put(first, "TAG");
  first.resize(128);
  EXPECT_EQ(without_last_tags(behind(500, first)).size(), 500U);
  const Bytes footer = ape(0x80000000, 68);  // besides the 32 bytes of a header
  EXPECT_EQ(without_last_tags(behind(568, footer)).size(), 500U);
  Bytes both = footer;
  for (const std::byte byte : first) both.push_back(byte);
  EXPECT_EQ(without_last_tags(behind(568, both)).size(), 500U);
  Bytes lyrics(40, std::byte{3});
  put(lyrics, "000040LYRICS200");
  EXPECT_EQ(without_last_tags(behind(500, lyrics)).size(), 500U);
}

TEST(Mp3Tags, OfAnImpossibleSizeStay) {
  Bytes lyrics;
  put(lyrics, "999999LYRICS200");
  EXPECT_EQ(without_last_tags(behind(500, lyrics)).size(), 515U);
  EXPECT_EQ(without_last_tags(behind(500, ape(0, 0xFFFFFFFF))).size(), 532U);
  EXPECT_EQ(without_last_tags(behind(500, ape(0, 0))).size(), 532U);
}

}  // namespace
}  // namespace feedline
