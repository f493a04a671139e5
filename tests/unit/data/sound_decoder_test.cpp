#include "audio/codec/sound_decoder.hpp"

#include "decode_error.hpp"
#include "decoded_sound.hpp"
#include "sound_files.hpp"
#include "temp_folder.hpp"

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

/// A WAV file with 8000 Hz whose format, sizes and samples are given as they are.
Bytes raw_wav(const char* kind, int channels, int block, int bits, std::uint32_t size, const Bytes& data) {
  Bytes file;
  testing::put(file, kind);
  testing::put(file, 0xFFFFFFFF, 4);
  testing::put(file, "WAVE");
  if (std::string(kind) != "RIFF") {
    testing::put(file, "ds64");
    testing::put(file, 28, 4);
    testing::put(file, 0, 8);
    testing::put(file, data.size(), 8);
    testing::put(file, 0, 12);
  }
  testing::put(file, "fmt ");
  testing::put(file, 16, 4);
  testing::put(file, 1, 2);
  testing::put(file, static_cast<unsigned>(channels), 2);
  testing::put(file, 8000, 4);
  testing::put(file, static_cast<unsigned>(8000 * block), 4);
  testing::put(file, static_cast<unsigned>(block), 2);
  testing::put(file, static_cast<unsigned>(bits), 2);
  testing::put(file, "data");
  testing::put(file, size, 4);
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

Bytes words(std::initializer_list<std::uint64_t> values, int size) {
  Bytes bytes;
  for (const std::uint64_t value : values) testing::put(bytes, value, size);
  return bytes;
}

// At the low end as some recorders write them, or at the high end as the standard says.
TEST(WavDecoder, TwentyFourBitsOfFourBytesAreFound) {
  const std::vector<float> expected = {0.5F, -0.25F, 0.75F};
  const Bytes low = words({0x400000, 0xFFE00000, 0x600000}, 4);
  const Bytes high = words({0x40000000, 0xE0000000, 0x60000000}, 4);
  EXPECT_EQ(decode(raw_wav("RIFF", 1, 4, 24, 12, low)).wave, expected);
  EXPECT_EQ(decode(raw_wav("RIFF", 1, 4, 24, 12, high)).wave, expected);
}

Bytes extensible_wav(int valid_bits, const Bytes& data) {
  Bytes file = make_wav({}, {32, false, true});
  file[38] = static_cast<std::byte>(valid_bits);
  file.resize(file.size() - 4);
  testing::put(file, data.size(), 4);
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

TEST(WavDecoder, ValidBitsAtTheLowEndAreFoundByTheirLowestBits) {
  const Bytes low = words({0x400001, 0xFFE00000, 0x600000}, 4);
  EXPECT_EQ(decode(extensible_wav(24, low)).wave, (std::vector<float>{0.5F + 0x1p-23F, -0.25F, 0.75F}));
  const Bytes low_of_20 = words({0x40001, 0xFFFE0000}, 4);
  EXPECT_EQ(decode(extensible_wav(20, low_of_20)).wave, (std::vector<float>{0.5F + 0x1p-19F, -0.25F}));
  const Bytes high = words({0x40000000, 0xE0000000}, 4);
  EXPECT_EQ(decode(extensible_wav(24, high)).wave, (std::vector<float>{0.5F, -0.25F}));
}

TEST(WavDecoder, QuietValidBitsAtTheHighEndStayQuiet) {
  const Bytes quiet = words({0x400000, 0xFFE00000}, 4);
  EXPECT_EQ(decode(extensible_wav(24, quiet)).wave, (std::vector<float>{0x1p-9F, -0x1p-10F}));
  EXPECT_EQ(decode(extensible_wav(32, words({0x400001}, 4))).wave, (std::vector<float>{0x400001p-31F}));
}

TEST(WavDecoder, BitsThatDoNotFillTheirBytesLieAtTheHighEnd) {
  EXPECT_EQ(decode(raw_wav("RIFF", 1, 2, 12, 4, words({0x4000, 0xE000}, 2))).wave,
            (std::vector<float>{0.5F, -0.25F}));
  EXPECT_EQ(decode(raw_wav("RIFF", 1, 3, 20, 6, words({0x400000, 0xE00000}, 3))).wave,
            (std::vector<float>{0.5F, -0.25F}));
}

TEST(WavDecoder, BlocksThatDoNotFitTheirBitsAreRefused) {
  const Bytes data(24);
  EXPECT_THAT(refusal(raw_wav("RIFF", 2, 3, 16, 24, data)),
              HasSubstr("2 channels of 16 bits in blocks of 3"));
  EXPECT_THAT(refusal(raw_wav("RIFF", 1, 1, 16, 24, data)), HasSubstr("in blocks of 1"));
  EXPECT_THAT(refusal(raw_wav("RIFF", 1, 4, 16, 24, data)), HasSubstr("16 bits in 4 bytes"));
  EXPECT_THAT(refusal(raw_wav("RIFF", 1, 2, 0, 24, data)), HasSubstr("0 bits"));
  EXPECT_EQ(decode(raw_wav("RIFF", 1, 0, 16, 4, words({0x4000, 0xE000}, 2))).wave,
            (std::vector<float>{0.5F, -0.25F}));
}

TEST(WavDecoder, RatesThatNoRecordingHasAreRefused) {
  for (const std::uint32_t rate : {1U, 99U, 768'001U, 0xFFFFFFFFU}) {
    WavKind kind;
    kind.rate = rate;
    EXPECT_THAT(refusal(make_wav(tone(10), kind)), HasSubstr(std::to_string(rate) + " samples a second"));
  }
}

TEST(WavDecoder, ChunksBehindTheSamplesOfLongFilesAreNoSound) {
  for (const char* kind : {"RF64", "BW64"}) {
    Bytes file = raw_wav(kind, 1, 2, 16, 0xFFFFFFFF, words({0x4000, 0xE000}, 2));
    testing::put(file, "LIST");
    testing::put(file, 300, 4);
    file.resize(file.size() + 300, std::byte{'x'});
    EXPECT_EQ(decode(file).wave, (std::vector<float>{0.5F, -0.25F})) << kind;
  }
}

TEST(WavDecoder, ChunksBehindSamplesOfUnknownSizeAreNoSound) {
  for (const std::uint32_t said : {0U, 0xFFFFFFFFU, 0x7FFFFFF0U}) {
    Bytes file = raw_wav("RIFF", 1, 2, 16, said, words({0x4000, 0xE000}, 2));
    const Bytes alone = file;
    for (const unsigned size : {300U, 301U}) {
      testing::put(file, size == 300 ? "LIST" : "id3 ");
      testing::put(file, size, 4);
      file.resize(file.size() + size, std::byte{'x'});
    }
    EXPECT_EQ(decode(file).wave, (std::vector<float>{0.5F, -0.25F})) << said;
    EXPECT_EQ(decode(alone).wave, (std::vector<float>{0.5F, -0.25F})) << said;
  }
  Bytes empty = raw_wav("RIFF", 1, 2, 16, 0, {});
  testing::put(empty, "LIST");
  testing::put(empty, 4, 4);
  testing::put(empty, "INFO");
  EXPECT_THAT(refusal(empty), HasSubstr("no sound"));
}

TEST(SoundDecoder, ChannelsThatCancelAreNoticed) {
  const WavKind stereo{16, false, false, 2};
  const auto opposite = [](double share) {
    std::vector<double> both;
    for (const double value : tone(500)) both.insert(both.end(), {value, -value * share});
    return both;
  };
  EXPECT_TRUE(decode(make_wav(opposite(1), stereo)).facts.cancelled);
  EXPECT_TRUE(decode(make_wav(opposite(0.99), stereo)).facts.cancelled);
  EXPECT_FALSE(decode(make_wav(opposite(1), stereo), 0).facts.cancelled);
  EXPECT_FALSE(decode(make_wav(opposite(0.5), stereo)).facts.cancelled);
  EXPECT_FALSE(decode(make_wav(std::vector<double>(100, 0.0), stereo)).facts.cancelled);
}

/// A FLAC file whose header says so many samples.
Bytes flac_of(std::uint64_t samples) {
  const testing::TempFolder folder;
  EXPECT_TRUE(
      testing::write_with_library(folder / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, tone(20'000), 8000));
  Bytes file = testing::read_file(folder / "a.flac");
  file[21] = (file[21] & std::byte{0xF0}) | static_cast<std::byte>(samples >> 32U);
  for (unsigned i = 0; i < 4; ++i) file[22 + i] = static_cast<std::byte>(samples >> (24 - 8 * i) & 255U);
  return file;
}

TEST(SoundDecoder, FlacOfUnknownLengthIsDecoded) {
  for (const std::uint64_t said : {std::uint64_t{0}, (std::uint64_t{1} << 36U) - 1}) {
    const Decoded decoded = decode(flac_of(said));
    EXPECT_FALSE(decoded.header.frames_known);
    EXPECT_FALSE(decoded.facts.truncated);
    expect_tone(decoded.wave, tone(20'000), 1e-4);
  }
}

TEST(SoundDecoder, FlacThatIsLongerThanItSaysIsDecodedWhole) {
  expect_tone(decode(flac_of(12'000)).wave, tone(20'000), 1e-4);
  EXPECT_TRUE(decode(flac_of(20'001)).facts.truncated);
  EXPECT_FALSE(decode(flac_of(20'000)).facts.truncated);
}

TEST(SoundDecoder, TagsAroundFlacAreNoDamage) {
  Bytes before, behind;
  testing::put(before, "ID3");
  testing::put(before, 4, 6);
  testing::put(before, 50, 1);
  before.resize(60);
  testing::put(behind, "TAG");
  behind.resize(128, std::byte{'x'});
  for (const std::uint64_t said : {0U, 12'000U, 20'000U}) {
    Bytes file = before;
    for (const Bytes& part : {flac_of(said), behind}) file.insert(file.end(), part.begin(), part.end());
    const Decoded decoded = decode(file);
    expect_tone(decoded.wave, tone(20'000), 1e-4);
    EXPECT_FALSE(decoded.facts.truncated);
  }
}

TEST(SoundDecoder, OtherFilesAreNamed) {
  const auto named = [](const std::string& start) {
    const auto bytes = std::as_bytes(std::span(start));
    Bytes file(bytes.begin(), bytes.end());
    file.resize(500);
    return refusal(file);
  };
  EXPECT_THAT(named(std::string("\0\0\0\x1c", 4) + "ftypM4A "), HasSubstr("MP4 file (m4a, mp4 or mov)"));
  EXPECT_THAT(named("\x1A\x45\xDF\xA3"),
              HasSubstr("WebM or Matroska file, whatever its name says; `ffmpeg -i"));
  EXPECT_THAT(named("#!AMR\n"), HasSubstr("AMR file"));
  EXPECT_THAT(named("\x30\x26\xB2\x75\x8E\x66\xCF\x11"), HasSubstr("ASF file (wma)"));
  EXPECT_THAT(named("<!DOCTYPE html>"), HasSubstr("HTML"));
  EXPECT_THAT(named("PK\x03\x04"), HasSubstr("ZIP"));
  EXPECT_THAT(named("version https://git-lfs.github.com/spec/v1"), HasSubstr("git lfs pull"));
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
  const SoundHeader header = testing::header_in(folder_.path(), "a.wav");
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
  for (const std::size_t chunk : {0U, 3U, 100'000U}) {  // the last lies beyond what is read at first
    WavKind kind{24, false, false, 2, 44100};
    kind.extra_chunk = chunk;
    testing::write_file(folder / "x.wav", make_wav(tone(800), kind));
    const SoundHeader header = testing::header_in(folder.path(), "x.wav");
    EXPECT_EQ(header.sample_rate, 44100U);
    EXPECT_EQ(header.channels, 2U);
    EXPECT_EQ(header.frames, 400U);
  }
  EXPECT_THROW(testing::header_in(folder.path(), "missing.wav"), std::system_error);
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
