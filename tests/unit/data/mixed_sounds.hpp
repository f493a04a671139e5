#pragma once

#include "sound_files.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace feedline::testing {

struct NamedSound {
  std::string name;
  Bytes bytes;
};

/// A tone and noise, every channel with others, interleaved.
inline std::vector<double> noisy_tone(std::size_t frames, std::uint32_t channels, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<double> samples;
  for (std::size_t i = 0; i < frames; ++i) {
    for (std::uint32_t channel = 0; channel < channels; ++channel) {
      const double noise = static_cast<double>(random() % 1000) / 1000 - 0.5;
      const double angle = static_cast<double>(i) * (0.05 + 0.02 * channel + 0.001 * seed);
      samples.push_back(0.4 * std::sin(angle) + 0.1 * noise);
    }
  }
  return samples;
}

inline void add_wavs(std::vector<NamedSound>& files) {
  unsigned seed = 0;
  for (const int bits : {8, 16, 24, 32}) {
    for (const std::uint32_t rate : {8000U, 22050U}) {
      for (const std::uint32_t channels : {1U, 2U, 5U}) {
        files.push_back(
            {"wav" + std::to_string(++seed), make_wav(noisy_tone(3000 + 100 * seed, channels, seed),
                                                      {.bits = bits, .channels = channels, .rate = rate})});
      }
    }
  }
  files.push_back(
      {"float", make_wav(noisy_tone(3000, 1, 50), {.bits = 32, .is_float = true, .rate = 16000})});
  files.push_back(
      {"double", make_wav(noisy_tone(4000, 2, 51), {.bits = 64, .is_float = true, .channels = 2})});
  auto numbers = noisy_tone(3000, 1, 52);
  numbers[2000] = std::numeric_limits<double>::quiet_NaN();
  files.push_back({"no_number", make_wav(numbers, {.bits = 32, .is_float = true})});
  files.push_back({"silent", make_wav(std::vector<double>(3000, 0.0))});
  files.push_back({"no_samples", make_wav({})});
  files.push_back({"promises_more", make_wav(noisy_tone(3000, 1, 53), {.data_size = 1'000'000})});
}

/// What libsndfile writes of these samples; empty where it cannot.
inline Bytes written(const std::filesystem::path& folder, int format, int rate, std::uint32_t channels,
                     unsigned seed) {
  const std::filesystem::path path = folder / "written";
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = static_cast<int>(channels);
  info.format = format;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) return {};
  const auto samples = noisy_tone(6000, channels, seed);
  sf_writef_double(file, samples.data(), static_cast<sf_count_t>(samples.size() / channels));
  sf_close(file);
  return read_file(path);
}

inline void add_compressed(std::vector<NamedSound>& files, const std::filesystem::path& folder) {
  struct Format {
    const char* name;
    int format;
    int rate;
  };
  const Format formats[] = {{"flac16", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 22050},
                            {"flac24", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 44100},
                            {"vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 16000},
                            {"opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000},
                            {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 44100},
                            {"mp3_slow", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 16000},
                            {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 8000},
                            {"ulaw", SF_FORMAT_WAV | SF_FORMAT_ULAW, 8000},
                            {"adpcm", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, 22050}};
  unsigned seed = 100;
  for (const Format& each : formats) {
    for (const std::uint32_t channels : {1U, 2U}) {
      Bytes bytes = written(folder, each.format, each.rate, channels, ++seed);
      if (!bytes.empty()) files.push_back({each.name + std::to_string(channels), std::move(bytes)});
    }
  }
}

/// Files that follow each other in one, and MP3 whose first frame, which says its length, is missing.
inline void add_joined(std::vector<NamedSound>& files) {
  for (std::size_t i = 0, single = files.size(); i < single; ++i) {
    const auto [name, bytes] = files[i];
    if (name.find("mp3") == std::string::npos && name.find("vorbis") == std::string::npos &&
        name.find("opus") == std::string::npos)
      continue;
    Bytes twice = bytes;
    for (const std::byte byte : bytes) twice.push_back(byte);
    files.push_back({name + "_twice", twice});
    if (name.find("mp3") == std::string::npos) continue;
    const auto next = std::search(bytes.begin() + 4, bytes.end(), bytes.begin(), bytes.begin() + 2);
    files.push_back({name + "_rest", Bytes(next, bytes.end())});
  }
}

/// Recordings of every kind, rate and number of channels, whole ones and damaged ones.
inline std::vector<NamedSound> mixed_sounds(const std::filesystem::path& folder) {
  std::vector<NamedSound> files;
  add_wavs(files);
  add_compressed(files, folder);
  add_joined(files);
  std::mt19937 random(3);
  for (std::size_t i = 0, whole = files.size(); i < whole; ++i) {
    const auto [name, bytes] = files[i];
    files.push_back({name + "_cut", Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(
                                                                             bytes.size() * 2 / 3))});
    for (const char* damage : {"_x", "_y"}) {
      Bytes damaged = bytes;
      for (unsigned flips = 0; flips < 4; ++flips)
        damaged[random() % damaged.size()] ^= static_cast<std::byte>(1U << random() % 8);
      files.push_back({name + damage, damaged});
    }
  }
  files.push_back({"text", Bytes(300, std::byte{'t'})});
  files.push_back({"empty", {}});
  return files;
}

}  // namespace feedline::testing
