#include "log_mel.hpp"

#include "decode_error.hpp"
#include "mel_lanes.hpp"
#include "mel_math.hpp"
#include "mel_window.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace feedline {

LogMel::LogMel(const MelSpec& spec)
    : spec_(spec),
      plan_(make_fft_plan(spec.n_fft)),
      filters_(make_mel_filters(spec)),
      window_(make_window(spec)) {}

void LogMel::compute(std::span<const float> wave, Scratch& scratch, std::span<float> out,
                     std::size_t stride) const {
  if (wave.size() < samples_needed(spec_))
    throw DecodeError(
        fmt::format("it has {} samples, a spectrogram needs {}", wave.size(), samples_needed(spec_)));
  const std::size_t frames = mel_frames(spec_, wave.size());
  ensure(frames <= stride && out.size() >= stride * spec_.n_mels, "a spectrogram larger than its room");
  if (const std::size_t needed = lane_floats(spec_); scratch.lane_floats < needed) {
    scratch.lanes = hwy::AllocateAligned<float>(needed);
    scratch.lane_floats = needed;
  }
  pad(wave, frames, scratch.wave);
  const std::size_t begin = window_begin(spec_);
  const MelProgram program{&spec_, &plan_, &filters_, window_.data(), begin, begin + spec_.win_length};
  mel_of_frames(program, scratch.wave.data(), frames, scratch.lanes.get(), out.data(), stride);
  normalise(out, frames, stride);
  for (std::size_t band = 0; band < spec_.n_mels; ++band) {
    const auto row = out.subspan(band * stride, stride);
    std::fill(row.begin() + static_cast<std::ptrdiff_t>(frames), row.end(), spec_.pad_value);
  }
}

/// The wave with what stands before and behind it, and zeros for the frames that only fill up a vector.
void LogMel::pad(std::span<const float> wave, std::uint64_t frames, std::vector<float>& padded) const {
  const std::size_t left = pad_samples(spec_);
  const std::size_t used = (frames - 1) * spec_.hop_length + spec_.n_fft;
  padded.assign(used + kMostLanes * spec_.hop_length, 0);
  const std::size_t copied = std::min(wave.size(), padded.size() - left);
  std::copy_n(wave.begin(), copied, padded.begin() + static_cast<std::ptrdiff_t>(left));
  if (spec_.pre_emphasis == MelPreEmphasis::kWave) {
    for (std::size_t i = copied; i-- > 1;) padded[left + i] -= kPreEmphasis * padded[left + i - 1];
  }
  if (spec_.padding == MelPadding::kZero) return;
  const std::size_t edge = spec_.padding == MelPadding::kReflect ? 1 : 0;
  for (std::size_t i = 0; i < left; ++i) padded[left - 1 - i] = wave[std::min(i + edge, wave.size() - 1)];
  const std::size_t behind = left + wave.size();
  for (std::size_t i = 0; behind + i < used && i + edge < wave.size(); ++i)
    padded[behind + i] = wave[wave.size() - 1 - edge - i];
}

void LogMel::normalise(std::span<float> out, std::size_t frames, std::size_t stride) const {
  const auto each_row = [&](auto&& change) {
    for (std::size_t band = 0; band < spec_.n_mels; ++band) change(out.subspan(band * stride, frames));
  };
  float largest = -INFINITY;
  switch (spec_.normalisation) {
    case MelNormalisation::kNone:
      return;
    case MelNormalisation::kPerBand:
      each_row([](std::span<float> row) {
        double sum = 0, squares = 0;
        for (const float value : row) sum += value;
        const double mean = sum / static_cast<double>(row.size());
        for (const float value : row) squares += (value - mean) * (value - mean);
        const double deviation =
            row.size() < 2 ? 0.0 : std::sqrt(squares / static_cast<double>(row.size() - 1));
        for (float& value : row) value = static_cast<float>((value - mean) / (deviation + 1e-5));
      });
      return;
    case MelNormalisation::kWhisper:
    case MelNormalisation::kTopDb:
      break;
  }
  each_row(
      [&](std::span<float> row) { largest = std::max(largest, *std::max_element(row.begin(), row.end())); });
  const bool whisper = spec_.normalisation == MelNormalisation::kWhisper;
  const float least = largest - (whisper ? 8.0F : 80.0F);
  each_row([&](std::span<float> row) {
    for (float& value : row) {
      value = std::max(value, least);
      if (whisper) value = (value + 4.0F) / 4.0F;
    }
  });
}

}  // namespace feedline
