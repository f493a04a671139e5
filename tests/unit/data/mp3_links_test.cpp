#include "decoded_sound.hpp"
#include "mp3_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace feedline {
namespace {

using testing::Bytes;
using testing::decode_sound;
using testing::frames_of;
using testing::id3_tag;
using testing::info_at;
using testing::joined;
using testing::make_mp3;
using testing::Mp3Kind;
using testing::put_big;
using testing::refusal_of;

constexpr std::size_t kFrames = 24'000;

std::span<const Bytes> from(const std::vector<Bytes>& frames, std::size_t first) {
  return std::span(frames).subspan(first);
}

/// What a decoder makes of the frames after one without sound: with the encoder's padding, from the first
/// sample on.
Bytes without_info(const Bytes& file) {
  return joined(from(frames_of(file), 1));
}

class Mp3Links : public ::testing::TestWithParam<Mp3Kind> {
 protected:
  void SetUp() override {
    good_ = make_mp3(kFrames, GetParam());
    if (good_.empty()) GTEST_SKIP() << "this libsndfile cannot write MP3";
    ASSERT_LT(info_at(good_), 50U);
    frames_ = frames_of(good_);
    ASSERT_GT(frames_.size(), 20U);
    wave_ = decode_sound(good_).wave;
    ASSERT_EQ(wave_.size(), kFrames);
  }

  std::size_t samples_of_a_frame() const { return GetParam().rate >= 32000 ? 1152 : 576; }

  Bytes good_;
  std::vector<Bytes> frames_;  ///< the first is the Info frame
  std::vector<float> wave_;
};

TEST_P(Mp3Links, WholeFilesAreNeitherCutNorDamaged) {
  for (const Bytes& file : {good_, joined({id3_tag(3000), good_, testing::Bytes(128, std::byte{'T'})})}) {
    const auto decoded = decode_sound(file);
    EXPECT_EQ(decoded.wave, wave_);
    EXPECT_EQ(decoded.header.format, "MP3");
    EXPECT_EQ(decoded.header.frames, kFrames);
    EXPECT_TRUE(decoded.header.frames_known);
    EXPECT_FALSE(decoded.facts.truncated);
    EXPECT_FALSE(decoded.facts.damaged);
  }
}

// libsndfile guesses its length by the size of the first frames, and stops there.
TEST_P(Mp3Links, WithoutInfoFrameAllOfTheFramesAreDecoded) {
  const auto decoded = decode_sound(without_info(good_));
  ASSERT_EQ(decoded.wave.size(), (frames_.size() - 1) * samples_of_a_frame());
  EXPECT_EQ(decoded.header.frames, decoded.wave.size());
  EXPECT_TRUE(decoded.header.frames_known);
  EXPECT_FALSE(decoded.facts.truncated);
  // The same sound, behind what the encoder and the decoder put before it.
  constexpr std::size_t kLameDelay = 576, kDecoderDelay = 529;
  for (std::size_t i = 0; i < kFrames; ++i)
    ASSERT_NEAR(decoded.wave[kLameDelay + kDecoderDelay + i], wave_[i], 1e-4) << i;
}

TEST_P(Mp3Links, AWrongNumberOfFramesIsNotBelieved) {
  for (const std::uint32_t said : {0U, 1U, 10U, 99'999U, 0xFFFFFFFFU}) {
    Bytes file = good_;
    put_big(file, info_at(file) + 8, said);
    const auto decoded = decode_sound(file);
    EXPECT_EQ(decoded.wave, wave_) << said;
    EXPECT_EQ(decoded.header.frames, kFrames) << said;
    EXPECT_FALSE(decoded.facts.truncated) << said;  // the bytes that it says are there
  }
}

TEST_P(Mp3Links, AFileThatIsCutShortIsDecodedToItsLastWholeFrame) {
  for (const std::size_t kept : {frames_.size() - 1, frames_.size() / 2}) {
    for (const std::size_t part : {std::size_t{0}, std::size_t{3}, frames_[kept].size() - 1}) {
      Bytes file = joined(std::span(frames_).first(kept));
      file.insert(file.end(), frames_[kept].begin(),
                  frames_[kept].begin() + static_cast<std::ptrdiff_t>(part));
      const auto decoded = decode_sound(file);
      ASSERT_GT(decoded.wave.size() + 2 * samples_of_a_frame(), kFrames * (kept - 1) / (frames_.size() - 1));
      EXPECT_EQ(decoded.header.frames, decoded.wave.size());
      EXPECT_TRUE(decoded.facts.truncated) << kept << " " << part;
      const std::size_t alike = decoded.wave.size() - samples_of_a_frame();
      EXPECT_TRUE(std::equal(wave_.begin(), wave_.begin() + static_cast<std::ptrdiff_t>(alike),
                             decoded.wave.begin()));
    }
  }
}

// Behind them a frame or two need bytes that may be lost, and are silent.
TEST_P(Mp3Links, BytesBetweenTheFramesArePassedOver) {
  const std::size_t middle = frames_.size() / 2;
  for (const std::size_t size : {std::size_t{1}, std::size_t{50}, std::size_t{20'000}}) {
    const Bytes file = joined({joined(std::span(frames_).first(middle)), Bytes(size, std::byte{'j'}),
                               joined(from(frames_, middle))});
    const auto decoded = decode_sound(file);
    ASSERT_EQ(decoded.wave.size(), kFrames) << size;
    EXPECT_EQ(decoded.header.frames, kFrames) << size;
    EXPECT_TRUE(decoded.facts.damaged) << size;
    std::size_t others = 0;
    for (std::size_t i = 0; i < kFrames; ++i) others += std::abs(decoded.wave[i] - wave_[i]) > 1e-6F ? 1 : 0;
    EXPECT_LE(others, 5 * samples_of_a_frame()) << size;
    for (const float sample : decoded.wave) ASSERT_LT(std::abs(sample), 1);
  }
}

TEST_P(Mp3Links, DamageBehindTheFirstFrameIsTold) {
  const Bytes junk(30, std::byte{'j'});
  const auto decoded = decode_sound(joined({frames_[1], junk, joined(from(frames_, 2))}));
  EXPECT_EQ(decoded.header.frames, decoded.wave.size());
  EXPECT_GE(decoded.wave.size() + 3 * samples_of_a_frame(), kFrames);
  EXPECT_TRUE(decoded.facts.damaged);
}

TEST_P(Mp3Links, TagsBetweenTheFramesAreNoDamage) {
  const std::size_t middle = frames_.size() / 2;
  const auto decoded = decode_sound(
      joined({joined(std::span(frames_).first(middle)), id3_tag(5000), joined(from(frames_, middle))}));
  EXPECT_EQ(decoded.wave, wave_);
  EXPECT_FALSE(decoded.facts.damaged);
}

TEST_P(Mp3Links, FilesBehindEachOtherAreJoined) {
  const auto twice = joined(wave_, wave_);
  for (const Bytes& file :
       {joined({good_, good_}), joined({id3_tag(500), good_, id3_tag(3000), good_, id3_tag(200)})}) {
    const auto decoded = decode_sound(file);
    EXPECT_EQ(decoded.wave, twice);
    EXPECT_EQ(decoded.header.frames, twice.size());
    EXPECT_FALSE(decoded.facts.truncated);
    EXPECT_FALSE(decoded.facts.damaged);
  }
  const Bytes bare = without_info(good_);
  EXPECT_EQ(decode_sound(joined({bare, bare})).wave.size(), 2 * decode_sound(bare).wave.size());
}

// A download that was taken up again from the start: the first part ends within a frame.
TEST_P(Mp3Links, AFileBehindACutOneIsDecodedWhole) {
  const std::size_t middle = frames_.size() / 2;
  Bytes file = joined(std::span(frames_).first(middle));
  file.resize(file.size() - 20);
  const std::size_t first = decode_sound(file).wave.size();
  const auto decoded = decode_sound(joined({file, good_}));
  ASSERT_EQ(decoded.wave.size(), first + kFrames);
  EXPECT_TRUE(
      std::equal(wave_.begin(), wave_.end(), decoded.wave.begin() + static_cast<std::ptrdiff_t>(first)));
  EXPECT_TRUE(decoded.facts.truncated);
}

TEST_P(Mp3Links, AnotherFormatBehindIsRefused) {
  Mp3Kind kind = GetParam();
  kind.rate = kind.rate == 16000 ? 44100 : 16000;
  const Bytes other = make_mp3(kFrames, kind);
  EXPECT_THAT(refusal_of(joined({good_, other})), ::testing::HasSubstr("parts 1 and 2 differ"));
  EXPECT_THAT(refusal_of(joined({without_info(good_), without_info(other)})),
              ::testing::AllOf(::testing::HasSubstr("16000 Hz"), ::testing::HasSubstr("ffmpeg -i")));
}

TEST_P(Mp3Links, AWrongSizeOfTheFirstTagHidesNoSound) {
  Bytes larger = id3_tag(1000), smaller = id3_tag(1000);
  larger[9] ^= std::byte{1};
  smaller[8] ^= std::byte{1};
  EXPECT_EQ(decode_sound(joined({larger, good_})).wave, wave_);
  EXPECT_EQ(decode_sound(joined({smaller, good_})).wave, wave_);
  EXPECT_EQ(decode_sound(joined({id3_tag(1000), Bytes(3000), good_})).wave, wave_);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Mp3Links,
                         ::testing::Values(Mp3Kind{16000, 1}, Mp3Kind{44100, 2}, Mp3Kind{11025, 1},
                                           Mp3Kind{48000, 2, SF_BITRATE_MODE_AVERAGE}),
                         [](const auto& given) {
                           return std::to_string(given.param.rate) + "_" +
                                  std::to_string(given.param.channels) + "_" +
                                  std::to_string(given.param.bitrate_mode);
                         });

/// As libsndfile decodes the file by itself.
std::vector<float> decoded_by_library(const Bytes& bytes) {
  const testing::TempFolder folder;
  testing::write_file(folder / "a.mp3", bytes);
  SF_INFO info{};
  SNDFILE* file = sf_open((folder / "a.mp3").c_str(), SFM_READ, &info);
  if (file == nullptr) return {};
  std::vector<float> wave(static_cast<std::size_t>(info.frames));
  wave.resize(static_cast<std::size_t>(sf_readf_float(file, wave.data(), info.frames)));
  sf_close(file);
  return wave;
}

/// A file of constant bitrate without an Info frame; empty where libsndfile cannot write MP3.
Bytes make_bare_mp3(int rate) {
  const Bytes file = make_mp3(kFrames, {rate, 1, SF_BITRATE_MODE_CONSTANT});
  return info_at(file) < 50 ? without_info(file) : file;
}

// Of constant bitrate libsndfile's guess is nearly good. As far as that goes not a bit may change.
TEST(Mp3LinksOfConstantRate, AreAsLibsndfileDecodesThem) {
  for (const int rate : {11025, 16000, 44100}) {
    const Bytes file = make_bare_mp3(rate);
    if (file.empty()) GTEST_SKIP() << "this libsndfile cannot write MP3";
    const auto expected = decoded_by_library(file), wave = decode_sound(file).wave;
    ASSERT_GT(expected.size(), kFrames);
    ASSERT_GE(wave.size(), expected.size());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), wave.begin())) << rate;
  }
}

// Frames that need bytes which were cut off are silent.
TEST(Mp3LinksOfConstantRate, CutAtTheirBeginningAreAsLibsndfileDecodesThem) {
  for (const int rate : {11025, 16000, 44100}) {
    const auto frames = frames_of(make_bare_mp3(rate));
    if (frames.empty()) GTEST_SKIP() << "this libsndfile cannot write MP3";
    for (const std::size_t lost : {1, 5, 12}) {
      const Bytes file = joined(from(frames, lost));
      const auto expected = decoded_by_library(file), wave = decode_sound(file).wave;
      ASSERT_EQ(wave.size(), (frames.size() - lost) * (rate == 44100 ? 1152 : 576));
      for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_NEAR(wave[i], expected[i], 1e-6) << rate << " " << lost << " " << i;
    }
  }
}

/// Frames of silence of layer II.
Bytes layer2_frames(std::size_t count, std::uint32_t header) {
  Bytes file;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = file.size();
    file.resize(begin + kMp3Header);
    put_big(file, begin, header);
    file.resize(begin + parse_mp3_frame(std::span(file).subspan(begin))->bytes);
  }
  return file;
}

TEST(Mp3Layer2, OfSeveralBitratesIsDecodedWhole) {
  constexpr std::uint32_t kFast = 0xFFFDA4C0, kSlow = 0xFFFD14C0;  // 192 and 32 kbit/s
  const Bytes fast = layer2_frames(20, kFast), slow = layer2_frames(30, kSlow);
  for (const Bytes& file : {joined({fast, slow}), joined({slow, fast})}) {
    const auto decoded = decode_sound(file);
    EXPECT_EQ(decoded.wave.size(), 50U * 1152);
    EXPECT_EQ(decoded.header.frames, 50U * 1152);
    EXPECT_TRUE(decoded.header.frames_known);
    EXPECT_EQ(decoded.header.sample_rate, 48'000U);
  }
  EXPECT_EQ(decode_sound(fast).wave.size(), 20U * 1152);
  const auto junk = decode_sound(joined({fast, Bytes(5000, std::byte{'j'}), slow}));
  EXPECT_EQ(junk.wave.size(), 50U * 1152);
  EXPECT_TRUE(junk.facts.damaged);
}

TEST(Mp3InWav, IsDecodedWhole) {
  const Bytes good = make_mp3(kFrames);
  if (good.empty()) GTEST_SKIP() << "this libsndfile cannot write MP3";
  const Bytes bare = without_info(good);
  Bytes file = testing::make_wav(std::vector<double>{});
  file[20] = std::byte{0x55};
  file[32] = std::byte{1};  // bytes of a block
  put_big(file, 40, static_cast<std::uint32_t>(bare.size()));
  std::reverse(file.begin() + 40, file.begin() + 44);
  EXPECT_EQ(decode_sound(joined({file, bare})).wave, decode_sound(bare).wave);
}

}  // namespace
}  // namespace feedline
