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

std::vector<SampleExtent> extents_of(std::span<const MeasuredRow> rows) {
  std::vector<SampleExtent> extents;
  for (const MeasuredRow& row : rows) extents.push_back(row.extent);
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

std::vector<MeasuredRow> usable_rows(std::vector<SpeechRow> rows, std::span<const RecordingLength> lengths,
                                     const Storage& recordings, const MelSpec& spec,
                                     const SpeechOptions& options) {
  const std::uint32_t most_frames = options.max_mel_frames.value_or(
      static_cast<std::uint32_t>(kLongestSeconds * spec.sample_rate / spec.hop_length));
  const std::string& folder = recordings.root();
  std::vector<MeasuredRow> usable;
  Refusals left_out;
  for (SpeechRow& row : rows) {
    const RecordingLength& length = lengths[row.recording];
    const std::uint64_t samples = samples_at(length, spec.sample_rate);
    const std::string name(recordings.name(row.recording));
    SampleExtent extent;
    extent.tokens = static_cast<std::uint32_t>(Vocabulary::length(row.text));
    if (options.max_text_length && extent.tokens > *options.max_text_length) {
      left_out.add("with texts longer than --max-text-length", name);
    } else if (length.frames == 0) {
      usable.push_back({std::move(row), extent});
    } else if (samples < samples_needed(spec) || mel_frames(spec, samples) == 0) {
      left_out.add("too short for a spectrogram", name);
    } else if (mel_frames(spec, samples) > most_frames) {
      left_out.add("longer than --max-mel-frames (30 s unless given)", name);
    } else if (mel_frames(spec, samples) < extent.tokens) {
      left_out.add("with more characters than frames", name);
    } else {
      extent.frames = static_cast<std::uint32_t>(mel_frames(spec, samples));
      usable.push_back({std::move(row), extent});
    }
  }
  if (usable.size() < rows.size())
    log_warning(fmt::format("Left out of {}, {} of {} rows:{}", folder, rows.size() - usable.size(),
                            rows.size(), left_out.text()));
  if (std::none_of(usable.begin(), usable.end(),
                   [](const MeasuredRow& row) { return row.extent.frames > 0; })) {
    std::vector<std::uint64_t> unread;
    for (const MeasuredRow& row : usable) unread.push_back(row.row.recording);
    throw DataError(fmt::format(
        "Nothing in {} can be trained on: of {} rows, none has a recording that can be read and is "
        "within the limits.{}{}",
        folder, rows.size(), left_out.text(), why_not_decoded(recordings, unread).text()));
  }
  return usable;
}

std::vector<Bucket> choose_buckets(std::span<const MeasuredRow> train, std::span<const MeasuredRow> val,
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

std::vector<std::uint64_t> sort_into_buckets(std::vector<MeasuredRow>& rows, std::span<const Bucket> shapes) {
  const auto bucket = [&](const MeasuredRow& row) { return bucket_of(shapes, row.extent.frames); };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const MeasuredRow& a, const MeasuredRow& b) { return bucket(a) < bucket(b); });
  std::vector<std::uint64_t> bucket_sizes(shapes.size(), 0);
  for (const MeasuredRow& row : rows) ++bucket_sizes[bucket(row)];
  return bucket_sizes;
}

}  // namespace feedline
