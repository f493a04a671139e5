#pragma once

#include "audio/duration_index.hpp"
#include "bucket_planner.hpp"
#include "speech_dataset.hpp"

#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/open_data.hpp>

#include <span>
#include <string>
#include <vector>

namespace feedline {

/// A sample and its lengths. It has 0 frames when its file could not be read, which its load will report.
struct MeasuredSample {
  SpeechSample sample;
  SampleExtent extent;
};

/// Returns the samples that can be trained on. Warns of the others, with their numbers and reasons: shorter
/// than a frame, more characters than frames, longer than the limits of `options` or, without limits, than
/// half a minute. `lengths` holds one entry per recording.
std::vector<MeasuredSample> usable_samples(std::vector<SpeechSample> samples,
                                           std::span<const RecordingLength> lengths,
                                           const Storage& recordings, const MelSpec& spec,
                                           const SpeechOptions& options);

/// Returns the buckets that the options request, and logs the part of them that is padding: one of the given
/// size, or those of plan_buckets, fitted to the training samples. All samples fit into them.
std::vector<Bucket> choose_buckets(std::span<const MeasuredSample> train, std::span<const MeasuredSample> val,
                                   const DataOptions& options);

/// Sorts the samples by bucket, and returns the number of samples in each bucket. Within a bucket they keep
/// their order.
std::vector<std::uint64_t> sort_into_buckets(std::vector<MeasuredSample>& samples,
                                             std::span<const Bucket> shapes);

}  // namespace feedline
