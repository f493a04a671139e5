#pragma once

#include <feedline/batch/batch_spec.hpp>
#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/bad_samples.hpp>
#include <feedline/data/dataset.hpp>
#include <feedline/data/sound_options.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

enum class Augment { kNone, kBasic, kStrong };

/// Flags that say which data is read and how it is prepared.
struct DataOptions {
  std::filesystem::path train_data;
  std::optional<std::filesystem::path> val_data;
  double val_fraction = 0.1;  ///< part of the training data held out when there is no other validation data
  std::string task = "auto";
  std::uint32_t batch_size = 64;
  bool batch_size_given = true;  ///< else it is the default one, which is shrunk where the set is smaller
  Augment augment = Augment::kBasic;
  std::uint64_t seed = 0;
  std::optional<std::uint32_t> image_size;  ///< side of the samples; none: 224 for folders of pictures
  CacheKind cache = CacheKind::kAuto;
  std::optional<std::uint64_t> cache_bytes;  ///< none: a quarter of the free memory
  std::uint64_t cache_sharers = 1;           ///< processes of this node that share those, this one included
  bool shown_again = true;                   ///< whether samples are read more than once: a cache can help
  BadSamplePolicy bad_samples = BadSamplePolicy::kReplace;
  double max_bad = BadSamples::kMostShare;  ///< part of all samples, 0 to 1
  SoundOptions sound;
  SpeechOptions speech;
};

/// Of pictures: per channel, in units of the pixel range 0..1; the model's device computes
/// (x / 255 - mean) / std. Of spectrograms: per band; (x - mean) / std.
struct Normalization {
  std::vector<float> mean;
  std::vector<float> std;
};

/// A shape that batches have, and the samples that it is for.
struct ShapeInfo {
  BatchShape shape;
  std::uint64_t train = 0;
  std::uint64_t val = 0;
};

/// What the rank that trains must know of the data, without having it.
struct DataInfo {
  std::string task;  ///< "image"
  std::uint64_t train_size = 0;
  std::uint64_t val_size = 0;
  std::uint32_t classes = 0;
  std::vector<TensorSpec> tensors;  ///< of one sample, the largest
  std::vector<ShapeInfo> shapes;    ///< of batches, from the smallest on
  Normalization normalization;
  std::string vocabulary;         ///< of texts, see Vocabulary::to_text
  std::uint64_t symbols = 0;      ///< in it
  std::string class_names;        ///< by label, see class_list; empty: classes have no names
  std::optional<MelSpec> mel;     ///< what spectrograms are; nothing: there are none
  std::uint64_t fingerprint = 0;  ///< of both sets, see Dataset; 0: not asked for
};

/// What samples are where a device makes spectrograms of them (SoundOptions::as_waves): see
/// make_mel_transform, which makes the batches that DataInfo tells of.
struct WaveBatches {
  BatchSpec batches;
  MelSpec mel;
};

struct DataSplits {
  DatasetPtr train;  ///< augmented as the options say
  DatasetPtr val;    ///< never augmented; may be empty (size 0), never null
  DataInfo info;
  std::optional<WaveBatches> waves;      ///< what the sets make instead
  std::vector<std::string> class_names;  ///< by label; empty where classes have no names
  std::uint64_t cache_budget = 0;        ///< bytes that the cache may come to take
  std::uint64_t cache_whole = 0;  ///< bytes that it would take to hold everything, decoded; 0: not known
};

/// The fingerprint of both sets. Reads through them: milliseconds for a million samples.
std::uint64_t fingerprint_of(const DataSplits& data);

/// The layout of this data's batches, as a model sees them.
BatchSpec batch_spec_of(const DataInfo& info);

/// The layout of batches as the sets make them.
BatchSpec prepared_spec_of(const DataSplits& data);

/// Opens the data. Throws DataError: what was looked for, where, what was found, the remedy.
DataSplits open_data(const DataOptions& options);

}  // namespace feedline
