#pragma once

#include "duration_index.hpp"

#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace feedline {

/// The spectrogram that the options ask for: a preset with their fields in place of its own. The preset
/// `auto` fits the recordings' most frequent sample rate: phone-8k up to 8 kHz, else `usual`. Throws
/// UsageError for fields that do not go together.
MelSpec choose_mel_spec(const SoundOptions& options, std::span<const RecordingLength> lengths,
                        std::string_view usual);

/// Samples of the recording at `rate`.
std::uint64_t samples_at(const RecordingLength& length, std::uint32_t rate) noexcept;

/// Says how many recordings there are, how long, at which rates, and what is done with rates and channels.
void tell_of_recordings(const std::string& folder, std::span<const RecordingLength> lengths,
                        const MelSpec& spec, const SoundOptions& options);

/// What a cache of recordings is to hold, and how much.
struct SoundCachePlan {
  CacheKind kind = CacheKind::kNone;
  std::uint64_t bytes = 0;
  std::uint64_t whole_bytes = 0;  ///< that everything would take
  std::string note;               ///< a sentence for the user; empty when there is nothing to say
};

/// What the flags say; `auto`: spectrograms when they are the same in every epoch, else waves. The budget is
/// `cache_bytes`, or a quarter of the free memory, and never more than is free.
SoundCachePlan plan_sound_cache(const DataOptions& options, std::uint64_t wave_bytes,
                                std::uint64_t feature_bytes, bool same_every_epoch);

}  // namespace feedline
