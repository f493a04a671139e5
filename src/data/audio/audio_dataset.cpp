#include "audio_dataset.hpp"

#include "clip_augment.hpp"
#include "copy_features.hpp"

#include <feedline/common/hash.hpp>
#include <feedline/common/philox.hpp>

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace feedline {

AudioDataset::AudioDataset(std::shared_ptr<const SoundSource> source, std::size_t clip, Augment augment,
                           std::vector<std::uint32_t> labels, std::uint32_t classes)
    : source_(std::move(source)),
      clip_(clip),
      augment_(augment),
      labels_(std::move(labels)),
      classes_(classes),
      tensors_{{"mel",
                DType::kFloat32,
                {source_->spec().n_mels, static_cast<std::int64_t>(mel_frames(source_->spec(), clip))}},
               {"label", DType::kInt64, {}},
               {"lengths", DType::kInt64, {}}} {}

void AudioDataset::load(const SampleKey& key, SampleView out) const {
  SoundToolbox::Loan tools = source_->toolbox().borrow();
  (*tools).lane = key.lane;
  const std::span<float> mel(reinterpret_cast<float*>(out[0].data()), out[0].size() / sizeof(float));
  const std::size_t frames =
      augment_ == Augment::kNone ? load_centre(key.id, *tools, mel) : load_changed(key, *tools, mel);
  const std::int64_t label = labels_[key.id], length = static_cast<std::int64_t>(frames);
  std::memcpy(out[1].data(), &label, sizeof label);
  std::memcpy(out[2].data(), &length, sizeof length);
}

/// The same in every epoch, so that it can come from the cache.
std::size_t AudioDataset::load_centre(std::uint64_t id, SoundTools& tools, std::span<float> mel) const {
  const MelSpec& spec = source_->spec();
  const auto features =
      source_->cached_features(id, tools, [&](std::span<const float> wave, SoundTools& with) {
        const ClipCut cut = centre_cut(wave.size(), clip_);
        const std::size_t frames = mel_frames(spec, cut.length);
        with.features.resize(frames * spec.n_mels);
        source_->log_mel().compute(wave.subspan(cut.begin, cut.length), with.mel, with.features, frames);
      });
  const auto begin = Clock::now();
  copy_features(features, spec.n_mels, mel, spec.pad_value);
  source_->count_sample(Clock::now() - begin);
  return features.size() / spec.n_mels;
}

std::size_t AudioDataset::load_changed(const SampleKey& key, SoundTools& tools, std::span<float> mel) const {
  const MelSpec& spec = source_->spec();
  std::span<const float> wave = source_->wave(key.id, tools);
  const auto begin = Clock::now();
  const StageRange range(key.lane, stage::kTransform);
  Philox random(key.seed, RandomPurpose::kAugment, key.epoch, key.id);
  const ClipCut cut = draw_cut(random, wave.size(), clip_, augment_);
  wave = wave.subspan(cut.begin, cut.length);
  if (augment_ == Augment::kStrong) {
    if (cut.speed != 100) {
      tools.resamplers.get(cut.speed, 100)(wave, tools.changed);
    } else {
      tools.changed.assign(wave.begin(), wave.end());
    }
    tools.changed.resize(std::min(tools.changed.size(), clip_));
    add_noise(random, tools.changed);
    wave = tools.changed;
    if (wave.size() < samples_needed(spec)) source_->refuse(key.id, "it is too short for a spectrogram");
  }
  const std::size_t frames = mel_frames(spec, wave.size()), room = mel.size() / spec.n_mels;
  source_->log_mel().compute(wave, tools.mel, mel, room);
  mask_spectrogram(random, mel, spec.n_mels, frames);
  source_->count_sample(Clock::now() - begin);
  return frames;
}

std::uint64_t AudioDataset::fingerprint() const {
  Hasher hasher;
  for (std::uint64_t id = 0; id < size(); ++id) {
    const std::string_view path = source_->recordings().path(id);
    hasher.add(std::as_bytes(std::span(path.data(), path.size() + 1)));
  }
  hasher.add(std::as_bytes(std::span(labels_)));
  return hasher.value();
}

void AudioDataset::check(std::uint64_t id) const {
  SoundToolbox::Loan tools = source_->toolbox().borrow();
  (*tools).lane = nullptr;
  source_->wave(id, *tools);
}

}  // namespace feedline
