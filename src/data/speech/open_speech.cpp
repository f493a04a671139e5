#include "open_speech.hpp"

#include "audio/mel_statistics.hpp"
#include "audio/sound_plan.hpp"
#include "speech_plan.hpp"
#include "speech_rows.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/philox.hpp>
#include <feedline/data/class_folder.hpp>
#include <feedline/data/sampler.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// Rows of one folder, with the recordings that they number.
struct Folder {
  fs::path root;
  std::vector<std::string> recordings;
  std::vector<SpeechRow> train, val;
};

/// Moves a random part of the training rows to validation.
void hold_out(const DataOptions& options, std::vector<SpeechRow>& train, std::vector<SpeechRow>& val) {
  const std::uint64_t size = train.size();
  if (size < 2) return;
  const auto held_out = std::min(
      size - 1, static_cast<std::uint64_t>(std::llround(options.val_fraction * static_cast<double>(size))));
  const Permutation order(size, options.seed, 0, RandomPurpose::kSplit);
  std::vector<SpeechRow> rest;
  for (std::uint64_t i = 0; i < size; ++i) (i < held_out ? val : rest).push_back(std::move(train[order(i)]));
  const auto by_number = [](const SpeechRow& a, const SpeechRow& b) { return a.number < b.number; };
  std::sort(val.begin(), val.end(), by_number);
  std::sort(rest.begin(), rest.end(), by_number);
  train = std::move(rest);
}

Folder read_train_folder(const DataOptions& options) {
  const SpeechFiles files = find_metadata(options.train_data, "--train-data");
  Folder folder{options.train_data, {}, {}, {}};
  folder.train = read_speech_rows(files.train, options.speech, 0, folder.recordings);
  if (options.val_data) return folder;
  if (files.val) {
    folder.val = read_speech_rows(*files.val, options.speech, folder.train.size(), folder.recordings);
  } else {
    hold_out(options, folder.train, folder.val);
  }
  return folder;
}

std::vector<std::string> texts_of(const std::vector<MeasuredRow>& rows) {
  std::vector<std::string> texts;
  for (const MeasuredRow& row : rows) texts.push_back(row.row.text);
  return texts;
}

void tell_of_unknown(const Vocabulary& vocabulary, const std::vector<MeasuredRow>& rows) {
  std::uint64_t unknown = 0;
  std::string example;
  std::vector<std::int64_t> tokens;
  for (const MeasuredRow& row : rows) {
    tokens.resize(row.extent.tokens);
    const auto encoded = vocabulary.encode(row.row.text, tokens);
    if (encoded.unknown > 0 && unknown == 0) example = row.row.text;
    unknown += encoded.unknown;
  }
  if (unknown > 0)
    log_warning(
        fmt::format("{} characters of the validation texts are not in any training text and count as "
                    "unknown; the first are in: {}",
                    unknown, example));
}

std::vector<TensorSpec> tensors_of(const Bucket& shape, const MelSpec& spec) {
  return {{"mel", DType::kFloat32, {spec.n_mels, shape.frames}},
          {"tokens", DType::kInt64, {shape.tokens}},
          {"lengths", DType::kInt64, {}},
          {"text_lengths", DType::kInt64, {}}};
}

/// One part of the data on its way to a set.
struct Part {
  std::shared_ptr<const SoundSource> source;
  std::vector<MeasuredRow> rows;
  std::vector<std::uint64_t> groups;

  DatasetPtr dataset(std::shared_ptr<const Vocabulary> vocabulary,
                     const std::vector<TensorSpec>& tensors) && {
    std::vector<SpeechRow> bare;
    for (MeasuredRow& row : rows) bare.push_back(std::move(row.row));
    return std::make_shared<SpeechDataset>(std::move(source), std::move(vocabulary), std::move(bare),
                                           std::move(groups), tensors);
  }
};

std::uint64_t feature_bytes(const std::vector<MeasuredRow>& rows, const MelSpec& spec) {
  std::uint64_t frames = 0;
  for (const MeasuredRow& row : rows) frames += row.extent.frames;
  return frames * spec.n_mels * sizeof(float);
}

}  // namespace

DataSplits open_speech(const DataOptions& options) {
  if (options.augment == Augment::kStrong) {
    throw UsageError(
        "--augment strong would change the voice that the model is to learn: recordings for --task speech "
        "are "
        "shown as they are. Drop the flag.");
  }
  Folder train_folder = read_train_folder(options);
  std::optional<Folder> val_folder;
  if (options.val_data) {
    const SpeechFiles files = find_metadata(*options.val_data, "--val-data");
    val_folder = Folder{*options.val_data, {}, {}, {}};
    val_folder->val = read_speech_rows(files.train, options.speech, 0, val_folder->recordings);
  }
  const fs::path index = default_index_folder();
  RecordingList train_list(train_folder.root, std::move(train_folder.recordings));
  const auto train_lengths = measure_recordings(train_list, index);
  const MelSpec spec = choose_mel_spec(options.sound, train_lengths, "hifigan-22k");
  tell_of_recordings(train_folder.root.string(), train_lengths, spec, options.sound);

  Part train, val;
  train.rows = usable_rows(std::move(train_folder.train), train_lengths, train_list, spec, options.speech);
  std::optional<RecordingList> val_list;
  if (val_folder) {
    val_list.emplace(val_folder->root, std::move(val_folder->recordings));
    const auto lengths = measure_recordings(*val_list, index);
    val.rows = usable_rows(std::move(val_folder->val), lengths, *val_list, spec, options.speech);
  } else if (!train_folder.val.empty()) {
    val.rows = usable_rows(std::move(train_folder.val), train_lengths, train_list, spec, options.speech);
  }
  const auto vocabulary = std::make_shared<const Vocabulary>(Vocabulary::of(texts_of(train.rows)));
  tell_of_unknown(*vocabulary, val.rows);

  const std::vector<Bucket> shapes = choose_shapes(train.rows, val.rows, options);
  train.groups = sort_into_groups(train.rows, shapes);
  val.groups = sort_into_groups(val.rows, shapes);

  const std::uint64_t train_bytes = feature_bytes(train.rows, spec),
                      val_bytes = feature_bytes(val.rows, spec);
  const SoundCachePlan cache = plan_sound_cache(
      options, (train_bytes + val_bytes) * spec.hop_length / spec.n_mels, train_bytes + val_bytes, true);
  if (!cache.note.empty()) log_info(cache.note);
  const double val_share =
      val_list ? static_cast<double>(val_bytes) / static_cast<double>(train_bytes + val_bytes) : 0.0;
  const auto val_cache = static_cast<std::uint64_t>(val_share * static_cast<double>(cache.bytes));
  train.source = std::make_shared<SoundSource>(std::move(train_list), spec, options.sound, cache.kind,
                                               cache.bytes - val_cache);
  val.source = val_list ? std::make_shared<SoundSource>(std::move(*val_list), spec, options.sound, cache.kind,
                                                        val_cache)
                        : train.source;

  DataSplits splits;
  DataInfo& info = splits.info;
  info.task = "speech";
  info.tensors = tensors_of(shapes.back(), spec);
  for (std::size_t i = 0; i < shapes.size(); ++i)
    info.shapes.push_back({{shapes[i].rows, tensors_of(shapes[i], spec)}, train.groups[i], val.groups[i]});
  info.train_size = train.rows.size();
  info.val_size = val.rows.size();
  info.vocabulary = vocabulary->to_text();
  info.symbols = vocabulary->size();
  std::vector<std::uint64_t> measured;
  for (const MeasuredRow& row : train.rows) measured.push_back(row.row.recording);
  std::sort(measured.begin(), measured.end());
  info.normalization = measure_bands(*train.source, measured);
  splits.cache_budget = cache.bytes;
  splits.cache_whole = cache.whole_bytes;
  splits.train = std::move(train).dataset(vocabulary, info.tensors);
  splits.val = std::move(val).dataset(vocabulary, info.tensors);
  return splits;
}

}  // namespace feedline
