#include "speech_dataset.hpp"

#include "audio/copy_features.hpp"
#include "sample_values.hpp"

#include <feedline/common/hash.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace feedline {
namespace {

void put(std::span<std::byte> out, std::int64_t value) noexcept {
  std::memcpy(out.data(), &value, sizeof value);
}

}  // namespace

SpeechDataset::SpeechDataset(std::shared_ptr<const SoundSource> source,
                             std::shared_ptr<const Vocabulary> vocabulary, std::vector<SpeechSample> samples,
                             Buckets buckets, std::vector<TensorSpec> tensors)
    : source_(std::move(source)),
      vocabulary_(std::move(vocabulary)),
      samples_(std::move(samples)),
      buckets_(std::move(buckets)),
      tensors_(std::move(tensors)),
      as_waves_(tensors_.front().name == "wave") {}

void SpeechDataset::load(const SampleKey& key, SampleView out) const {
  const SpeechSample& sample = samples_[key.id];
  SoundWorkspacePool::Lease workspace = source_->workspaces().lease();
  (*workspace).lane = key.lane;
  const std::size_t length = put_sound(sample.recording, *workspace, values<float>(out[0]));
  const auto begin = Clock::now();
  const auto tokens = values<std::int64_t>(out[1]);
  if (Vocabulary::length(sample.text) > tokens.size())
    source_->refuse(sample.recording,
                    "it could not be read when the run began, and its text is longer than its batch");
  const auto encoded = vocabulary_->encode(sample.text, tokens);
  std::fill(tokens.begin() + static_cast<std::ptrdiff_t>(encoded.tokens), tokens.end(), Vocabulary::kPadding);
  put(out[2], static_cast<std::int64_t>(length));
  put(out[3], static_cast<std::int64_t>(encoded.tokens));
  source_->count_sample(Clock::now() - begin);
}

/// Returns its samples or frames.
std::size_t SpeechDataset::put_sound(std::uint64_t recording, SoundWorkspace& workspace,
                                     std::span<float> out) const {
  const MelSpec& spec = source_->spec();
  const std::size_t bands = as_waves_ ? 1 : spec.n_mels, room = out.size() / bands;
  const auto made = as_waves_ ? source_->wave(recording, workspace) : features(recording, workspace);
  const std::size_t length = made.size() / bands;
  if (length > room) {
    const auto frames = [&](std::size_t size) { return as_waves_ ? mel_frames(spec, size) : size; };
    source_->refuse(recording, fmt::format("it is longer than its header said when the run began: {} frames "
                                           "of the spectrogram, batches of its shape have room for {}",
                                           frames(length), frames(room)));
  }
  copy_features(made, bands, out, as_waves_ ? 0 : spec.pad_value);
  return length;
}

std::span<const float> SpeechDataset::features(std::uint64_t recording, SoundWorkspace& workspace) const {
  return source_->cached_features(recording, workspace,
                                  [&](std::span<const float> wave, SoundWorkspace& with) {
                                    const std::size_t frames = mel_frames(source_->spec(), wave.size());
                                    with.features.resize(frames * source_->spec().n_mels);
                                    source_->log_mel().compute(wave, with.mel, with.features, frames);
                                  });
}

/// Of the samples in any order: which of them share a shape follows from flags, and is not what the data is.
std::uint64_t SpeechDataset::fingerprint() const {
  std::uint64_t sum = 0;
  for (const SpeechSample& sample : samples_) {
    const std::string line =
        fmt::format("{}|{}|{}", sample.number, source_->recordings().name(sample.recording), sample.text);
    sum += hash64(std::as_bytes(std::span(line)));
  }
  return sum;
}

std::string SpeechDataset::check(std::uint64_t id) const {
  SoundWorkspacePool::Lease workspace = source_->workspaces().lease();
  (*workspace).lane = nullptr;
  return source_->check(samples_[id].recording, *workspace);
}

}  // namespace feedline
