#include "open_idx.hpp"

#include "folder/folder_checks.hpp"
#include "folder/shared_folders.hpp"
#include "idx_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/philox.hpp>
#include <feedline/data/image/idx_dataset.hpp>
#include <feedline/data/subset.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

namespace feedline {
namespace {

using Images = std::shared_ptr<const IdxImages>;

Images read_images(const IdxFiles& files) {
  return std::make_shared<IdxImages>(files.images, files.labels);
}

IdxFiles find_training(const DataOptions& options) {
  if (auto files = find_idx_files(options.train_data, "train")) return *files;
  throw DataError(options.train_data.string() + " has no IDX files.");
}

/// The files of --val-data.
IdxFiles find_labelled(const std::filesystem::path& folder) {
  check_folder(folder, "--val-data");
  if (auto files = find_idx_files(folder, "t10k")) return *files;
  if (auto files = find_idx_files(folder, "train")) return *files;
  throw DataError(fmt::format(
      "--val-data {} has no IDX files: looked for t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or "
      "those of train (plain or .gz), found {}. Give the folder that holds them.",
      folder.string(), list_folder(folder)));
}

/// The validation files: of --val-data, else the test files beside the training files, else none.
std::optional<IdxFiles> find_validation(const DataOptions& options) {
  if (!options.val_data) return find_idx_files(options.train_data, "t10k");
  return find_labelled(*options.val_data);
}

void check_fit(const IdxImages& train, const IdxImages& val) {
  const auto size = [](const ImageShape& s) {
    return fmt::format("{} x {} x {}", s.channels, s.height, s.width);
  };
  if (val.shape() != train.shape()) {
    throw DataError(
        fmt::format("The pictures of {} are {}, those of {} are {} (channels x height x width): they must "
                    "agree. Give --val-data of the same size.",
                    train.path().string(), size(train.shape()), val.path().string(), size(val.shape())));
  }
  if (val.classes() > train.classes()) {
    throw DataError(fmt::format(
        "{} has labels up to {}, but the training labels of {} end at {}. Give --val-data of the same "
        "classes.",
        val.labels_path().string(), val.classes() - 1, train.labels_path().string(), train.classes() - 1));
  }
}

bool has_one_label(const IdxImages& images) {
  for (std::uint64_t id = 1; id < images.size(); ++id)
    if (images.label(id) != images.label(0)) return false;
  return true;
}

/// Holds a random part of the training data out; the part is never augmented.
void split(const DataOptions& options, const Images& images, DataSplits& splits) {
  const std::uint64_t size = images->size();
  const auto held_out = std::min(
      size - 1, static_cast<std::uint64_t>(std::llround(options.val_fraction * static_cast<double>(size))));
  const Permutation order(size, options.seed, 0, RandomPurpose::kSplit);
  splits.val =
      std::make_shared<Subset>(std::make_shared<IdxDataset>(images, Augment::kNone), order, 0, held_out);
  splits.train = std::make_shared<Subset>(std::make_shared<IdxDataset>(images, options.augment), order,
                                          held_out, size - held_out);
}

}  // namespace

bool holds_idx_files(const DataOptions& options) {
  return find_idx_files(options.train_data, "train").has_value();
}

DataSplits open_idx(const DataOptions& options) {
  const IdxFiles files = find_training(options);
  if (options.image_size) {
    throw UsageError(
        fmt::format("--image-size {} is for folders of pictures, but {} holds IDX files, which keep "
                    "their size. Drop the flag.",
                    *options.image_size, options.train_data.string()));
  }
  const Images train = read_images(files);
  if (has_one_label(*train))
    throw DataError(
        fmt::format("{} has labels of one class only, so there is nothing to tell apart. Give data of two "
                    "classes or more.",
                    files.labels.string()));
  DataSplits splits;
  if (const auto val_files = find_validation(options)) {
    const Images val = read_images(*val_files);
    check_fit(*train, *val);
    if (val->size() == train->size() && val->fingerprint() == train->fingerprint())
      warn_of_trained_on(val->path());
    splits.train = std::make_shared<IdxDataset>(train, options.augment);
    splits.val = std::make_shared<IdxDataset>(val, Augment::kNone);
  } else {
    split(options, train, splits);
  }
  splits.info.train_size = splits.train->size();
  splits.info.val_size = splits.val->size();
  splits.info.classes = train->classes();
  splits.info.tensors = splits.train->tensors();
  splits.info.normalization = train->normalization();
  return splits;
}

DataSplits open_labelled_idx(const DataOptions& options, const DataInfo& trained) {
  const IdxFiles files = find_labelled(*options.val_data);
  const Images images = read_images(files);
  DataSplits splits;
  splits.val = std::make_shared<IdxDataset>(images, Augment::kNone);
  if (splits.val->tensors() != trained.tensors)
    throw DataError(fmt::format(
        "The pictures of {} are of another size ({}) than those that the model was trained on ({}).",
        files.images.string(), fmt::join(splits.val->tensors().front().shape, " x "),
        fmt::join(trained.tensors.front().shape, " x ")));
  if (images->classes() > trained.classes)
    throw DataError(fmt::format("{} has labels up to {}, but those that the model was trained on end at {}.",
                                files.labels.string(), images->classes() - 1, trained.classes - 1));
  splits.info = trained;
  return splits;
}

}  // namespace feedline
