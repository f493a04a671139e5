#include "speech_plan.hpp"

#include "audio/sound_plan.hpp"
#include "audio/why_not_decoded.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/data/refusals.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace feedline {
namespace {

/// Longer sentences are mostly mistakes in cutting, and one of them decides how much memory a batch takes.
constexpr double kLongestSeconds = 30;

std::vector<SampleExtent> extents_of(std::span<const MeasuredSample> samples) {
  std::vector<SampleExtent> extents;
  for (const MeasuredSample& each : samples) extents.push_back(each.extent);
  return extents;
}

std::string table(std::span<const Bucket> buckets) {
  std::string text;
  for (const Bucket& each : buckets)
    text += fmt::format("{}{} x {} frames x {} characters", text.empty() ? "" : ", ", each.rows, each.frames,
                        each.tokens);
  return text;
}

/// The one shape of `--enable-static-shapes`.
std::vector<Bucket> one_shape(const Bucket& largest, const DataOptions& options) {
  return {{options.speech.max_mel_frames.value_or(largest.frames),
           options.speech.max_text_length.value_or(largest.tokens), options.batch_size}};
}

}  // namespace

std::vector<MeasuredSample> usable_samples(std::vector<SpeechSample> samples,
                                           std::span<const RecordingLength> lengths,
                                           const Storage& recordings, const MelSpec& spec,
                                           const SpeechOptions& options) {
  const std::uint32_t most_frames = options.max_mel_frames.value_or(
      static_cast<std::uint32_t>(kLongestSeconds * spec.sample_rate / spec.hop_length));
  const std::string& folder = recordings.root();
  std::vector<MeasuredSample> usable;
  Refusals left_out;
  for (SpeechSample& sample : samples) {
    const RecordingLength& length = lengths[sample.recording];
    const std::uint64_t wave_length = samples_at(length, spec.sample_rate);
    const std::string name(recordings.name(sample.recording));
    SampleExtent extent;
    extent.tokens = static_cast<std::uint32_t>(Vocabulary::length(sample.text));
    if (options.max_text_length && extent.tokens > *options.max_text_length) {
      left_out.add("with texts longer than --max-text-length", name);
    } else if (length.frames == 0) {
      usable.push_back({std::move(sample), extent});
    } else if (wave_length < samples_needed(spec) || mel_frames(spec, wave_length) == 0) {
      left_out.add("too short for a spectrogram", name);
    } else if (mel_frames(spec, wave_length) > most_frames) {
      left_out.add("longer than --max-mel-frames (30 s unless given)", name);
    } else if (mel_frames(spec, wave_length) < extent.tokens) {
      left_out.add("with more characters than frames", name);
    } else {
      extent.frames = static_cast<std::uint32_t>(mel_frames(spec, wave_length));
      usable.push_back({std::move(sample), extent});
    }
  }
  if (usable.size() < samples.size())
    log_warning(fmt::format("Left out of {}, {} of {} rows:{}", folder, samples.size() - usable.size(),
                            samples.size(), left_out.text()));
  if (std::none_of(usable.begin(), usable.end(),
                   [](const MeasuredSample& each) { return each.extent.frames > 0; })) {
    std::vector<std::uint64_t> unread;
    for (const MeasuredSample& each : usable) unread.push_back(each.sample.recording);
    throw DataError(fmt::format(
        "Nothing in {} can be trained on: of {} rows, none has a recording that can be read and is "
        "within the limits.{}{}",
        folder, samples.size(), left_out.text(), why_not_decoded(recordings, unread).text()));
  }
  return usable;
}

std::vector<Bucket> choose_buckets(std::span<const MeasuredSample> train, std::span<const MeasuredSample> val,
                                   const DataOptions& options) {
  const std::vector<SampleExtent> extents = extents_of(train);
  std::vector<SampleExtent> known;  // a file that cannot be read has no length
  for (const SampleExtent& each : extents)
    if (each.frames > 0) known.push_back(each);
  std::vector<Bucket> fitted = plan_buckets(known, {options.batch_size, options.speech.max_shapes});
  make_room(fitted, known);
  make_room(fitted, extents_of(val));
  const double fitted_waste = padding_waste(fitted, known);
  if (!options.speech.static_shapes) {
    log_info(fmt::format("Shapes: {} ({}); {:.1f} % of the frames are padding.", fitted.size(), table(fitted),
                         100 * fitted_waste));
    return fitted;
  }
  const std::vector<Bucket> one = one_shape(fitted.back(), options);
  log_info(
      fmt::format("One static shape ({}); {:.1f} % of the frames are padding. Without "
                  "--enable-static-shapes {} static shapes fitted to the data would have {:.1f} %.",
                  table(one), 100 * padding_waste(one, known), fitted.size(), 100 * fitted_waste));
  return one;
}

std::vector<std::uint64_t> sort_into_buckets(std::vector<MeasuredSample>& samples,
                                             std::span<const Bucket> shapes) {
  const auto bucket = [&](const MeasuredSample& each) { return bucket_of(shapes, each.extent.frames); };
  std::stable_sort(samples.begin(), samples.end(),
                   [&](const MeasuredSample& a, const MeasuredSample& b) { return bucket(a) < bucket(b); });
  std::vector<std::uint64_t> bucket_sizes(shapes.size(), 0);
  for (const MeasuredSample& each : samples) ++bucket_sizes[bucket(each)];
  return bucket_sizes;
}

}  // namespace feedline
