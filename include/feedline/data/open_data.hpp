#pragma once

#include <feedline/batch/batch_spec.hpp>
#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/bad_samples.hpp>
#include <feedline/data/dataset.hpp>
#include <feedline/data/sound_options.hpp>
#include <feedline/data/task.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

enum class Augment { kNone, kBasic, kStrong };

/// Flags that select the data and its preparation.
struct DataOptions {
  std::filesystem::path train_data;
  std::optional<std::filesystem::path> val_data;
  double val_fraction = 0.1;  ///< Part of the training data held out when there is no other validation data
  std::optional<Task> task;   ///< Empty: the task that fits the folder
  std::uint32_t batch_size = 64;
  bool batch_size_given = true;  ///< False: the size is the default, which shrinks where the set is smaller
  Augment augment = Augment::kBasic;
  std::uint64_t seed = 0;
  std::optional<std::uint32_t> image_size;  ///< Side of the samples; empty: 224 for folders of pictures
  CacheKind cache = CacheKind::kAuto;
  std::optional<std::uint64_t> cache_bytes;  ///< Bytes of the cache; empty: a quarter of the free memory
  std::uint64_t cache_sharers = 1;  ///< Processes of this node that share those bytes, including this one
  bool shown_again = true;          ///< Samples are read more than once, so a cache can help
  BadSamplePolicy bad_samples = BadSamplePolicy::kReplace;
  double max_bad = BadSamples::kMostShare;  ///< Largest share of bad samples, 0 to 1
  SoundOptions sound;
  SpeechOptions speech;
};

/// For pictures, per channel, in units of the pixel range 0..1: the model's device computes (x / 255 - mean)
/// / std. For spectrograms, per band: (x - mean) / std.
struct Normalization {
  std::vector<float> mean;
  std::vector<float> std;
};

/// A bucket: the shape of its batches and the number of its samples.
struct BucketInfo {
  BatchShape shape;
  std::uint64_t train = 0;
  std::uint64_t val = 0;
};

/// The facts that the model rank must know about the data, without having it.
struct DataInfo {
  Task task = Task::kImage;
  std::uint64_t train_size = 0;
  std::uint64_t val_size = 0;
  std::uint32_t classes = 0;
  std::vector<TensorSpec> tensors;  ///< Tensors of one sample, the largest
  std::vector<BucketInfo> buckets;  ///< Buckets, from the smallest on
  Normalization normalization;
  std::string vocabulary;         ///< Symbols of texts, see Vocabulary::to_text
  std::uint64_t symbols = 0;      ///< Number of symbols in the vocabulary
  std::string class_names;        ///< Names by label, see class_list; empty: classes have no names
  std::optional<MelSpec> mel;     ///< Settings of the spectrograms; empty: there are none
  std::uint64_t fingerprint = 0;  ///< Fingerprint of both sets, see Dataset; 0: not requested
};

/// The batches of waves from which a device makes spectrograms (SoundOptions::as_waves): make_mel_transform
/// turns them into the batches that DataInfo describes.
struct WaveBatches {
  BatchSpec batches;
  MelSpec mel;
};

struct DataSplits {
  DatasetPtr train;  ///< Training set, augmented as the options specify
  DatasetPtr val;    ///< Validation set, never augmented; may be empty (size 0), never null
  DataInfo info;
  std::optional<WaveBatches> waves;      ///< Batches that the sets make instead
  std::vector<std::string> class_names;  ///< Names by label; empty where classes have no names
  std::uint64_t cache_budget = 0;        ///< Bytes that the cache may grow to
  std::uint64_t cache_whole = 0;         ///< Bytes of all samples, decoded; 0: unknown
};

/// The fingerprint of both sets. Reads them completely: milliseconds for a million samples.
std::uint64_t fingerprint_of(const DataSplits& data);

/// The layout of this data's batches, as a model sees them.
BatchSpec batch_spec_of(const DataInfo& info);

/// The layout of batches as the sets make them.
BatchSpec prepared_spec_of(const DataSplits& data);

/// Opens the data:
///
///     DataOptions options;
///     options.train_data = "photos";
///     const DataSplits data = open_data(options);
///     say(fmt::format("{} samples of {} classes", data.info.train_size, data.info.classes));
///
/// Throws DataError, whose message gives the data that was looked for, the place, the
/// contents found there and the remedy.
DataSplits open_data(const DataOptions& options);

}  // namespace feedline
