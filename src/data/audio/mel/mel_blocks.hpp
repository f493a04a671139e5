#pragma once

#include "mel_filters.hpp"
#include "mel_math.hpp"

#include <feedline/data/audio/mel_masks.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace feedline {

/// The work of one call, as kernels see it. All pointers are to memory of the device.
struct MelJob {
  MelMath math;
  const float* window;  ///< Values of the window [n_fft]
  const MelBand* triangles;
  const float* weights;
  const float* waves;           ///< Samples of the recordings [rows, samples]
  const std::int64_t* lengths;  ///< Lengths of the recordings [rows]
  std::int32_t samples;
  /// Frames that a row has room for; frames are numbered consecutively, row after row
  std::int32_t row_frames;
  float* mels;                  ///< Spectrograms [rows, bands, room]
  std::int64_t* frame_lengths;  ///< Frames of each recording [rows], or null
  std::int32_t room;
  float* largest;         ///< Largest value of each recording [rows]
  const MelMasks* masks;  ///< Masks of each recording [rows], or null
};

/// A few neighbouring frames of the job, which are transformed together.
struct MelChunk {
  std::int32_t first = 0;
  std::int32_t count = 0;
  /// Array [count, n_fft + 2]: n_fft samples, and after the transform n_fft / 2 + 1 complex numbers
  float* frames = nullptr;
};

struct MelPlace {
  std::int32_t row;
  std::int32_t frame;
};

FEEDLINE_IN_KERNELS MelPlace place_of(const MelJob& job, std::int32_t frame) {
  return {frame / job.row_frames, frame % job.row_frames};
}

FEEDLINE_IN_KERNELS MelWave wave_of(const MelJob& job, std::int32_t row) {
  std::int64_t length = job.lengths[row];
  if (length > job.samples) length = job.samples;
  if (length < 0) length = 0;
  return {job.waves + static_cast<std::size_t>(row) * job.samples, static_cast<std::int32_t>(length)};
}

FEEDLINE_IN_KERNELS std::int32_t frames_of_row(const MelJob& job, std::int32_t row) {
  return frames_of(job.math, wave_of(job, row).length);
}

FEEDLINE_IN_KERNELS float* band_of(const MelJob& job, std::int32_t row, std::int32_t band) {
  return job.mels + (static_cast<std::size_t>(row) * job.math.bands + band) * job.room;
}

FEEDLINE_IN_KERNELS std::int32_t bins_of(const MelMath& math) {
  return math.n_fft / 2 + 1;
}

// The work of a block of threads is written once, for the blocks of a GPU and for the one thread of a CPU. A
// Block has these functions, and all its threads make the same calls:
//   each(n, f)      calls f(i) for i = 0 .. n - 1, each by any thread
//   sum<T>(n, f)    returns the sum of f(i) to all threads
//   largest(n, f)   returns the largest f(i), or -infinity, to all threads
//   meet()          waits until all threads have called it

/// Puts frame `index` of the chunk where it is transformed, or zeros for a frame that its recording does not
/// have.
template <class Block>
FEEDLINE_IN_KERNELS void fill_frame(Block block, const MelJob& job, const MelChunk& chunk,
                                    std::int32_t index) {
  const MelMath& math = job.math;
  const MelPlace place = place_of(job, chunk.first + index);
  const MelWave wave = wave_of(job, place.row);
  float* const out = chunk.frames + static_cast<std::size_t>(index) * (math.n_fft + 2);
  if (place.frame >= frames_of(math, wave.length)) {
    block.each(math.n_fft, [&](std::int32_t i) { out[i] = 0; });
    return;
  }
  float mean = 0;
  if (math.remove_dc) {
    const std::int32_t count = math.window_end - math.window_begin;
    mean = block.template sum<float>(count, [&](std::int32_t i) {
      return frame_sample(math, wave, place.frame, math.window_begin + i);
    }) / static_cast<float>(count);
  }
  block.each(math.n_fft,
             [&](std::int32_t i) { out[i] = job.window[i] * frame_value(math, wave, place.frame, i, mean); });
}

/// Returns the strength of a bin of a transformed frame of the chunk.
FEEDLINE_IN_KERNELS float strength_in(const MelMath& math, const MelChunk& chunk, std::int32_t frame,
                                      std::int32_t bin) {
  const float* pair = chunk.frames + static_cast<std::size_t>(frame) * (math.n_fft + 2) + 2 * bin;
  return strength_of(math, pair[0], pair[1]);
}

/// Returns the number of floats from one frame's strengths to the next frame's in a tile. It is odd, so that
/// the frames lie in different memory banks.
FEEDLINE_IN_KERNELS std::int32_t tile_pitch(const MelMath& math) {
  return bins_of(math) | 1;
}

/// Writes one value of a spectrogram from the strengths that `strength(bin)` returns.
template <class Strength>
FEEDLINE_IN_KERNELS void write_band(const MelJob& job, std::int32_t frame, std::int32_t band,
                                    const Strength& strength) {
  const MelPlace place = place_of(job, frame);
  if (place.frame >= frames_of_row(job, place.row)) return;
  const MelBand triangle = job.triangles[band];
  const float* const weights = job.weights + triangle.first_weight;
  const auto first = static_cast<std::int32_t>(triangle.first_bin),
             bins = static_cast<std::int32_t>(triangle.bins);
  float sum = 0;
  for (std::int32_t i = 0; i < bins; ++i) sum += weights[i] * strength(first + i);
  band_of(job, place.row, band)[place.frame] = logarithm_of(job.math, sum);
}

/// Writes the bands of `wide` frames of the chunk, from frame `first` on. `tile` is memory of the block for
/// wide * tile_pitch floats; if it is null, strengths are computed wherever they are used.
template <class Block>
FEEDLINE_IN_KERNELS void weigh_tile(Block block, const MelJob& job, const MelChunk& chunk, std::int32_t first,
                                    std::int32_t wide, float* tile) {
  const MelMath& math = job.math;
  const std::int32_t bins = bins_of(math), pitch = tile_pitch(math);
  const std::int32_t here = chunk.count - first < wide ? chunk.count - first : wide;
  if (tile != nullptr) {
    block.each(here * bins, [&](std::int32_t i) {
      tile[i / bins * pitch + i % bins] = strength_in(math, chunk, first + i / bins, i % bins);
    });
    block.meet();
  }
  block.each(wide * math.bands, [&](std::int32_t i) {
    const std::int32_t frame = i % wide;  // neighbouring threads write neighbouring frames
    if (frame >= here) return;
    write_band(job, chunk.first + first + frame, i / wide, [&](std::int32_t bin) {
      return tile != nullptr ? tile[frame * pitch + bin] : strength_in(math, chunk, first + frame, bin);
    });
  });
}

/// Finds the largest value of a recording, for normalisations that depend on it.
template <class Block>
FEEDLINE_IN_KERNELS void find_largest(Block block, const MelJob& job, std::int32_t row) {
  const std::int32_t frames = frames_of_row(job, row);
  const float largest = block.largest(
      frames * job.math.bands, [&](std::int32_t i) { return band_of(job, row, i / frames)[i % frames]; });
  block.each(1, [&](std::int32_t) { job.largest[row] = largest; });
}

FEEDLINE_IN_KERNELS bool covers(const MelMasks::Span (&masks)[MelMasks::kEach], std::int32_t place) {
  for (const MelMasks::Span& mask : masks)
    if (place >= mask.begin && place < mask.end) return true;
  return false;
}

/// Sets the masked values of a finished band to the band's mean.
template <class Block>
FEEDLINE_IN_KERNELS void cover_band(Block block, const MelMasks& masks, std::int32_t band, float* values,
                                    std::int32_t frames) {
  if (frames == 0) return;
  block.meet();
  const float mean = block.template sum<float>(frames, [&](std::int32_t i) { return values[i]; }) /
                     static_cast<float>(frames);
  const bool whole = covers(masks.bands, band);
  block.each(frames, [&](std::int32_t i) {
    if (whole || covers(masks.frames, i)) values[i] = mean;
  });
}

/// Normalises one band of a recording, fills the rest of it with the padding value, and applies the masks.
template <class Block>
FEEDLINE_IN_KERNELS void finish_band(Block block, const MelJob& job, std::int32_t row, std::int32_t band) {
  const MelMath& math = job.math;
  const std::int32_t frames = frames_of_row(job, row);
  float* const values = band_of(job, row, band);
  MelFigures of{};
  if (math.normalisation == MelNormalisation::kPerBand && frames > 0) {
    of.mean = block.template sum<double>(frames, [&](std::int32_t i) { return values[i]; }) / frames;
    const double squares = block.template sum<double>(
        frames, [&](std::int32_t i) { return (values[i] - of.mean) * (values[i] - of.mean); });
    of.deviation = frames < 2 ? 0.0 : std::sqrt(squares / (frames - 1));
  } else if (math.normalisation != MelNormalisation::kNone) {
    of.largest = job.largest[row];
  }
  const std::int32_t begin = math.normalisation == MelNormalisation::kNone ? frames : 0;
  block.each(job.room - begin, [&](std::int32_t i) {
    values[begin + i] = begin + i < frames ? finished(math, values[begin + i], of) : math.pad_value;
  });
  if (job.masks != nullptr) cover_band(block, job.masks[row], band, values, frames);
  if (band == 0 && job.frame_lengths != nullptr)
    block.each(1, [&](std::int32_t) { job.frame_lengths[row] = frames; });
}

}  // namespace feedline
