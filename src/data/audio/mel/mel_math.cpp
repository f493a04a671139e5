#include "mel_math.hpp"

#include "mel_window.hpp"

namespace feedline {
namespace {

/// From natural logarithms.
float log_scale(MelLog log) noexcept {
  constexpr float kLog10OfE = 0.43429448190325182F;
  switch (log) {
    case MelLog::kLog10:
      return kLog10OfE;
    case MelLog::kDecibel:
      return 10 * kLog10OfE;
    case MelLog::kLn:
      break;
  }
  return 1;
}

}  // namespace

MelMath mel_math(const MelSpec& spec) noexcept {
  MelMath math{};
  math.n_fft = static_cast<std::int32_t>(spec.n_fft);
  math.hop = static_cast<std::int32_t>(spec.hop_length);
  math.bands = static_cast<std::int32_t>(spec.n_mels);
  math.window_begin = static_cast<std::int32_t>(window_begin(spec));
  math.window_end = math.window_begin + static_cast<std::int32_t>(spec.win_length);
  math.left = static_cast<std::int32_t>(pad_samples(spec));
  math.samples_needed = static_cast<std::int32_t>(samples_needed(spec));
  math.padding = spec.padding;
  math.frames = spec.frames;
  math.pre_emphasis = spec.pre_emphasis;
  math.remove_dc = spec.remove_dc;
  math.power = spec.power;
  math.floor_is_added = spec.floor_is_added;
  math.power_added = static_cast<float>(spec.power_added);
  math.power_floor = static_cast<float>(spec.power_floor);
  math.log_floor = static_cast<float>(spec.log_floor);
  math.log_scale = log_scale(spec.log);
  math.normalisation = spec.normalisation;
  math.pad_value = spec.pad_value;
  return math;
}

}  // namespace feedline
