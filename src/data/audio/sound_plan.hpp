#pragma once

#include "duration_index.hpp"

#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace feedline {

/// Returns the spectrogram that the options request: a preset, with their fields in place of its own. The
/// preset `auto` fits the recordings' most frequent sample rate: phone-8k up to 8 kHz, else `usual`. Throws a
/// UsageError for fields that do not go together.
MelSpec choose_mel_spec(const SoundOptions& options, std::span<const RecordingLength> lengths,
                        std::string_view usual);

/// Returns the number of samples of the recording at `rate`.
std::uint64_t samples_at(const RecordingLength& length, std::uint32_t rate) noexcept;

/// Logs how many recordings there are, their length and rates, and how rates and channels are converted.
void tell_of_recordings(const std::string& folder, std::span<const RecordingLength> lengths,
                        const MelSpec& spec, const SoundOptions& options);

/// The kind of a cache of recordings, and its size.
struct SoundCachePlan {
  CacheKind kind = CacheKind::kNone;
  std::uint64_t bytes = 0;
  std::uint64_t whole_bytes = 0;  ///< Bytes of the results of all recordings
  std::string note;               ///< Message for the user; empty when there is none
};

/// Plans the cache by the flags; `auto` is a cache of spectrograms when they are the same in every epoch,
/// else of waves. The budget is `cache_bytes`, or a quarter of the free memory, and never more than the free
/// memory.
SoundCachePlan plan_sound_cache(const DataOptions& options, std::uint64_t wave_bytes,
                                std::uint64_t feature_bytes, bool same_every_epoch);

}  // namespace feedline
