#pragma once

#include <feedline/data/audio/mel_spec.hpp>

#include <cmath>
#include <cstdint>

/// Marks functions that kernels call. For other compilers they are plain functions, which tests run on the
/// CPU.
#ifdef __CUDACC__
#define FEEDLINE_IN_KERNELS __device__ inline
#else
#define FEEDLINE_IN_KERNELS inline
#endif

namespace feedline {

/// A MelSpec in the types that kernels compute with. The functions below compute the same as LogMel, for one
/// element at a time.
struct MelMath {
  std::int32_t n_fft, hop, bands;
  std::int32_t window_begin, window_end;  ///< Bounds of the window in the transform
  std::int32_t left;                      ///< Number of samples before a recording
  std::int32_t samples_needed;
  MelPadding padding;
  MelFrames frames;
  MelPreEmphasis pre_emphasis;
  bool remove_dc, power, floor_is_added;
  float power_added, power_floor, log_floor, log_scale;
  MelNormalisation normalisation;
  float pad_value;
};

MelMath mel_math(const MelSpec& spec) noexcept;

/// The largest number of samples in a row: within it, all sample positions are 32-bit numbers.
constexpr std::int32_t kMostRowSamples = 1 << 30;

/// One recording in its row.
struct MelWave {
  const float* samples;
  std::int32_t length;
};

constexpr float kPreEmphasis = 0.97F;

/// The figures that `finished` needs of all of a recording's bands, or of one band.
struct MelFigures {
  float largest;
  double mean, deviation;
};

/// Returns mel_frames, or 0 for a recording that is too short.
FEEDLINE_IN_KERNELS std::int32_t frames_of(const MelMath& math, std::int32_t samples) {
  if (samples < math.samples_needed) return 0;
  if (math.frames == MelFrames::kFloor) return samples / math.hop;
  if (math.frames == MelFrames::kRounded) return (samples + math.hop / 2) / math.hop;
  return 1 + samples / math.hop;
}

/// Returns sample `i` of the recording with its padding before and after; `i` counts from the recording's
/// first sample.
FEEDLINE_IN_KERNELS float sample_at(const MelMath& math, const MelWave& wave, std::int32_t i) {
  if (i >= 0 && i < wave.length) {
    const bool emphasise = math.pre_emphasis == MelPreEmphasis::kWave && i > 0;
    return emphasise ? wave.samples[i] - kPreEmphasis * wave.samples[i - 1] : wave.samples[i];
  }
  if (math.padding == MelPadding::kZero) return 0;
  const std::int32_t last = wave.length - 1;
  const std::int32_t away =
      (i < 0 ? -i - 1 : i - wave.length) + (math.padding == MelPadding::kReflect ? 1 : 0);
  if (i < 0) return wave.samples[away < last ? away : last];
  return away <= last ? wave.samples[last - away] : 0;
}

/// Returns sample `i` of frame `frame`, as it is in the recording.
FEEDLINE_IN_KERNELS float frame_sample(const MelMath& math, const MelWave& wave, std::int32_t frame,
                                       std::int32_t i) {
  return sample_at(math, wave, frame * math.hop + i - math.left);
}

/// Returns sample `i` of frame `frame` as it enters the transform, except for the window. `mean` is the mean
/// of the samples under the window, or 0.
FEEDLINE_IN_KERNELS float frame_value(const MelMath& math, const MelWave& wave, std::int32_t frame,
                                      std::int32_t i, float mean) {
  const float now = frame_sample(math, wave, frame, i) - mean;
  if (math.pre_emphasis != MelPreEmphasis::kFrame) return now;
  const std::int32_t before = i > math.window_begin ? i - 1 : i;
  return now - kPreEmphasis * (frame_sample(math, wave, frame, before) - mean);
}

/// Returns the magnitude of a bin, or its square.
FEEDLINE_IN_KERNELS float strength_of(const MelMath& math, float re, float im) {
  const float power = re * re + im * im;
  if (math.power) return power;
  const float more = power + math.power_added;
  return std::sqrt(more > math.power_floor ? more : math.power_floor);
}

FEEDLINE_IN_KERNELS float logarithm_of(const MelMath& math, float value) {
  const float more = value > math.log_floor ? value : math.log_floor;
  return math.log_scale * std::log(math.floor_is_added ? value + math.log_floor : more);
}

FEEDLINE_IN_KERNELS float finished(const MelMath& math, float value, const MelFigures& of) {
  switch (math.normalisation) {
    case MelNormalisation::kNone:
      return value;
    case MelNormalisation::kPerBand:
      return static_cast<float>((value - of.mean) / (of.deviation + 1e-5));
    case MelNormalisation::kWhisper:
      return ((value > of.largest - 8.0F ? value : of.largest - 8.0F) + 4.0F) / 4.0F;
    case MelNormalisation::kTopDb:
      break;
  }
  return value > of.largest - 80.0F ? value : of.largest - 80.0F;
}

}  // namespace feedline
