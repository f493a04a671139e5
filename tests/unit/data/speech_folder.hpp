#pragma once

#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace feedline::testing {

/// A WAV file of 16 bit and one channel.
inline void write_tone(const std::filesystem::path& path, std::size_t samples, double frequency,
                       std::uint32_t rate = 8000) {
  std::vector<std::int16_t> wave(samples);
  for (std::size_t i = 0; i < samples; ++i)
    wave[i] =
        static_cast<std::int16_t>(12000 * std::sin(2 * M_PI * frequency * static_cast<double>(i) / rate));
  const auto bytes = static_cast<std::uint32_t>(samples * 2);
  std::string header = "RIFF....WAVEfmt ";
  const auto put = [&header](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) header += static_cast<char>(value >> (8 * i) & 255);
  };
  put(16, 4);
  put(1, 2);
  put(1, 2);
  put(rate, 4);
  put(2 * rate, 4);
  put(2, 2);
  put(16, 2);
  header += "data";
  put(bytes, 4);
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << header;
  file.write(reinterpret_cast<const char*>(wave.data()), bytes);
}

/// An LJSpeech folder of tones: recording i lasts 0.3 s and i x `step` samples more, its text has 2 + i % 7
/// letters.
class SpeechFolder : public ::testing::Test {
 protected:
  static std::string text_of(std::size_t i) { return std::string(2 + i % 7, static_cast<char>('a' + i % 5)); }

  void write(std::size_t count, std::size_t step = 200) {
    std::ofstream metadata(folder_ / "metadata.csv");
    for (std::size_t i = 0; i < count; ++i) {
      const std::string name = "r" + std::to_string(100 + i);
      metadata << name << '|' << text_of(i) << '\n';
      write_tone(folder_ / "wavs" / (name + ".wav"), 2400 + i * step, 300 + 20 * static_cast<double>(i));
    }
  }

  TempFolder folder_;
};

}  // namespace feedline::testing
