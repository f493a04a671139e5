#pragma once

#include "audio/sound_source.hpp"

#include <feedline/data/dataset.hpp>
#include <feedline/data/speech/vocabulary.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace feedline {

/// One recording with its text.
struct SpeechSample {
  std::uint64_t recording = 0;  ///< Number in the source
  std::uint64_t number = 0;     ///< Number that the user sees
  std::string text;             ///< Cleaned text
};

/// Recordings with their texts as samples: `mel` float [bands,frames], `tokens` int64 [text], `lengths` int64
/// [] (frames of the spectrogram), `text_lengths` int64 []. The spans given to `load` have the room of the
/// batch's bucket: the rest of the spectrogram is filled with the spec's padding value, that of the text with
/// 0. Samples are never augmented. For a device that makes the spectrograms there are `wave` float [samples]
/// and `wave_length` int64 [] instead of `mel` and `lengths`.
class SpeechDataset final : public Dataset,
                            private StorageHints,
                            private CacheControl,
                            private Audit,
                            private LoadReport {
 public:
  /// `samples` must be ordered by bucket, as `buckets` divides them. `tensors` are those of the largest
  /// bucket.
  SpeechDataset(std::shared_ptr<const SoundSource> source, std::shared_ptr<const Vocabulary> vocabulary,
                std::vector<SpeechSample> samples, Buckets buckets, std::vector<TensorSpec> tensors);

  std::uint64_t size() const noexcept override { return samples_.size(); }
  const std::vector<TensorSpec>& tensors() const noexcept override { return tensors_; }
  std::uint32_t classes() const noexcept override { return 0; }
  void load(const SampleKey& key, SampleView out) const override;
  std::uint64_t sample_id(std::uint64_t id) const noexcept override { return samples_[id].number; }
  std::string describe(std::uint64_t id) const override {
    return source_->recordings().describe(samples_[id].recording);
  }
  DatasetParts parts() const noexcept override {
    return {.buckets = &buckets_, .hints = this, .cache = this, .audit = this, .loads = this};
  }

 private:
  void forget(std::uint64_t id) const noexcept override { source_->forget(samples_[id].recording); }
  CacheStats cache_stats() const noexcept override { return source_->cache_stats(); }
  std::uint64_t fingerprint() const override;
  std::string check(std::uint64_t id) const override;
  StageTimes stages() const noexcept override { return source_->stages(); }
  std::string remarks() const override { return source_->remarks(); }

  std::size_t put_sound(std::uint64_t recording, SoundWorkspace& workspace, std::span<float> out) const;
  std::span<const float> features(std::uint64_t recording, SoundWorkspace& workspace) const;

  std::shared_ptr<const SoundSource> source_;
  std::shared_ptr<const Vocabulary> vocabulary_;
  std::vector<SpeechSample> samples_;
  Buckets buckets_;
  std::vector<TensorSpec> tensors_;
  bool as_waves_;
};

}  // namespace feedline
