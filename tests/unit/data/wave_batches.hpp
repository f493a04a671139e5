#pragma once

#include "audio/mel/log_mel.hpp"
#include "lcg_noise.hpp"
#include "mel_goldens.hpp"

#include <feedline/data/audio/mel_masks.hpp>
#include <feedline/data/audio/mel_spec.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace feedline::testing {

/// Recordings in rows, with what is no number behind them.
struct Waves {
  std::uint32_t samples = 0;
  std::vector<std::int64_t> lengths;
  std::vector<float> waves;       ///< [rows, samples]
  std::vector<MelMasks> masks{};  ///< of rows; or none

  std::uint32_t rows() const { return static_cast<std::uint32_t>(lengths.size()); }

  std::vector<float> recording(std::uint32_t row) const {
    const auto first = waves.begin() + static_cast<std::ptrdiff_t>(std::size_t{row} * samples);
    return {first, first + std::clamp<std::int64_t>(lengths[row], 0, samples)};
  }
};

/// Parts of the same noise, some of them with a constant added.
inline Waves noisy_waves(std::uint32_t samples, std::vector<std::int64_t> lengths) {
  Waves made{samples, std::move(lengths), {}};
  made.waves.assign(made.lengths.size() * samples, std::numeric_limits<float>::quiet_NaN());
  const auto noise = lcg_noise(samples + 97 * made.lengths.size());
  for (std::size_t row = 0; row < made.lengths.size(); ++row) {
    for (std::int64_t i = 0; i < std::min<std::int64_t>(made.lengths[row], samples); ++i) {
      made.waves[row * samples + static_cast<std::size_t>(i)] =
          noise[97 * row + static_cast<std::size_t>(i)] + (row % 3 == 1 ? 0.25F : 0.0F);
    }
  }
  return made;
}

/// Of every length at which something begins or ends.
inline Waves waves_of_edge_lengths(const MelSpec& spec) {
  const std::int64_t pad = pad_samples(spec), hop = spec.hop_length, fft = spec.n_fft, win = spec.win_length;
  const auto needed = static_cast<std::int64_t>(samples_needed(spec));
  const std::int64_t samples = 6 * fft + 3;
  std::vector<std::int64_t> lengths = {0, 1, 7 * fft, -1};  // the last two are clamped
  for (const std::int64_t edge : {pad, hop, hop / 2, fft, win, needed, 10 * hop, samples}) {
    for (const std::int64_t length : {edge - 1, edge, edge + 1}) lengths.push_back(length);
  }
  return noisy_waves(static_cast<std::uint32_t>(samples), lengths);
}

/// Noise, then silence from the middle on: what presets cut off below the loudest is in it.
inline Waves half_silent_waves(std::uint32_t samples) {
  Waves made = noisy_waves(samples, {samples, samples - 1});
  for (std::size_t row = 0; row < made.rows(); ++row)
    for (std::size_t i = samples / 2; i + row < samples; ++i) made.waves[row * samples + i] = 0;
  return made;
}

/// Spectrograms in rows of so many frames, and how many of them are real.
struct Mels {
  std::vector<float> mels;  ///< [rows, bands, room]
  std::vector<std::int64_t> lengths;
};

/// What LogMel makes of them, row by row.
inline Mels mels_by_log_mel(const MelSpec& spec, const Waves& waves, std::uint32_t room) {
  const LogMel log_mel(spec);
  LogMel::Scratch scratch;
  const std::size_t floats = std::size_t{spec.n_mels} * room;
  Mels made{std::vector<float>(waves.rows() * floats, spec.pad_value), {}};
  for (std::uint32_t row = 0; row < waves.rows(); ++row) {
    const auto wave = waves.recording(row);
    const bool enough = wave.size() >= samples_needed(spec);
    made.lengths.push_back(enough ? static_cast<std::int64_t>(mel_frames(spec, wave.size())) : 0);
    const auto mel = std::span(made.mels).subspan(row * floats, floats);
    if (enough) log_mel.compute(wave, scratch, mel, room);
    if (!waves.masks.empty())
      cover(waves.masks[row], mel, spec.n_mels, static_cast<std::size_t>(made.lengths[row]));
  }
  return made;
}

/// Masks at every edge; some reach behind the frames.
inline void mask_some(Waves& waves, const MelSpec& spec) {
  const auto bands = static_cast<std::int32_t>(spec.n_mels);
  const auto frames = static_cast<std::int32_t>(mel_frames(spec, waves.samples));
  const MelMasks kinds[] = {{{{0, 3}, {bands - 2, bands}}, {{0, 2}, {frames - 1, frames}}},
                            {{}, {{1, 2}, {1, frames + 4}}},
                            {},
                            {{{4, 5}, {4, 7}}, {{3, 3}, {0, 0}}}};
  for (std::size_t row = 0; row < waves.rows(); ++row) waves.masks.push_back(kinds[row % 4]);
}

/// The spec's unit by that of natural logarithms.
inline float log_unit(const MelSpec& spec) {
  if (spec.log == MelLog::kLn) return 1;
  return spec.log == MelLog::kLog10 ? 0.43429448F : 4.3429448F;
}

/// What normalising makes of differences within a band.
inline float normalising_factor(const MelSpec& spec, std::span<const float> plain_band) {
  if (spec.normalisation == MelNormalisation::kWhisper) return 0.25F;
  if (spec.normalisation != MelNormalisation::kPerBand) return 1;
  double sum = 0, squares = 0;
  for (const float value : plain_band) sum += value;
  const double count = static_cast<double>(plain_band.size()), mean = sum / count;
  for (const float value : plain_band) squares += (value - mean) * (value - mean);
  return std::max(1.0F, static_cast<float>(1 / std::sqrt(squares / (count - 1))));
}

/// Within 1e-4 of the natural logarithm, but for bands far below the loudest of their frame (see
/// mel_tolerance), and bit by bit behind the recordings.
inline void expect_same_mels(const Mels& made, const Mels& wanted, const MelSpec& spec, const Waves& waves) {
  ASSERT_EQ(made.lengths, wanted.lengths);
  ASSERT_EQ(made.mels.size(), wanted.mels.size());
  const std::size_t floats = wanted.mels.size() / std::max(1U, waves.rows()), room = floats / spec.n_mels;
  MelSpec plain_spec = spec;
  plain_spec.normalisation = MelNormalisation::kNone;
  const Mels plain = mels_by_log_mel(plain_spec, waves, static_cast<std::uint32_t>(room));
  for (std::size_t row = 0; row < waves.rows(); ++row) {
    std::vector<float> ln(plain.mels.begin() + static_cast<std::ptrdiff_t>(row * floats),
                          plain.mels.begin() + static_cast<std::ptrdiff_t>((row + 1) * floats));
    for (float& value : ln) value /= log_unit(spec);
    const auto frames = static_cast<std::size_t>(wanted.lengths[row]);
    for (std::size_t i = 0; i < floats; ++i) {
      const std::size_t band = i / room;
      const auto of_band = std::span(plain.mels).subspan(row * floats + band * room, frames);
      const float factor = log_unit(spec) * normalising_factor(spec, of_band);
      const float tolerance = i % room < frames ? factor * mel_tolerance(ln, room, i, spec) : 0;
      ASSERT_NEAR(made.mels[row * floats + i], wanted.mels[row * floats + i], tolerance)
          << "a recording of " << waves.lengths[row] << " samples in row " << row << ", band " << band
          << ", frame " << i % room;
    }
  }
}

}  // namespace feedline::testing
