#include "audio/codec/sound_decoder.hpp"

#include "decode_error.hpp"
#include "sound_files.hpp"
#include "temp_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace feedline {
namespace {

using testing::Bytes;
using ::testing::HasSubstr;
using testing::make_wav;
using ::testing::ThrowsMessage;
using testing::tone;
using testing::WavKind;

struct Decoded {
  SoundHeader header;
  SoundFacts facts;
  std::vector<float> wave;
};

Decoded decode(const Bytes& file, int channel = kMeanOfChannels) {
  SoundDecoder decoder;
  Decoded decoded;
  decoded.header = decoder.open(file);
  decoded.facts = decoder.decode(channel, decoded.wave);
  return decoded;
}

std::string refusal(const Bytes& file, int channel = kMeanOfChannels) {
  try {
    decode(file, channel);
  } catch (const DecodeError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

void expect_tone(const std::vector<float>& wave, const std::vector<double>& expected, double tolerance) {
  ASSERT_EQ(wave.size(), expected.size());
  for (std::size_t i = 0; i < wave.size(); ++i) ASSERT_NEAR(wave[i], expected[i], tolerance) << i;
}

class WavDepth : public ::testing::TestWithParam<WavKind> {};

TEST_P(WavDepth, IsTheSameTone) {
  const WavKind kind = GetParam();
  const Decoded decoded = decode(make_wav(tone(1000), kind));
  expect_tone(decoded.wave, tone(1000),
              kind.is_float ? 1e-7 : std::max(1e-7, std::ldexp(1.0, 1 - kind.bits)));
  EXPECT_EQ(decoded.header.sample_rate, 8000U);
  EXPECT_EQ(decoded.header.frames, 1000U);
  EXPECT_EQ(decoded.header.format, "WAV");
  EXPECT_NEAR(decoded.facts.peak, 0.5, 0.01);
  EXPECT_FALSE(decoded.facts.silent);
  EXPECT_FALSE(decoded.facts.truncated);
}

INSTANTIATE_TEST_SUITE_P(Depths, WavDepth,
                         ::testing::Values(WavKind{8}, WavKind{16}, WavKind{24}, WavKind{32},
                                           WavKind{32, true}, WavKind{64, true}, WavKind{16, false, true},
                                           WavKind{24, false, true}, WavKind{32, true, true}),
                         [](const auto& given) {
                           return std::to_string(given.param.bits) + (given.param.is_float ? "_float" : "") +
                                  (given.param.extensible ? "_extensible" : "");
                         });

// Integers are divided by 2^(bits - 1): the lowest number is -1.
TEST(WavDecoder, FullScaleIsOne) {
  for (const int bits : {8, 16, 24, 32}) {
    const Decoded decoded = decode(make_wav(std::vector<double>{-1.0, 0.0, 0.5}, {bits}));
    EXPECT_EQ(decoded.wave, (std::vector<float>{-1, 0, 0.5F})) << bits;
  }
}

TEST(WavDecoder, ChannelsAreAveragedOrChosen) {
  const Bytes file = make_wav(std::vector<double>{0.5, -0.25, 0.25, 0.75}, {16, false, false, 2});
  EXPECT_EQ(decode(file).wave, (std::vector<float>{0.125, 0.5}));
  EXPECT_EQ(decode(file, 0).wave, (std::vector<float>{0.5, 0.25}));
  EXPECT_EQ(decode(file, 1).wave, (std::vector<float>{-0.25, 0.75}));
  EXPECT_THAT(refusal(file, 2), HasSubstr("no channel 2"));
}

TEST(WavDecoder, SizesInTheHeaderAreNotBelieved) {
  for (const std::uint32_t said : {0U, 0xFFFFFFFFU}) {
    WavKind kind;
    kind.data_size = said;
    const Decoded decoded = decode(make_wav(tone(500), kind));
    EXPECT_EQ(decoded.wave.size(), 500U) << said;
    EXPECT_FALSE(decoded.facts.truncated);
  }
  WavKind longer;
  longer.data_size = 100'000;
  const Decoded cut = decode(make_wav(tone(500), longer));
  EXPECT_EQ(cut.wave.size(), 500U);
  EXPECT_TRUE(cut.facts.truncated);
  Bytes odd = make_wav(tone(500));
  odd.pop_back();  // half a sample is none
  EXPECT_EQ(decode(odd).wave.size(), 499U);
}

TEST(WavDecoder, OtherChunksArePassedOver) {
  for (const std::size_t size : {1U, 2U, 777U, 20'000U}) {
    WavKind kind;
    kind.extra_chunk = size;
    expect_tone(decode(make_wav(tone(300), kind)).wave, tone(300), 1e-4);
  }
}

TEST(WavDecoder, DamagedFilesAreRefused) {
  const Bytes whole = make_wav(tone(100));
  for (std::size_t size = 0; size < 44; ++size) {
    Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(refusal(part), "nothing was thrown") << size;
  }
  EXPECT_THAT(refusal(Bytes()), HasSubstr("it is empty"));
  EXPECT_THAT(refusal(make_wav({})), HasSubstr("no sound"));
  WavKind no_channels;
  no_channels.channels = 0;
  EXPECT_THAT(refusal(make_wav(tone(10), no_channels)), HasSubstr("0 channels"));
  WavKind no_rate;
  no_rate.rate = 0;
  EXPECT_THAT(refusal(make_wav(tone(10), no_rate)), HasSubstr("0 samples a second"));
  Bytes text;
  testing::put(text, "this is a text and no recording at all, whatever its name says");
  EXPECT_THAT(refusal(text), HasSubstr("no recording"));
}

TEST(WavDecoder, OneSampleIsSound) {
  EXPECT_EQ(decode(make_wav(std::vector<double>{0.5})).wave, std::vector<float>{0.5F});
}

TEST(WavDecoder, SilenceIsNoticed) {
  EXPECT_TRUE(decode(make_wav(std::vector<double>(100, 0.0))).facts.silent);
}

TEST(WavDecoder, WhatIsNoNumberIsRefused) {
  const WavKind floats{32, true};
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 20.0}) {
    auto wave = tone(100);
    wave[50] = bad;
    EXPECT_NE(refusal(make_wav(wave, floats)), "nothing was thrown") << bad;
  }
  auto loud = tone(100);
  loud[50] = 1.5;
  const Decoded kept = decode(make_wav(loud, floats));
  EXPECT_EQ(kept.facts.peak, 1.5F);
  EXPECT_EQ(kept.wave[50], 1.5F);
}

TEST(WavDecoder, ClippedSamplesAreCounted) {
  auto wave = tone(100);
  for (const std::size_t at : {10U, 20U, 30U}) wave[at] = 1;
  EXPECT_EQ(decode(make_wav(wave)).facts.full_scale, 3U);
}

/// Formats that libsndfile reads, behind names that say something else.
class LibraryFormat : public ::testing::TestWithParam<int> {
 protected:
  testing::TempFolder folder_;
};

TEST_P(LibraryFormat, IsKnownByItsContent) {
  const int rate = GetParam() == (SF_FORMAT_OGG | SF_FORMAT_OPUS) ? 48000 : 16000;
  const auto wave = tone(static_cast<std::size_t>(rate), 440, rate);
  const auto file = folder_ / "a.wav";
  if (!testing::write_with_library(file, GetParam(), wave, rate))
    GTEST_SKIP() << "this libsndfile cannot write it";
  const Decoded decoded = decode(testing::read_file(file));
  EXPECT_EQ(decoded.header.sample_rate, static_cast<std::uint32_t>(rate));
  EXPECT_EQ(decoded.header.channels, 1U);
  const bool in_blocks =
      decoded.header.format == "MP3" || GetParam() == (SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM);
  // MP3 and ADPCM come in blocks; the others are exact.
  EXPECT_NEAR(static_cast<double>(decoded.wave.size()), rate, in_blocks ? 0.1 * rate : 0);
  double power = 0;
  for (const float sample : decoded.wave) power += static_cast<double>(sample) * sample;
  EXPECT_NEAR(power / rate, 0.125, 0.02);
  const int fd = open(folder_.path().c_str(), O_PATH | O_DIRECTORY);
  const SoundHeader header = read_sound_header(fd, "a.wav");
  close(fd);
  EXPECT_EQ(header.sample_rate, decoded.header.sample_rate);
  EXPECT_EQ(header.format, decoded.header.format);
  Bytes half = testing::read_file(file);
  half.resize(half.size() / 2);
  try {  // what is left of a file cut in two is used, or refused; it must not be more
    EXPECT_LE(decode(half).wave.size(), decoded.wave.size());
  } catch (const DecodeError&) {
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, LibraryFormat,
                         ::testing::Values(SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                                           SF_FORMAT_FLAC | SF_FORMAT_PCM_24,
                                           SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS,
                                           SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
                                           SF_FORMAT_WAV | SF_FORMAT_ULAW, SF_FORMAT_WAV | SF_FORMAT_ALAW,
                                           SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM,
                                           SF_FORMAT_AIFF | SF_FORMAT_PCM_16));

TEST(SoundHeader, IsReadFromTheStartOfAFile) {
  const testing::TempFolder folder;
  const int fd = open(folder.path().c_str(), O_PATH | O_DIRECTORY);
  for (const std::size_t chunk : {0U, 3U, 100'000U}) {  // the last lies beyond what is read at first
    WavKind kind{24, false, false, 2, 44100};
    kind.extra_chunk = chunk;
    testing::write_file(folder / "x.wav", make_wav(tone(800), kind));
    const SoundHeader header = read_sound_header(fd, "x.wav");
    EXPECT_EQ(header.sample_rate, 44100U);
    EXPECT_EQ(header.channels, 2U);
    EXPECT_EQ(header.frames, 400U);
  }
  EXPECT_THROW(read_sound_header(fd, "missing.wav"), std::system_error);
  close(fd);
}

TEST(SoundDecoder, IsUsedAgainAndAgain) {
  SoundDecoder decoder;
  std::vector<float> wave;
  const Bytes stereo = make_wav(tone(2000), {16, false, false, 2}), mono = make_wav(tone(100));
  for (int i = 0; i < 3; ++i) {
    decoder.open(stereo);
    decoder.decode(kMeanOfChannels, wave);
    EXPECT_EQ(wave.size(), 1000U);
    decoder.open(mono);
    decoder.decode(kMeanOfChannels, wave);
    expect_tone(wave, tone(100), 1e-4);
  }
}

}  // namespace
}  // namespace feedline
