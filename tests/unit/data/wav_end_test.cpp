#include "audio/codec/wav_end.hpp"

#include "decoded_sound.hpp"
#include "temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace feedline {
namespace {

using testing::Bytes;
using testing::decode_sound;
using ::testing::HasSubstr;
using testing::make_wav;
using testing::put;
using testing::refusal_of;
using testing::tone;

constexpr std::size_t kFrames = 3000, kData = 44;

void put_at(Bytes& file, std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) file[at + i] = static_cast<std::byte>(value >> (8 * i) & 255);
}

/// A file whose own size is right; its samples have the size `said`, and `behind` follows them.
Bytes wav(std::uint32_t said, const Bytes& behind = {}, bool counted = true) {
  Bytes file = make_wav(tone(kFrames));
  put_at(file, 40, said);
  const std::size_t without = file.size();
  for (const std::byte byte : behind) file.push_back(byte);
  put_at(file, 4, static_cast<std::uint32_t>((counted ? file.size() : without) - 8));
  return file;
}

Bytes chunk(const char* name, std::size_t size) {
  Bytes bytes;
  put(bytes, name);
  put(bytes, size, 4);
  bytes.resize(bytes.size() + size, std::byte{0xC1});
  return bytes;
}

constexpr std::uint32_t kRight = 2 * kFrames;

/// By the header of the file in a folder, of which only the beginning is read.
std::uint64_t frames_from_start(const Bytes& file) {
  const testing::TempFolder folder;
  testing::write_file(folder / "a.wav", file);
  return testing::header_in(folder.path(), "a.wav").frames;
}

TEST(WavEnd, SamplesGoOnWhereNoChunkFollows) {
  for (const std::uint32_t said : {2U, 1000U, 1001U, kRight - 20}) {
    for (const Bytes& behind : {Bytes(), chunk("LIST", 300)}) {
      const auto decoded = decode_sound(wav(said, behind));
      EXPECT_EQ(decoded.wave, decode_sound(wav(kRight)).wave) << said;
      EXPECT_FALSE(decoded.facts.damaged);
      EXPECT_EQ(frames_from_start(wav(said, behind)), kFrames) << said;
    }
  }
}

TEST(WavEnd, ChunksBehindTheSamplesAreNoSound) {
  for (const char* name : {"LIST", "id3 ", "what"}) {
    for (const std::size_t size : {0U, 4U, 5001U}) {
      const auto decoded = decode_sound(wav(kRight, chunk(name, size)));
      EXPECT_EQ(decoded.wave.size(), kFrames) << name << size;
      EXPECT_FALSE(decoded.facts.damaged);
      EXPECT_EQ(frames_from_start(wav(kRight, chunk(name, size))), kFrames);
    }
  }
}

TEST(WavEnd, BytesThatTheFileDoesNotCountAreToldButNoSound) {
  const auto decoded = decode_sound(wav(kRight, Bytes(500, std::byte{0xC1}), false));
  EXPECT_EQ(decoded.wave.size(), kFrames);
  EXPECT_TRUE(decoded.facts.damaged);
  EXPECT_EQ(frames_from_start(wav(kRight, Bytes(500, std::byte{0xC1}), false)), kFrames);
}

TEST(WavEnd, TagsAndZerosAreNothing) {
  Bytes tag;
  put(tag, "TAG");
  tag.resize(128, std::byte{'x'});
  for (const Bytes& behind : {tag, Bytes(512)}) {
    const auto decoded = decode_sound(wav(kRight, behind));
    EXPECT_EQ(decoded.wave.size(), kFrames);
    EXPECT_FALSE(decoded.facts.damaged);
  }
}

TEST(WavEnd, AnotherFileBehindIsRefused) {
  EXPECT_THAT(refusal_of(wav(kRight, make_wav(tone(100)))), HasSubstr("another WAV file follows"));
}

TEST(WavFormat, IsFoundBehindTheSamples) {
  const Bytes good = make_wav(tone(kFrames));
  Bytes file(good.begin(), good.begin() + 12);
  file.insert(file.end(), good.begin() + 36, good.end());
  put_at(file, 16, kRight);
  const Bytes without = file;
  file.insert(file.end(), good.begin() + 12, good.begin() + 36);
  EXPECT_EQ(decode_sound(file).wave, decode_sound(good).wave);
  EXPECT_EQ(frames_from_start(file), kFrames);
  EXPECT_THAT(refusal_of(without), HasSubstr("samples without their format"));
}

/// Codings that libsndfile decodes: their sizes are read as those of other WAV files are.
class OtherWav : public ::testing::TestWithParam<int> {};

TEST_P(OtherWav, WrongSizesHideNoSound) {
  const testing::TempFolder folder;
  ASSERT_TRUE(testing::write_with_library(folder / "a.wav", SF_FORMAT_WAV | GetParam(), tone(20'000), 8000));
  const Bytes good = testing::read_file(folder / "a.wav");
  const auto expected = decode_sound(good);
  EXPECT_FALSE(expected.facts.truncated);
  std::size_t at = 12;
  while (static_cast<char>(good[at]) != 'd') {
    std::uint32_t size;
    std::memcpy(&size, &good[at + 4], sizeof size);
    at += 8 + size + size % 2;
  }
  for (const std::uint32_t said : {0U, 4U, 2000U, 99'999'999U, 0xFFFFFFFFU}) {
    Bytes file = good;
    put_at(file, at + 4, said);
    const auto decoded = decode_sound(file);
    EXPECT_EQ(decoded.wave, expected.wave) << said;
    EXPECT_EQ(decoded.header.frames, expected.header.frames) << said;
    EXPECT_EQ(decoded.facts.truncated, said == 99'999'999U) << said;
    for (const std::byte byte : chunk("LIST", 40)) file.push_back(byte);
    put_at(file, 4, static_cast<std::uint32_t>(file.size() - 8));
    EXPECT_EQ(decode_sound(file).wave, expected.wave) << said;
  }
}

INSTANTIATE_TEST_SUITE_P(Codings, OtherWav,
                         ::testing::Values(SF_FORMAT_ALAW, SF_FORMAT_ULAW, SF_FORMAT_IMA_ADPCM,
                                           SF_FORMAT_MS_ADPCM, SF_FORMAT_GSM610));

}  // namespace
}  // namespace feedline
