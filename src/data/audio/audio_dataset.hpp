#pragma once

#include "sound_source.hpp"

#include <feedline/common/philox.hpp>
#include <feedline/data/dataset.hpp>
#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace feedline {

/// Clips of the recordings of a storage as samples: `mel` float [bands,frames], `label` int64 [], `lengths`
/// int64 [] (the number of frames with sound; short recordings are padded at the end). For a device that
/// makes the spectrograms (see make_mel_transform) the samples are: `wave` float [samples], `label`,
/// `wave_length` int64 [], and for augmented training `masks`, see MelMasks.
///
/// `Augment::kNone` takes the clip in the middle. `kBasic` takes a clip from anywhere and masks its
/// spectrogram. `kStrong` also changes the speed and adds noise. Draws from (seed, epoch, sample id), in this
/// order: speed, place, noise, masks.
class AudioDataset final : public Dataset,
                           private StorageHints,
                           private CacheControl,
                           private Audit,
                           private LoadReport {
 public:
  enum class Makes { kMels, kWaves, kMaskedWaves };

  /// `labels` holds one label per recording. `clip` is in samples.
  AudioDataset(std::shared_ptr<const SoundSource> source, std::size_t clip, Augment augment, Makes makes,
               std::vector<std::uint32_t> labels, std::uint32_t classes);

  std::uint64_t size() const noexcept override { return labels_.size(); }
  const std::vector<TensorSpec>& tensors() const noexcept override { return tensors_; }
  std::uint32_t classes() const noexcept override { return classes_; }
  void load(const SampleKey& key, SampleView out) const override;
  std::string describe(std::uint64_t id) const override { return source_->recordings().describe(id); }
  DatasetParts parts() const noexcept override {
    return {.hints = this, .cache = this, .audit = this, .loads = this};
  }

 private:
  void forget(std::uint64_t id) const noexcept override { source_->forget(id); }
  CacheStats cache_stats() const noexcept override { return source_->cache_stats(); }
  std::uint64_t fingerprint() const override;
  std::string check(std::uint64_t id) const override;
  StageTimes stages() const noexcept override { return source_->stages(); }
  std::string remarks() const override { return source_->remarks(); }

  std::size_t load_mel(const SampleKey& key, SoundWorkspace& workspace, std::span<float> mel) const;
  std::size_t load_centre(std::uint64_t id, SoundWorkspace& workspace, std::span<float> mel) const;
  std::size_t load_wave(const SampleKey& key, SoundWorkspace& workspace, SampleView out) const;
  std::span<const float> changed_clip(std::span<const float> wave, std::uint64_t id, Philox& random,
                                      SoundWorkspace& workspace) const;

  std::shared_ptr<const SoundSource> source_;
  std::size_t clip_;
  Augment augment_;
  Makes makes_;
  std::vector<std::uint32_t> labels_;
  std::uint32_t classes_;
  std::vector<TensorSpec> tensors_;
};

}  // namespace feedline
