#include "audio/duration_index.hpp"

#include "decoded_sound.hpp"
#include "mp3_files.hpp"
#include "sound_files.hpp"
#include "storage/folder_storage.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace feedline {
namespace {

using testing::make_wav;
using testing::tone;

class DurationIndex : public ::testing::Test {
 protected:
  void write(const std::string& name, std::size_t samples) {
    testing::write_file(folder_ / name, make_wav(tone(samples)));
  }

  std::vector<RecordingLength> measure() const {
    return measure_recordings(FolderStorage(FileNames(folder_.path(), names_)), index_.path());
  }

  std::filesystem::path index_file() const {
    for (const auto& entry : std::filesystem::directory_iterator(index_.path())) return entry.path();
    return {};
  }

  testing::TempFolder folder_, index_;
  std::vector<std::string> names_ = {"a.wav", "b.wav", "c.wav"};
};

TEST_F(DurationIndex, TellsLengthsRatesAndWhatCannotBeRead) {
  write("a.wav", 100);
  testing::write_file(folder_ / "b.wav", make_wav(tone(900), {16, false, false, 2, 44100}));
  testing::write_file(folder_ / "c.wav", testing::Bytes(50));
  names_.push_back("missing.wav");
  for (int round = 0; round < 2; ++round) {  // read, and remembered
    const auto lengths = measure();
    EXPECT_EQ(lengths[0].frames, 100U);
    EXPECT_EQ(lengths[1].frames, 450U);
    EXPECT_EQ(lengths[1].sample_rate, 44100U);
    EXPECT_EQ(lengths[1].channels, 2U);
    EXPECT_EQ(lengths[2].frames, 0U);
    EXPECT_EQ(lengths[3].frames, 0U);
  }
}

TEST_F(DurationIndex, FlacThatStatesTooFewSamplesIsCounted) {
  const auto write_stating = [&](std::size_t samples, std::uint32_t stated) {
    ASSERT_TRUE(testing::write_with_library(folder_ / "a.wav", SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                                            tone(samples), 8000));
    auto file = testing::read_file(folder_ / "a.wav");
    for (std::size_t i = 0; i < 4; ++i) file[22 + i] = static_cast<std::byte>(stated >> (24 - 8 * i) & 0xFFU);
    testing::write_file(folder_ / "a.wav", file);
  };
  // Ends of one frame only, of a whole last frame, and of a short one.
  for (const std::size_t samples : {1000U, 8192U, 30'000U, 200'001U}) {
    for (const std::uint32_t stated :
         {1U, static_cast<std::uint32_t>(samples) / 3, static_cast<std::uint32_t>(samples) - 1,
          static_cast<std::uint32_t>(samples)}) {
      write_stating(samples, stated);
      EXPECT_EQ(measure()[0].frames, samples) << stated;
    }
  }
}

// The header of a FLAC file that was written to a pipe says 0 samples.
TEST_F(DurationIndex, UnknownLengthsAreCounted) {
  ASSERT_TRUE(
      testing::write_with_library(folder_ / "a.wav", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, tone(9000), 8000));
  auto file = testing::read_file(folder_ / "a.wav");
  file[21] &= std::byte{0xF0};
  for (std::size_t i = 22; i < 26; ++i) file[i] = std::byte{0};
  testing::write_file(folder_ / "a.wav", file);
  names_ = {"a.wav"};
  for (int round = 0; round < 2; ++round) EXPECT_EQ(measure()[0].frames, 9000U);
}

// Their headers guess, or tell of one of them only.
TEST_F(DurationIndex, LengthsAreThoseThatDecodingGives) {
  const auto mp3 = testing::make_mp3(24'000);
  if (mp3.empty()) GTEST_SKIP() << "this libsndfile cannot write MP3";
  testing::write_file(folder_ / "a.wav", mp3);
  testing::write_file(folder_ / "b.wav", testing::joined({mp3, mp3}));
  const auto frames = testing::frames_of(mp3);
  testing::write_file(folder_ / "c.wav", testing::joined(std::span(frames).subspan(1)));
  const auto lengths = measure();
  EXPECT_EQ(lengths[0].frames, 24'000U);
  EXPECT_EQ(lengths[1].frames, 48'000U);
  for (std::size_t i = 0; i < names_.size(); ++i)
    EXPECT_EQ(lengths[i].frames, testing::decode_sound(testing::read_file(folder_ / names_[i])).wave.size());
}

TEST_F(DurationIndex, AChangedFileIsReadAnew) {
  for (const std::string& name : names_) write(name, 100);
  measure();
  write("b.wav", 300);
  const auto lengths = measure();
  EXPECT_EQ(lengths[0].frames, 100U);
  EXPECT_EQ(lengths[1].frames, 300U);
}

// The remembered lengths are really used: a change that leaves size and dates as they were is not seen.
TEST_F(DurationIndex, WhatDidNotChangeIsNotReadAgain) {
  for (const std::string& name : names_) write(name, 100);
  measure();
  const auto before = testing::read_file(index_file());
  measure();
  EXPECT_EQ(testing::read_file(index_file()), before);
  EXPECT_FALSE(before.empty());
}

TEST_F(DurationIndex, ADamagedIndexIsIgnored) {
  for (const std::string& name : names_) write(name, 100);
  measure();
  auto bytes = testing::read_file(index_file());
  for (const std::size_t at : {std::size_t{0}, std::size_t{9}, bytes.size() / 2, bytes.size() - 1}) {
    auto damaged = bytes;
    damaged[at] ^= std::byte{1};
    testing::write_file(index_file(), damaged);
    EXPECT_EQ(measure()[1].frames, 100U) << at;
  }
  bytes.resize(20);
  testing::write_file(index_file(), bytes);
  EXPECT_EQ(measure()[2].frames, 100U);
}

TEST_F(DurationIndex, WithoutAFolderNothingIsRemembered) {
  write("a.wav", 100);
  names_ = {"a.wav"};
  EXPECT_EQ(measure_recordings(FolderStorage(FileNames(folder_.path(), names_)), {})[0].frames, 100U);
}

}  // namespace
}  // namespace feedline
