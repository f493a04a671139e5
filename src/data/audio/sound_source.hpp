#pragma once

#include "audio/codec/sound_decoder.hpp"
#include "audio/mel/log_mel.hpp"
#include "audio/resample/resampler.hpp"
#include "sound_cache.hpp"
#include "stage_sums.hpp"
#include "storage/storage.hpp"
#include "workspace_pool.hpp"

#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/sound_options.hpp>
#include <feedline/metrics/stage_range.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// The workspace that one thread needs to make samples of recordings; its memory is kept from sample to
/// sample.
struct SoundWorkspace {
  FileBuffer file;
  SoundDecoder decoder;
  Resamplers resamplers;
  LogMel::Scratch mel;
  std::vector<float> decoded, resampled, changed, features;
  TraceLane* lane = nullptr;  ///< Lane of the thread, for the sample that is being made
};

using SoundWorkspacePool = WorkspacePool<SoundWorkspace>;

/// The recordings of a storage as waves of one sample rate and as spectrograms, from the cache or from their
/// files.
///
/// Thread rule: any number of threads may call const methods, each with its own workspace.
class SoundSource {
 public:
  /// `spec` must be valid (see check). A cache of `kDecoded` keeps the results of `cached_features`.
  SoundSource(std::shared_ptr<const Storage> recordings, const MelSpec& spec, const SoundOptions& options,
              CacheKind cache, std::uint64_t cache_bytes);

  const Storage& recordings() const noexcept { return *recordings_; }
  const LogMel& log_mel() const noexcept { return log_mel_; }
  const MelSpec& spec() const noexcept { return spec_; }
  SoundWorkspacePool& workspaces() const noexcept { return workspaces_; }
  CacheStats cache_stats() const noexcept { return cache_.stats(); }
  StageTimes stages() const noexcept { return sums_.times(); }

  /// Returns the wave of recording `id`, mono at the spec's rate, valid until the workspace are used again.
  /// Throws SampleError when it cannot be read, is no sound, is damaged, is silent (unless silence is kept),
  /// or is too short.
  std::span<const float> wave(std::uint64_t id, SoundWorkspace& workspace) const;

  /// Returns the spectrogram that `make(wave, workspace)` makes of the recording's wave in
  /// `workspace.features`, bands of equal length one after the other, or the kept result of an earlier call.
  template <class Make>
  std::span<const float> cached_features(std::uint64_t id, SoundWorkspace& workspace,
                                         const Make& make) const {
    const auto begin = Clock::now();
    const auto now = identity(id);
    if (cache_.kind() == CacheKind::kDecoded && now) {
      const auto kept = cache_.find(id, *now);
      if (!kept.empty()) {
        sums_.add_part({}, {}, Clock::now() - begin);
        return kept;
      }
    }
    const std::span<const float> samples = wave(id, workspace);
    const auto decoded = Clock::now();
    const StageRange range(workspace.lane, stage::kTransform);
    make(samples, workspace);
    if (cache_.kind() == CacheKind::kDecoded && now) cache_.keep(id, *now, workspace.features);
    sums_.add_part({}, {}, Clock::now() - decoded);
    return workspace.features;
  }

  /// Counts a sample; `transform` is the time that it took outside of this object.
  void count_sample(Clock::duration transform) const noexcept { sums_.add({}, {}, transform); }

  /// Returns in how many recordings something odd was found that is no reason to leave them out; an empty
  /// text if in none.
  std::string remarks() const;

  /// Reads all of recording `id`. Throws a SampleError as `wave` does. Returns the damage of a recording that
  /// is used nevertheless, or an empty text.
  std::string check(std::uint64_t id, SoundWorkspace& workspace) const;

  /// Drops the file of a recording from the page cache.
  void forget(std::uint64_t id) const noexcept { recordings_->forget(id); }

  /// Throws a SampleError that names the reason why recording `id` cannot be used.
  [[noreturn]] void refuse(std::uint64_t id, std::string reason) const;

 private:
  enum Oddity : std::uint8_t { kTruncated = 1, kTooLoud = 2, kClipped = 4, kDamaged = 8 };

  std::optional<FileIdentity> identity(std::uint64_t id) const noexcept;
  std::span<const float> decode(std::uint64_t id, SoundWorkspace& workspace) const;
  void judge(std::uint64_t id, const SoundFacts& facts) const;
  void remark(std::uint64_t id, Oddity oddity, const std::string& message) const;

  std::shared_ptr<const Storage> recordings_;
  MelSpec spec_;
  LogMel log_mel_;
  std::optional<std::uint32_t> channel_;
  bool keep_silent_;
  mutable SoundCache cache_;
  mutable SoundWorkspacePool workspaces_;
  mutable StageSums sums_;
  mutable std::vector<std::atomic<std::uint8_t>> oddities_;  ///< Oddities of each recording
  mutable std::atomic<std::uint8_t> told_{0};                ///< Oddities of which an example was reported
};

}  // namespace feedline
