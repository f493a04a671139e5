#pragma once

#include <sndfile.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace feedline::testing {

using Bytes = std::vector<std::byte>;

inline void put(Bytes& bytes, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i) & 255));
}

inline void put(Bytes& bytes, const char* text) {
  for (; *text != '\0'; ++text) bytes.push_back(static_cast<std::byte>(*text));
}

/// How a made-up WAV file deviates from the plainest.
struct WavKind {
  int bits = 16;
  bool is_float = false;
  bool extensible = false;
  std::uint32_t channels = 1;
  std::uint32_t rate = 8000;
  std::size_t extra_chunk = 0;  ///< bytes of a chunk before the samples
  std::uint32_t data_size = 1;  ///< what the header says; 1: the truth
};

/// One sample of [-1, 1] as `kind` writes it.
inline void put_sample(Bytes& bytes, double value, const WavKind& kind) {
  if (kind.is_float && kind.bits == 32) {
    const auto single = static_cast<float>(value);
    std::uint32_t pattern;
    std::memcpy(&pattern, &single, 4);
    return put(bytes, pattern, 4);
  }
  if (kind.is_float) {
    std::uint64_t pattern;
    std::memcpy(&pattern, &value, 8);
    return put(bytes, pattern, 8);
  }
  const double whole = std::ldexp(value, kind.bits - 1);
  const auto number =
      static_cast<std::int64_t>(std::llround(std::min(whole, std::ldexp(1.0, kind.bits - 1) - 1)));
  put(bytes, static_cast<std::uint64_t>(kind.bits == 8 ? number + 128 : number), kind.bits / 8);
}

/// A WAV file of these samples, channels interleaved.
inline Bytes make_wav(std::span<const double> samples, const WavKind& kind = {}) {
  Bytes data;
  for (const double sample : samples) put_sample(data, sample, kind);
  const std::uint32_t block = kind.channels * static_cast<std::uint32_t>(kind.bits) / 8;
  const unsigned format = kind.is_float ? 3 : 1;
  Bytes file;
  put(file, "RIFF");
  put(file, 0xFFFFFFFF, 4);
  put(file, "WAVEfmt ");
  put(file, kind.extensible ? 40 : 16, 4);
  put(file, kind.extensible ? 0xFFFE : format, 2);
  put(file, kind.channels, 2);
  put(file, kind.rate, 4);
  put(file, kind.rate * block, 4);
  put(file, block, 2);
  put(file, static_cast<unsigned>(kind.bits), 2);
  if (kind.extensible) {
    put(file, 22, 2);
    put(file, static_cast<unsigned>(kind.bits), 2);
    put(file, 0, 4);
    put(file, format, 2);
    for (const int byte : {0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113})
      put(file, static_cast<unsigned>(byte), 1);
  }
  if (kind.extra_chunk > 0) {
    put(file, "LIST");
    put(file, kind.extra_chunk, 4);
    file.resize(file.size() + kind.extra_chunk + kind.extra_chunk % 2, std::byte{'x'});
  }
  put(file, "data");
  put(file, kind.data_size == 1 ? data.size() : kind.data_size, 4);
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

/// A tone of half of full scale.
inline std::vector<double> tone(std::size_t samples, double frequency = 440, double rate = 8000) {
  std::vector<double> wave;
  for (std::size_t i = 0; i < samples; ++i)
    wave.push_back(0.5 * std::sin(2 * M_PI * frequency * static_cast<double>(i) / rate));
  return wave;
}

inline void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline Bytes read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// Written by libsndfile in `format`, one channel; false where this libsndfile cannot.
inline bool write_with_library(const std::filesystem::path& path, int format,
                               const std::vector<double>& samples, int rate) {
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = 1;
  info.format = format;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) return false;
  sf_writef_double(file, samples.data(), static_cast<sf_count_t>(samples.size()));
  sf_close(file);
  return true;
}

}  // namespace feedline::testing
