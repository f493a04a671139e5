#include "open_speech.hpp"

#include "audio/mel_statistics.hpp"
#include "audio/sound_plan.hpp"
#include "batch_rows.hpp"
#include "folder/split_folders.hpp"
#include "speech_plan.hpp"
#include "speech_samples.hpp"
#include "storage/folder_storage.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/philox.hpp>
#include <feedline/data/class_folder.hpp>
#include <feedline/data/permutation.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// Rows of one folder, with the recordings that they number.
struct Folder {
  fs::path root;
  std::vector<std::string> recordings;
  std::vector<SpeechSample> train, val;
};

/// Moves a random part of the training samples to validation.
void hold_out(const DataOptions& options, std::vector<SpeechSample>& train, std::vector<SpeechSample>& val) {
  const std::uint64_t size = train.size();
  if (size < 2) return;
  const auto held_out = std::min(
      size - 1, static_cast<std::uint64_t>(std::llround(options.val_fraction * static_cast<double>(size))));
  const Permutation order(size, options.seed, 0, RandomPurpose::kSplit);
  std::vector<SpeechSample> rest;
  for (std::uint64_t i = 0; i < size; ++i) (i < held_out ? val : rest).push_back(std::move(train[order(i)]));
  const auto by_number = [](const SpeechSample& a, const SpeechSample& b) { return a.number < b.number; };
  std::sort(val.begin(), val.end(), by_number);
  std::sort(rest.begin(), rest.end(), by_number);
  train = std::move(rest);
}

/// Real paths of recordings, through links of folders, but not of files, which would be asked one by one.
class RealPaths {
 public:
  explicit RealPaths(const Folder& folder) : folder_(folder) {}

  std::string of(const SpeechSample& sample) {
    const fs::path path = folder_.root / folder_.recordings[sample.recording];
    const auto [known, is_new] = folders_.emplace(path.parent_path().string(), std::string());
    std::error_code ignored;
    if (is_new) known->second = fs::weakly_canonical(path.parent_path(), ignored).string();
    return known->second + '/' + path.filename().string();
  }

 private:
  const Folder& folder_;
  std::unordered_map<std::string, std::string> folders_;
};

/// A model that has seen its validation recordings looks better than it is.
void tell_of_shared(const Folder& train, const Folder& val) {
  RealPaths train_paths(train), val_paths(val);
  std::unordered_set<std::string> trained;
  for (const SpeechSample& sample : train.train) trained.insert(train_paths.of(sample));
  std::uint64_t shared = 0;
  std::string_view first;
  for (const SpeechSample& sample : val.val)
    if (trained.contains(val_paths.of(sample)) && shared++ == 0) first = val.recordings[sample.recording];
  if (shared > 0)
    log_warning(fmt::format(
        "{} of {} validation recordings of {} are training recordings too (the first: {}): "
        "validation will look better than it is. {}",
        shared, val.val.size(), val.root.string(), first,
        &train == &val ? "Name each in one of the two files."
                       : "Give other --val-data, or none, and let --val-fraction hold a part out."));
}

Folder read_train_folder(const DataOptions& options) {
  const SpeechFiles files = find_metadata(options.train_data, "--train-data");
  Folder folder{options.train_data, {}, {}, {}};
  folder.train = read_speech_samples(files.train, options.speech, 0, folder.recordings);
  if (options.val_data) return folder;
  if (files.val) {
    folder.val = read_speech_samples(*files.val, options.speech, folder.train.size(), folder.recordings);
    tell_of_shared(folder, folder);
  } else {
    hold_out(options, folder.train, folder.val);
  }
  return folder;
}

Folder read_val_folder(const fs::path& path, const DataOptions& options) {
  Folder folder{path, {}, {}, {}};
  folder.val =
      read_speech_samples(find_metadata(path, "--val-data").train, options.speech, 0, folder.recordings);
  return folder;
}

std::vector<std::string> texts_of(const std::vector<MeasuredSample>& samples) {
  std::vector<std::string> texts;
  for (const MeasuredSample& each : samples) texts.push_back(each.sample.text);
  return texts;
}

void tell_of_unknown(const Vocabulary& vocabulary, const std::vector<MeasuredSample>& samples) {
  std::uint64_t unknown = 0;
  std::string example;
  std::vector<std::int64_t> tokens;
  for (const MeasuredSample& each : samples) {
    tokens.resize(each.extent.tokens);
    const auto encoded = vocabulary.encode(each.sample.text, tokens);
    if (encoded.unknown > 0 && unknown == 0) example = each.sample.text;
    unknown += encoded.unknown;
  }
  if (unknown > 0)
    log_warning(
        fmt::format("{} characters of the validation texts are not in any training text and count as "
                    "unknown; the first are in: {}",
                    unknown, example));
}

std::vector<TensorSpec> tensors_of(const Bucket& shape, const MelSpec& spec, bool as_waves) {
  const auto samples = static_cast<std::int64_t>(most_samples(spec, shape.frames));
  const TensorSpec sound = as_waves ? TensorSpec{"wave", DType::kFloat32, {samples}}
                                    : TensorSpec{"mel", DType::kFloat32, {spec.n_mels, shape.frames}};
  return {sound,
          {"tokens", DType::kInt64, {shape.tokens}},
          {as_waves ? "wave_length" : "lengths", DType::kInt64, {}},
          {"text_lengths", DType::kInt64, {}}};
}

/// Of the largest shape last.
std::vector<BatchShape> batch_shapes(const std::vector<Bucket>& shapes, const MelSpec& spec, bool as_waves) {
  std::vector<BatchShape> all;
  for (const Bucket& each : shapes) all.push_back({each.rows, tensors_of(each, spec, as_waves)});
  return all;
}

/// One part of the data on its way to a set.
struct Part {
  std::vector<MeasuredSample> samples;
  std::vector<std::uint64_t> bucket_sizes;  ///< samples of each shape
  std::shared_ptr<const SoundSource> source;

  std::uint64_t feature_bytes(const MelSpec& spec) const {
    std::uint64_t frames = 0;
    for (const MeasuredSample& each : samples) frames += each.extent.frames;
    return frames * spec.n_mels * sizeof(float);
  }

  DatasetPtr dataset(std::shared_ptr<const Vocabulary> vocabulary,
                     const std::vector<TensorSpec>& tensors) && {
    std::vector<SpeechSample> bare;
    for (MeasuredSample& each : samples) bare.push_back(std::move(each.sample));
    return std::make_shared<SpeechDataset>(std::move(source), std::move(vocabulary), std::move(bare),
                                           Buckets(std::move(bucket_sizes)), tensors);
  }
};

using Recordings = std::shared_ptr<const Storage>;

Recordings recordings_of(const Folder& folder) {
  return std::make_shared<FolderStorage>(FileNames(folder.root.string(), folder.recordings));
}

/// What the folders hold, measured. Validation has recordings of its own, or shares those of training.
struct Measured {
  MelSpec spec;
  Recordings train_list;
  Recordings val_list;  ///< null: those of training
  Part train, val;
};

Measured measure(const DataOptions& options) {
  Folder folder = read_train_folder(options);
  std::optional<Folder> val;
  if (options.val_data) val = read_val_folder(*options.val_data, options);
  if (val) tell_of_shared(folder, *val);
  const Recordings list = recordings_of(folder);
  const auto lengths = measure_recordings(*list, default_index_folder());
  const MelSpec spec = choose_mel_spec(options.sound, lengths, "hifigan-22k");
  tell_of_recordings(folder.root.string(), lengths, spec, options.sound);
  Measured measured{spec, list, nullptr, {}, {}};
  measured.train.samples = usable_samples(std::move(folder.train), lengths, *list, spec, options.speech);
  if (val) {
    measured.val_list = recordings_of(*val);
    const auto val_lengths = measure_recordings(*measured.val_list, default_index_folder());
    measured.val.samples =
        usable_samples(std::move(val->val), val_lengths, *measured.val_list, spec, options.speech);
  } else if (!folder.val.empty()) {
    measured.val.samples = usable_samples(std::move(folder.val), lengths, *list, spec, options.speech);
  }
  return measured;
}

/// Sources with their parts of the cache.
void make_sources(const DataOptions& options, Measured& measured, DataSplits& splits) {
  const MelSpec& spec = measured.spec;
  const std::uint64_t train_bytes = measured.train.feature_bytes(spec);
  const std::uint64_t bytes = train_bytes + measured.val.feature_bytes(spec);
  const SoundCachePlan cache =
      plan_sound_cache(options, bytes / spec.n_mels * spec.hop_length, bytes, !options.sound.as_waves);
  if (!cache.note.empty()) log_info(cache.note);
  splits.cache_budget = cache.bytes;
  splits.cache_whole = cache.whole_bytes;
  const std::uint64_t val_cache =
      measured.val_list ? share(cache.bytes, bytes - train_bytes, std::max<std::uint64_t>(bytes, 1)) : 0;
  const auto make = [&](const Recordings& list, std::uint64_t budget) {
    return std::make_shared<SoundSource>(list, spec, options.sound, cache.kind, budget);
  };
  measured.train.source = make(measured.train_list, cache.bytes - val_cache);
  measured.val.source = measured.val_list ? make(measured.val_list, val_cache) : measured.train.source;
}

Normalization normalization_of(const Part& train) {
  std::vector<std::uint64_t> recordings;
  for (const MeasuredSample& each : train.samples) recordings.push_back(each.sample.recording);
  std::sort(recordings.begin(), recordings.end());
  return measure_bands(*train.source, recordings);
}

}  // namespace

DataSplits open_speech(const DataOptions& options) {
  if (options.augment == Augment::kStrong) {
    throw UsageError(
        "--augment strong would change the voice that the model is to learn: recordings for --task speech "
        "are "
        "shown as they are. Drop the flag.");
  }
  Measured measured = measure(options);
  Part& train = measured.train;
  Part& val = measured.val;
  const auto vocabulary = std::make_shared<const Vocabulary>(Vocabulary::of(texts_of(train.samples)));
  tell_of_unknown(*vocabulary, val.samples);
  DataOptions sized = options;
  sized.batch_size = batch_rows(options, train.samples.size());
  const std::vector<Bucket> shapes = choose_buckets(train.samples, val.samples, sized);
  train.bucket_sizes = sort_into_buckets(train.samples, shapes);
  val.bucket_sizes = sort_into_buckets(val.samples, shapes);

  DataSplits splits;
  make_sources(options, measured, splits);
  DataInfo& info = splits.info;
  info.train_size = train.samples.size();
  info.val_size = val.samples.size();
  const auto seen = batch_shapes(shapes, measured.spec, false);
  const auto made = batch_shapes(shapes, measured.spec, options.sound.as_waves);
  if (options.sound.as_waves) splits.waves = {BatchSpec(made), measured.spec};
  info.tensors = seen.back().tensors;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    info.buckets.push_back({seen[i], train.bucket_sizes[i], val.bucket_sizes[i]});
  info.normalization = normalization_of(train);
  info.vocabulary = vocabulary->to_text();
  info.symbols = vocabulary->size();
  info.mel = measured.spec;
  splits.train = std::move(train).dataset(vocabulary, made.back().tensors);
  splits.val = std::move(val).dataset(vocabulary, made.back().tensors);
  return splits;
}

DataSplits open_labelled_speech(const DataOptions& options, const DataInfo& trained) {
  Folder folder = read_val_folder(*options.val_data, options);
  const Recordings list = recordings_of(folder);
  const auto lengths = measure_recordings(*list, default_index_folder());
  const MelSpec& spec = *trained.mel;
  tell_of_recordings(folder.root.string(), lengths, spec, options.sound);
  Part part{usable_samples(std::move(folder.val), lengths, *list, spec, options.speech), {}, {}};
  const auto vocabulary = std::make_shared<const Vocabulary>(Vocabulary::from_text(trained.vocabulary));
  tell_of_unknown(*vocabulary, part.samples);
  const std::vector<Bucket> shapes = choose_buckets(part.samples, {}, options);
  part.bucket_sizes = sort_into_buckets(part.samples, shapes);
  part.source = std::make_shared<SoundSource>(list, spec, options.sound, CacheKind::kNone, 0);

  DataSplits splits;
  splits.info = trained;
  const auto seen = batch_shapes(shapes, spec, false);
  splits.info.tensors = seen.back().tensors;
  splits.info.buckets.clear();
  for (std::size_t i = 0; i < shapes.size(); ++i)
    splits.info.buckets.push_back({seen[i], 0, part.bucket_sizes[i]});
  splits.val = std::move(part).dataset(vocabulary, seen.back().tensors);
  return splits;
}

}  // namespace feedline
