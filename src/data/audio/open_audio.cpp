#include "open_audio.hpp"

#include "audio_dataset.hpp"
#include "batch_rows.hpp"
#include "folder/folder_checks.hpp"
#include "folder/shared_folders.hpp"
#include "folder/split_folders.hpp"
#include "mel_statistics.hpp"
#include "sound_plan.hpp"
#include "storage/folder_storage.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/data/audio/mel_transform.hpp>

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// As samples of `spec`. Throws UsageError when that is too short for a spectrogram.
std::size_t clip_samples(const SoundOptions& options, const MelSpec& spec) {
  const auto samples = static_cast<std::size_t>(std::llround(options.clip_seconds * spec.sample_rate));
  if (samples < samples_needed(spec) || mel_frames(spec, samples) == 0)
    throw UsageError(fmt::format("--clip-seconds {} is too short: a spectrogram needs {} samples at {} Hz.",
                                 options.clip_seconds, samples_needed(spec), spec.sample_rate));
  return samples;
}

/// Labels of all recordings of the folder.
Labels labels_of(const ClassFolder& folder, const Labels& classes) {
  Labels labels;
  for (std::uint64_t id = 0; id < folder.size(); ++id) labels.push_back(classes[folder.label(id)]);
  return labels;
}

std::uint64_t wave_bytes(const std::vector<RecordingLength>& lengths, const MelSpec& spec) {
  std::uint64_t samples = 0;
  for (const RecordingLength& each : lengths) samples += samples_at(each, spec.sample_rate);
  return samples * sizeof(float);
}

/// The clips of a trained model's task, not cached, since each is read once.
DatasetPtr clips_of(std::shared_ptr<const Storage> recordings, const DataOptions& options,
                    const DataInfo& trained, Labels labels) {
  const auto source =
      std::make_shared<SoundSource>(std::move(recordings), *trained.mel, options.sound, CacheKind::kNone, 0);
  return std::make_shared<AudioDataset>(source, clip_samples(options.sound, *trained.mel), Augment::kNone,
                                        AudioDataset::Makes::kMels, std::move(labels), trained.classes);
}

AudioDataset::Makes makes(const DataOptions& options) {
  if (!options.sound.as_waves) return AudioDataset::Makes::kMels;
  return options.augment == Augment::kNone ? AudioDataset::Makes::kWaves : AudioDataset::Makes::kMaskedWaves;
}

}  // namespace

DataSplits open_audio(const DataOptions& options) {
  const ClassFolder train = open_training_folder(options.train_data, recording_files());
  std::optional<ClassFolder> val;
  if (options.val_data) {
    check_folder(*options.val_data, "--val-data");
    val = open_class_folder(*options.val_data, recording_files());
    warn_of_trained_on(train, *val);
  }
  const std::shared_ptr<const Storage> recordings = train.files();
  const auto lengths = measure_recordings(*recordings, default_index_folder());
  const MelSpec spec = choose_mel_spec(options.sound, lengths, "kaldi-fbank");
  tell_of_recordings(options.train_data.string(), lengths, spec, options.sound);
  const std::size_t clip = clip_samples(options.sound, spec);
  const std::uint64_t all = train.size() + (val ? val->size() : 0);
  const std::uint64_t feature_bytes = all * mel_frames(spec, clip) * spec.n_mels * sizeof(float);
  const std::uint64_t waves = wave_bytes(lengths, spec) * all / train.size();
  const bool same_every_epoch = options.augment == Augment::kNone && !options.sound.as_waves;
  const SoundCachePlan cache = plan_sound_cache(options, waves, feature_bytes, same_every_epoch);
  if (!cache.note.empty()) log_info(cache.note);
  const std::uint64_t val_cache = val ? share(cache.bytes, val->size(), all) : 0;

  DataSplits splits;
  splits.cache_budget = cache.bytes;
  splits.cache_whole = cache.whole_bytes;
  splits.class_names = train.classes();
  const auto classes = static_cast<std::uint32_t>(train.classes().size());
  const Labels labels = labels_of(train, own_labels(train));
  const auto source =
      std::make_shared<SoundSource>(recordings, spec, options.sound, cache.kind, cache.bytes - val_cache);
  const auto set = [&](const std::shared_ptr<SoundSource>& of, Augment augment, Labels their) {
    return std::make_shared<AudioDataset>(of, clip, augment, makes(options), std::move(their), classes);
  };
  const auto augmented = set(source, options.augment, labels);
  if (val) {
    const auto val_source =
        std::make_shared<SoundSource>(val->files(), spec, options.sound, cache.kind, val_cache);
    splits.train = augmented;
    splits.val = set(val_source, Augment::kNone, labels_of(*val, match_classes(train, *val)));
  } else {
    split(options, augmented, set(source, Augment::kNone, labels), splits);
  }
  std::vector<std::uint64_t> measured(train.size());
  std::iota(measured.begin(), measured.end(), std::uint64_t{0});
  splits.info.train_size = splits.train->size();
  splits.info.val_size = splits.val->size();
  splits.info.classes = classes;
  splits.info.tensors = augmented->tensors();
  const std::uint32_t rows = batch_rows(options, splits.info.train_size);
  if (options.sound.as_waves) {
    splits.waves = {BatchSpec(rows, augmented->tensors()), spec};
    splits.info.tensors = mel_tensors(augmented->tensors(), spec);
  }
  splits.info.buckets = {{{rows, splits.info.tensors}, splits.info.train_size, splits.info.val_size}};
  splits.info.mel = spec;
  splits.info.normalization = measure_bands(*source, measured);
  return splits;
}

DataSplits open_labelled_audio(const DataOptions& options, const DataInfo& trained) {
  const ClassFolder folder = open_class_folder(*options.val_data, recording_files());
  Labels labels = labels_of(folder, match_classes(trained.class_names, folder));
  DataSplits splits;
  splits.val = clips_of(folder.files(), options, trained, std::move(labels));
  splits.info = trained;
  return splits;
}

DatasetPtr open_recording_files(std::span<const fs::path> files, const DataOptions& options,
                                const DataInfo& trained) {
  std::vector<std::string> paths;
  for (const fs::path& file : files) paths.push_back(fs::absolute(file).relative_path().string());
  return clips_of(std::make_shared<FolderStorage>(FileNames("/", paths)), options, trained,
                  Labels(files.size(), 0));
}

}  // namespace feedline
