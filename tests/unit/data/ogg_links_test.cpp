#include "decoded_sound.hpp"
#include "mixed_sounds.hpp"
#include "sound_files.hpp"
#include "temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace feedline {
namespace {

using testing::Bytes;
using testing::decode_sound;
using ::testing::HasSubstr;
using testing::joined;
using testing::refusal_of;

constexpr std::size_t kFrames = 30'000;

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// Where each page begins, and the end.
std::vector<std::size_t> pages_of(const Bytes& file) {
  std::vector<std::size_t> pages;
  for (std::size_t at = 0; at < file.size();) {
    pages.push_back(at);
    const auto segments = std::to_integer<std::size_t>(file[at + 26]);
    std::size_t next = at + 27 + segments;
    for (std::size_t i = 0; i < segments; ++i) next += std::to_integer<std::size_t>(file[at + 27 + i]);
    at = next;
  }
  pages.push_back(file.size());
  return pages;
}

Bytes page(const Bytes& file, std::size_t number) {
  const auto pages = pages_of(file);
  return {file.begin() + static_cast<std::ptrdiff_t>(pages[number]),
          file.begin() + static_cast<std::ptrdiff_t>(pages[number + 1])};
}

/// A page of a stream that holds no sound.
Bytes other_page(bool first) {
  Bytes bytes;
  testing::put(bytes, "OggS");
  testing::put(bytes, first ? 0x0200 : 0, 2);
  testing::put(bytes, 0, 8);
  testing::put(bytes, 0x12345678, 4);
  testing::put(bytes, first ? 0 : 1, 4);
  testing::put(bytes, 0, 4);
  testing::put(bytes, 1, 1);
  testing::put(bytes, 9, 1);
  testing::put(bytes, "\x80theora..");
  return bytes;
}

class OggLinks : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    good_ = make(kFrames);
    if (good_.empty()) GTEST_SKIP() << "this libsndfile cannot write it";
    wave_ = decode_sound(good_).wave;
    ASSERT_EQ(wave_.size(), kFrames);
    ASSERT_GT(pages_of(good_).size(), 4U);
  }

  static Bytes make(std::size_t frames, int rate = 48'000) {
    const testing::TempFolder folder;
    const auto path = folder / "a.ogg";
    if (!testing::write_with_library(path, GetParam(), testing::noisy_tone(frames, 1, 3), rate)) return {};
    return testing::read_file(path);
  }

  Bytes good_;
  std::vector<float> wave_;
};

TEST_P(OggLinks, StreamsBehindEachOtherAreJoined) {
  const auto decoded = decode_sound(joined({good_, good_, make(2000)}));
  EXPECT_EQ(decoded.wave, joined(joined(wave_, wave_), decode_sound(make(2000)).wave));
  EXPECT_EQ(decoded.header.frames, decoded.wave.size());
  EXPECT_TRUE(decoded.header.frames_known);
  EXPECT_FALSE(decoded.facts.truncated);
  EXPECT_FALSE(decoded.facts.damaged);
}

/// The checksum of an Ogg page.
std::uint32_t checksum_of(const Bytes& page) {
  std::uint32_t crc = 0;
  for (const std::byte each : page) {
    crc ^= std::to_integer<std::uint32_t>(each) << 24U;
    for (int bit = 0; bit < 8; ++bit) crc = crc << 1U ^ ((crc >> 31U) != 0 ? 0x04c11db7U : 0);
  }
  return crc;
}

/// The same stream with all its times moved.
Bytes with_times_moved(const Bytes& file, std::int64_t by) {
  Bytes moved;
  for (std::size_t number = 0; number + 1 < pages_of(file).size(); ++number) {
    Bytes one = page(file, number);
    std::int64_t granule = 0;
    std::memcpy(&granule, one.data() + 6, sizeof granule);
    if (granule > 0) granule += by;
    std::memcpy(one.data() + 6, &granule, sizeof granule);
    std::memset(one.data() + 22, 0, 4);
    const std::uint32_t checksum = checksum_of(one);
    std::memcpy(one.data() + 22, &checksum, sizeof checksum);
    moved.insert(moved.end(), one.begin(), one.end());
  }
  return moved;
}

// As `ffmpeg -ss 1 -c copy` makes them.
TEST_P(OggLinks, VorbisWhoseTimesDoNotBeginAtZeroIsDecodedWhole) {
  if (GetParam() != (SF_FORMAT_OGG | SF_FORMAT_VORBIS)) GTEST_SKIP() << "Opus counts otherwise";
  EXPECT_EQ(with_times_moved(good_, 0), good_);
  const Bytes long_one = make(200'000);
  const auto whole = decode_sound(long_one).wave;
  for (const std::int64_t by : {-5000, 5000, 100'000'000}) {
    const auto decoded = decode_sound(with_times_moved(long_one, by));
    EXPECT_EQ(decoded.wave, whole) << by;
    EXPECT_EQ(decoded.header.frames, whole.size()) << by;
  }
}

TEST_P(OggLinks, OneStreamIsNeitherCutNorDamaged) {
  const auto decoded = decode_sound(joined({good_, Bytes(700)}));
  EXPECT_EQ(decoded.wave, wave_);
  EXPECT_TRUE(decoded.header.frames_known);
  EXPECT_FALSE(decoded.facts.truncated);
  EXPECT_FALSE(decoded.facts.damaged);
}

TEST_P(OggLinks, BytesBetweenThemAreTold) {
  const auto decoded = decode_sound(joined({good_, Bytes(700, std::byte{'x'}), good_}));
  EXPECT_EQ(decoded.wave, joined(wave_, wave_));
  EXPECT_TRUE(decoded.facts.damaged);
}

TEST_P(OggLinks, AStreamThatIsCutShortIsTold) {
  const Bytes cut = joined({good_, good_});
  const auto decoded = decode_sound({cut.begin(), cut.end() - 100});
  EXPECT_GE(decoded.wave.size(), kFrames);
  EXPECT_LT(decoded.wave.size(), 2 * kFrames);
  EXPECT_TRUE(std::equal(wave_.begin(), wave_.end(), decoded.wave.begin()));
  EXPECT_TRUE(decoded.facts.truncated);
}

// Else the next stream would be part of it. Of damaged Opus libsndfile decodes nothing.
TEST_P(OggLinks, APageOfAWrongSizeHidesNoStream) {
  Bytes file = joined({good_, good_, good_});
  const std::size_t last = pages_of(good_)[pages_of(good_).size() - 2];
  file[last + 27] ^= std::byte{0x41};
  if (GetParam() == (SF_FORMAT_OGG | SF_FORMAT_OPUS)) {
    EXPECT_THAT(refusal_of(file), HasSubstr("its sound is damaged"));
    return;
  }
  const auto decoded = decode_sound(file);
  EXPECT_GT(decoded.wave.size(), 2 * kFrames);
  EXPECT_TRUE(
      std::equal(wave_.begin(), wave_.end(), decoded.wave.end() - static_cast<std::ptrdiff_t>(kFrames)));
  EXPECT_TRUE(decoded.facts.damaged);
}

TEST_P(OggLinks, AVideoWithoutSoundIsRefused) {
  Bytes other = other_page(true);
  other[14] ^= std::byte{0xFF};
  EXPECT_THAT(refusal_of(joined({other_page(true), other, other_page(false)})),
              HasSubstr("without a stream of sound"));
}

TEST_P(OggLinks, AnotherRateIsRefused) {
  EXPECT_THAT(refusal_of(joined({good_, make(5000, 16'000)})),
              AllOf(HasSubstr("48000 Hz"), HasSubstr("16000 Hz"), HasSubstr("ffmpeg -i FILE -ar 48000")));
}

TEST_P(OggLinks, TheSoundIsTakenFromBetweenThePagesOfAVideo) {
  const auto pages = pages_of(good_);
  Bytes file = joined({other_page(true), page(good_, 0), other_page(false)});
  for (std::size_t i = 1; i + 1 < pages.size(); ++i) file = joined({file, page(good_, i), other_page(false)});
  EXPECT_EQ(decode_sound(file).wave, wave_);
  EXPECT_EQ(decode_sound(joined({file, good_})).wave, joined(wave_, wave_));
}

TEST_P(OggLinks, SeveralStreamsOfSoundSideBySideAreRefused) {
  Bytes other = page(good_, 0);
  other[14] ^= std::byte{0xFF};
  const Bytes first = page(good_, 0);
  const Bytes rest(good_.begin() + static_cast<std::ptrdiff_t>(first.size()), good_.end());
  EXPECT_THAT(refusal_of(joined({first, other, rest})),
              HasSubstr("side by side; `ffmpeg -i FILE -map 0:a:0"));
}

INSTANTIATE_TEST_SUITE_P(Codecs, OggLinks,
                         ::testing::Values(SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS));

}  // namespace
}  // namespace feedline
