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

/// A row and how long it is; 0 frames: its file could not be read, which loading it tells.
struct MeasuredRow {
  SpeechRow row;
  SampleExtent extent;
};

/// The rows that can be trained on; says how many are left out and why: shorter than a frame, more characters
/// than frames, longer than the limits of `options` or, without limits, than half a minute. `lengths` are by
/// recording.
std::vector<MeasuredRow> usable_rows(std::vector<SpeechRow> rows, std::span<const RecordingLength> lengths,
                                     const Storage& recordings, const MelSpec& spec,
                                     const SpeechOptions& options);

/// The shapes that the options ask for, with the part of them that is padding said: one of the given size, or
/// those of plan_buckets, fitted to the training samples. All samples fit into them.
std::vector<Bucket> choose_buckets(std::span<const MeasuredRow> train, std::span<const MeasuredRow> val,
                                   const DataOptions& options);

/// Sorts the rows by shape and says how many each shape has; inside a shape they keep their order.
std::vector<std::uint64_t> sort_into_buckets(std::vector<MeasuredRow>& rows, std::span<const Bucket> shapes);

}  // namespace feedline
