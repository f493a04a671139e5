#pragma once

#include "audio/codec/mp3_frame.hpp"
#include "mixed_sounds.hpp"
#include "sound_files.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace feedline::testing {

/// How libsndfile is to write an MP3 file.
struct Mp3Kind {
  int rate = 16000;
  int channels = 1;
  int bitrate_mode = SF_BITRATE_MODE_VARIABLE;
};

/// Sound whose bitrate varies: a tone that swells, with noise in some parts. Empty where libsndfile cannot
/// write MP3.
inline Bytes make_mp3(std::size_t frames, const Mp3Kind& kind = {}) {
  const TempFolder folder;
  const auto channels = static_cast<std::uint32_t>(kind.channels);
  auto samples = noisy_tone(frames, channels, 7);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] *= 0.5 + 0.5 * std::sin(static_cast<double>(i) / 3000);
  std::fill_n(samples.begin(), samples.size() / 3, 0.001);
  SF_INFO info{};
  info.samplerate = kind.rate;
  info.channels = kind.channels;
  info.format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
  const auto path = folder / "a.mp3";
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) return {};
  int mode = kind.bitrate_mode;
  sf_command(file, SFC_SET_BITRATE_MODE, &mode, sizeof mode);
  sf_writef_double(file, samples.data(), static_cast<sf_count_t>(frames));
  sf_close(file);
  return read_file(path);
}

inline std::size_t find_text(const Bytes& file, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  const auto found = std::search(file.begin(), file.end(), bytes.begin(), bytes.end());
  return static_cast<std::size_t>(found - file.begin());
}

/// Where the name of its Info frame stands.
inline std::size_t info_at(const Bytes& file) {
  return std::min(find_text(file, "Xing"), find_text(file, "Info"));
}

inline void put_big(Bytes& file, std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) file.at(at + i) = static_cast<std::byte>(value >> (24 - 8 * i) & 255);
}

/// The frames of a file that begins with one.
inline std::vector<Bytes> frames_of(const Bytes& file) {
  std::vector<Bytes> frames;
  for (std::size_t at = 0; at < file.size();) {
    const auto frame = parse_mp3_frame(std::span(file).subspan(at));
    if (!frame) break;
    frames.emplace_back(file.begin() + static_cast<std::ptrdiff_t>(at),
                        file.begin() + static_cast<std::ptrdiff_t>(at + frame->bytes));
    at += frame->bytes;
  }
  return frames;
}

/// These parts behind each other.
inline Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

inline Bytes joined(std::span<const Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// An ID3v2 tag of so many bytes.
inline Bytes id3_tag(std::size_t size) {
  Bytes tag;
  put(tag, "ID3");
  put(tag, 4, 3);
  put(tag, (size - 10) >> 21U, 1);
  put(tag, (size - 10) >> 14U & 127, 1);
  put(tag, (size - 10) >> 7U & 127, 1);
  put(tag, (size - 10) & 127, 1);
  tag.resize(size, std::byte{'x'});
  return tag;
}

}  // namespace feedline::testing
