#include "decoded_sound.hpp"
#include "sound_files.hpp"
#include "temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace feedline {
namespace {

using testing::Bytes;
using testing::decode_sound;
using ::testing::HasSubstr;
using testing::refusal_of;
using testing::tone;

constexpr std::size_t kFrames = 20'000;

/// A format, and where it says the size of the samples.
struct Sized {
  const char* name;
  int format;
  std::string_view before;  ///< the size lies behind this
  std::size_t skipped;      ///< and behind so many bytes
  std::size_t width;
  bool is_little = false;
};

class SampleSize : public ::testing::TestWithParam<Sized> {
 protected:
  void SetUp() override {
    const testing::TempFolder folder;
    if (!testing::write_with_library(folder / "a", GetParam().format, tone(kFrames), 8000))
      GTEST_SKIP() << "this libsndfile cannot write it";
    good_ = testing::read_file(folder / "a");
    wave_ = decode_sound(good_).wave;
    ASSERT_EQ(wave_.size(), kFrames);
    const auto name = std::as_bytes(std::span(GetParam().before));
    at_ = static_cast<std::size_t>(std::search(good_.begin(), good_.end(), name.begin(), name.end()) -
                                   good_.begin()) +
          name.size() + GetParam().skipped;
  }

  Bytes with_size(std::uint64_t said) const {
    Bytes file = good_;
    for (std::size_t i = 0; i < GetParam().width; ++i) {
      const std::size_t place = GetParam().is_little ? i : GetParam().width - 1 - i;
      file[at_ + place] = static_cast<std::byte>(said >> (8 * i) & 255);
    }
    return file;
  }

  Bytes good_;
  std::vector<float> wave_;
  std::size_t at_ = 0;
};

TEST_P(SampleSize, ThatIsWrongHidesNoSound) {
  for (const std::uint64_t said : {std::uint64_t{0}, std::uint64_t{28}, std::uint64_t{4008},
                                   ~std::uint64_t{0}, std::uint64_t{900'000}}) {
    const auto decoded = decode_sound(with_size(said));
    EXPECT_EQ(decoded.wave, wave_) << said;
    EXPECT_EQ(decoded.header.frames, kFrames) << said;
    EXPECT_EQ(decoded.facts.truncated, said == 900'000) << said;
  }
}

TEST_P(SampleSize, ThatIsRightIsBelieved) {
  EXPECT_FALSE(decode_sound(good_).facts.truncated);
  Bytes file = good_;
  file.resize(file.size() + 600);
  EXPECT_EQ(decode_sound(file).wave, wave_);
  file.resize(good_.size() / 2);
  const auto half = decode_sound(file);
  EXPECT_TRUE(half.facts.truncated);
  EXPECT_TRUE(std::equal(half.wave.begin(), half.wave.end(), wave_.begin()));
}

TEST_P(SampleSize, AnotherFileBehindIsRefused) {
  Bytes file = good_;
  for (const std::byte byte : good_) file.push_back(byte);
  EXPECT_THAT(refusal_of(file), HasSubstr("another recording follows"));
}

INSTANTIATE_TEST_SUITE_P(Formats, SampleSize,
                         ::testing::Values(Sized{"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, "SSND", 0, 4},
                                           Sized{"aifc_ulaw", SF_FORMAT_AIFF | SF_FORMAT_ULAW, "SSND", 0, 4},
                                           Sized{"au", SF_FORMAT_AU | SF_FORMAT_PCM_16, ".snd", 4, 4},
                                           Sized{"au_ulaw", SF_FORMAT_AU | SF_FORMAT_ULAW, ".snd", 4, 4},
                                           Sized{"caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, "data", 0, 8},
                                           Sized{"w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16,
                                                 "data\xF3\xAC\xD3\x11", 8, 8, true}),
                         [](const auto& given) { return std::string(given.param.name); });

TEST(AuHeader, ThatEndsBeforeItselfIsRefused) {
  for (const unsigned begin : {0U, 4U, 11U, 23U, 99U, 0xFFFFFFFFU}) {
    Bytes file;
    testing::put(file, ".snd");
    for (const unsigned value : {begin, 0U, 3U, 8000U, 1U})
      for (unsigned i = 0; i < 4; ++i) testing::put(file, value >> (24 - 8 * i) & 255U, 1);
    EXPECT_NE(refusal_of(file), "nothing was thrown") << begin;
  }
}

TEST(Wave64, ChunksBehindTheSamplesAreNoSound) {
  const testing::TempFolder folder;
  ASSERT_TRUE(
      testing::write_with_library(folder / "a", SF_FORMAT_W64 | SF_FORMAT_PCM_16, tone(kFrames), 8000));
  Bytes file = testing::read_file(folder / "a");
  const auto expected = decode_sound(file).wave;
  file.resize((file.size() + 7) / 8 * 8);
  testing::put(file, "summarylist.....");
  testing::put(file, 24 + 800, 8);
  file.resize(file.size() + 800, std::byte{'x'});
  EXPECT_EQ(decode_sound(file).wave, expected);
}

}  // namespace
}  // namespace feedline
