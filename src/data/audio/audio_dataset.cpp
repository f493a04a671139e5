#include "audio_dataset.hpp"

#include "clip_augment.hpp"
#include "copy_features.hpp"
#include "sample_values.hpp"

#include <feedline/common/hash.hpp>
#include <feedline/common/philox.hpp>
#include <feedline/data/audio/mel_transform.hpp>

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace feedline {
namespace {

std::vector<TensorSpec> tensors_of(AudioDataset::Makes makes, const MelSpec& spec, std::size_t clip) {
  const TensorSpec label{"label", DType::kInt64, {}};
  if (makes == AudioDataset::Makes::kMels) {
    const auto frames = static_cast<std::int64_t>(mel_frames(spec, clip));
    return {{"mel", DType::kFloat32, {spec.n_mels, frames}}, label, {"lengths", DType::kInt64, {}}};
  }
  std::vector<TensorSpec> tensors = {{"wave", DType::kFloat32, {static_cast<std::int64_t>(clip)}},
                                     label,
                                     {"wave_length", DType::kInt64, {}}};
  if (makes == AudioDataset::Makes::kMaskedWaves) tensors.push_back(masks_tensor());
  return tensors;
}

}  // namespace

AudioDataset::AudioDataset(std::shared_ptr<const SoundSource> source, std::size_t clip, Augment augment,
                           Makes makes, std::vector<std::uint32_t> labels, std::uint32_t classes)
    : source_(std::move(source)),
      clip_(clip),
      augment_(augment),
      makes_(makes),
      labels_(std::move(labels)),
      classes_(classes),
      tensors_(tensors_of(makes, source_->spec(), clip)) {}

void AudioDataset::load(const SampleKey& key, SampleView out) const {
  SoundWorkspacePool::Lease workspace = source_->workspaces().lease();
  (*workspace).lane = key.lane;
  const std::size_t made = makes_ == Makes::kMels ? load_mel(key, *workspace, values<float>(out[0]))
                                                  : load_wave(key, *workspace, out);
  const std::int64_t label = labels_[key.id], length = static_cast<std::int64_t>(made);
  std::memcpy(out[1].data(), &label, sizeof label);
  std::memcpy(out[2].data(), &length, sizeof length);
}

/// Returns its frames.
std::size_t AudioDataset::load_mel(const SampleKey& key, SoundWorkspace& workspace,
                                   std::span<float> mel) const {
  if (augment_ == Augment::kNone) return load_centre(key.id, workspace, mel);
  const MelSpec& spec = source_->spec();
  const std::span<const float> wave = source_->wave(key.id, workspace);
  const auto begin = Clock::now();
  const StageRange range(key.lane, stage::kTransform);
  Philox random(key.seed, RandomPurpose::kAugment, key.epoch, key.id);
  const std::span<const float> clip = changed_clip(wave, key.id, random, workspace);
  const std::size_t frames = mel_frames(spec, clip.size()), room = mel.size() / spec.n_mels;
  source_->log_mel().compute(clip, workspace.mel, mel, room);
  cover(draw_masks(random, spec.n_mels, frames), mel, spec.n_mels, frames);
  source_->count_sample(Clock::now() - begin);
  return frames;
}

/// The same in every epoch, so that it can come from the cache.
std::size_t AudioDataset::load_centre(std::uint64_t id, SoundWorkspace& workspace,
                                      std::span<float> mel) const {
  const MelSpec& spec = source_->spec();
  const auto features =
      source_->cached_features(id, workspace, [&](std::span<const float> wave, SoundWorkspace& with) {
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

/// Returns its samples.
std::size_t AudioDataset::load_wave(const SampleKey& key, SoundWorkspace& workspace, SampleView out) const {
  std::span<const float> clip = source_->wave(key.id, workspace);
  const auto begin = Clock::now();
  const StageRange range(key.lane, stage::kTransform);
  MelMasks masks;
  if (augment_ == Augment::kNone) {
    const ClipCut cut = centre_cut(clip.size(), clip_);
    clip = clip.subspan(cut.begin, cut.length);
  } else {
    Philox random(key.seed, RandomPurpose::kAugment, key.epoch, key.id);
    clip = changed_clip(clip, key.id, random, workspace);
    masks = draw_masks(random, source_->spec().n_mels, mel_frames(source_->spec(), clip.size()));
  }
  copy_features(clip, 1, values<float>(out[0]), 0);
  if (makes_ == Makes::kMaskedWaves) std::memcpy(out[3].data(), &masks, sizeof masks);
  source_->count_sample(Clock::now() - begin);
  return clip.size();
}

/// Cut out, faster or slower, with noise, as `random` says.
std::span<const float> AudioDataset::changed_clip(std::span<const float> wave, std::uint64_t id,
                                                  Philox& random, SoundWorkspace& workspace) const {
  const ClipCut cut = draw_cut(random, wave.size(), clip_, augment_);
  const std::span<const float> clip = wave.subspan(cut.begin, cut.length);
  if (augment_ != Augment::kStrong) return clip;
  if (cut.speed != 100) {
    workspace.resamplers.get(cut.speed, 100)(clip, workspace.changed);
  } else {
    workspace.changed.assign(clip.begin(), clip.end());
  }
  workspace.changed.resize(std::min(workspace.changed.size(), clip_));
  add_noise(random, workspace.changed);
  if (workspace.changed.size() < samples_needed(source_->spec()))
    source_->refuse(id, "it is too short for a spectrogram");
  return workspace.changed;
}

std::uint64_t AudioDataset::fingerprint() const {
  Hasher hasher;
  for (std::uint64_t id = 0; id < size(); ++id) {
    const std::string_view path = source_->recordings().name(id);
    hasher.add(std::as_bytes(std::span(path.data(), path.size() + 1)));
  }
  hasher.add(std::as_bytes(std::span(labels_)));
  return hasher.value();
}

std::string AudioDataset::check(std::uint64_t id) const {
  SoundWorkspacePool::Lease workspace = source_->workspaces().lease();
  (*workspace).lane = nullptr;
  return source_->check(id, *workspace);
}

}  // namespace feedline
