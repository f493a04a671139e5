#include "sound_plan.hpp"

#include "audio/mel/mel_fields.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace feedline {
namespace {

constexpr std::uint32_t kTelephone = 8000;

std::map<std::uint32_t, std::uint64_t> count_rates(std::span<const RecordingLength> lengths) {
  std::map<std::uint32_t, std::uint64_t> counts;
  for (const RecordingLength& each : lengths)
    if (each.frames > 0) ++counts[each.sample_rate];
  return counts;
}

std::uint32_t most_frequent_rate(std::span<const RecordingLength> lengths) {
  const auto counts = count_rates(lengths);
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? 0 : most->first;
}

template <class Field, class Given>
void set(Field& field, const Given& given) {
  if (given) field = static_cast<Field>(*given);
}

}  // namespace

MelSpec choose_mel_spec(const SoundOptions& options, std::span<const RecordingLength> lengths,
                        std::string_view usual) {
  std::string preset = options.preset;
  if (preset == "auto") {
    const std::uint32_t rate = most_frequent_rate(lengths);
    preset = rate > 0 && rate <= kTelephone ? "phone-8k" : std::string(usual);
  }
  MelSpec spec = mel_preset(preset);
  set(spec.sample_rate, options.sample_rate);
  set(spec.n_fft, options.n_fft);
  set(spec.win_length, options.win_length);
  set(spec.hop_length, options.hop_length);
  set(spec.n_mels, options.n_mels);
  set(spec.f_min, options.f_min);
  set(spec.f_max, options.f_max);
  set_mel_fields(spec, options.fields);
  check(spec);
  return spec;
}

std::uint64_t samples_at(const RecordingLength& length, std::uint32_t rate) noexcept {
  if (length.sample_rate == rate || length.sample_rate == 0) return length.frames;
  return (length.frames * rate + length.sample_rate - 1) / length.sample_rate;
}

void tell_of_recordings(const std::string& folder, std::span<const RecordingLength> lengths,
                        const MelSpec& spec, const SoundOptions& options) {
  double seconds = 0;
  std::uint64_t several_channels = 0;
  for (const RecordingLength& each : lengths) {
    if (each.frames == 0) continue;
    seconds += static_cast<double>(each.frames) / each.sample_rate;
    several_channels += each.channels > 1 ? 1 : 0;
  }
  std::string rates;
  for (const auto& [rate, count] : count_rates(lengths))
    rates += fmt::format("{}{} at {} Hz", rates.empty() ? "" : ", ", count, rate);
  log_info(fmt::format("{}: {} recordings, {} of sound ({}); spectrograms: {}.", folder, lengths.size(),
                       format_duration(seconds), rates, short_text(spec)));
  if (const std::uint32_t rate = most_frequent_rate(lengths); rate > 0 && rate < spec.sample_rate) {
    log_warning(
        fmt::format("Most recordings have {} Hz and the spectrograms {} Hz: the upper bands hold nothing.{}",
                    rate, spec.sample_rate, rate <= kTelephone ? " --mel-preset phone-8k fits them." : ""));
  }
  if (several_channels > 0 && !options.channel)
    log_warning(
        fmt::format("{} recordings have more than one channel: their mean is taken. --channel N takes one.",
                    several_channels));
}

SoundCachePlan plan_sound_cache(const DataOptions& options, std::uint64_t wave_bytes,
                                std::uint64_t feature_bytes, bool same_every_epoch) {
  if (!options.shown_again || options.cache == CacheKind::kNone) return {};
  const std::uint64_t available = available_memory();
  const std::uint64_t budget =
      std::min(options.cache_bytes.value_or(available / 4), available) / options.cache_sharers;
  SoundCachePlan plan;
  plan.kind = options.cache;
  if (plan.kind == CacheKind::kAuto || (plan.kind == CacheKind::kDecoded && !same_every_epoch))
    plan.kind = same_every_epoch ? CacheKind::kDecoded : CacheKind::kEncoded;
  plan.whole_bytes = plan.kind == CacheKind::kDecoded ? feature_bytes : wave_bytes;
  plan.bytes = budget;
  const double share = std::min(
      1.0, static_cast<double>(budget) / static_cast<double>(std::max<std::uint64_t>(plan.whole_bytes, 1)));
  plan.note = fmt::format("Cache: {:.0f} % of the recordings fit into {}, as {}.", share * 100,
                          format_bytes(budget), plan.kind == CacheKind::kDecoded ? "spectrograms" : "waves");
  return plan;
}

}  // namespace feedline
