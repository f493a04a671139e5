#include "open_image_folder.hpp"

#include "cache_plan.hpp"
#include "image/idx/idx_folder.hpp"
#include "image_folder_dataset.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/philox.hpp>
#include <feedline/data/class_folder.hpp>
#include <feedline/data/subset.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace feedline {
namespace {

constexpr std::uint32_t kDefaultSide = 224;

using Labels = std::vector<std::uint32_t>;

ClassFolder open_folder(const std::filesystem::path& path) {
  ClassFolder folder = ClassFolder::open(path, default_index_folder(), picture_files());
  const auto& [hidden, other_types, unreadable] = folder.left_out();
  log_info(fmt::format("{}: {} pictures, classes: {}{}.", path.string(), folder.size(),
                       folder.classes().size(),
                       folder.from_index() ? " (from the index of an earlier run)" : ""));
  if (hidden + other_types + unreadable > 0) {
    log_info(fmt::format("Left out in {}: {} hidden, {} of other types, {} folders that cannot be read.",
                         path.string(), hidden, other_types, unreadable));
  }
  return folder;
}

/// What the classes of the validation folder are called in training.
Labels match_classes(const ClassFolder& train, const ClassFolder& val) {
  const auto& known = train.classes();
  Labels labels;
  for (const std::string& name : val.classes()) {
    const auto at = std::lower_bound(known.begin(), known.end(), name);
    if (at == known.end() || *at != name) {
      throw DataError(fmt::format(
          "--val-data {} has a class '{}' that the training data {} lacks. Give folders of the same classes.",
          val.root().string(), name, train.root().string()));
    }
    labels.push_back(static_cast<std::uint32_t>(at - known.begin()));
  }
  return labels;
}

Labels own_labels(const ClassFolder& folder) {
  Labels labels(folder.classes().size());
  std::iota(labels.begin(), labels.end(), 0U);
  return labels;
}

/// A random part of the training data is held out; the part is never augmented.
void split(const DataOptions& options, const DatasetPtr& augmented, const DatasetPtr& plain,
           DataSplits& splits) {
  const std::uint64_t size = augmented->size();
  const auto held_out = std::min(
      size - 1, static_cast<std::uint64_t>(std::llround(options.val_fraction * static_cast<double>(size))));
  const Permutation order(size, options.seed, 0, RandomPurpose::kSplit);
  splits.val = std::make_shared<Subset>(plain, order, 0, held_out);
  splits.train = augmented;
  if (held_out > 0) splits.train = std::make_shared<Subset>(augmented, order, held_out, size - held_out);
}

/// The validation folder's part of the cache, by its number of pictures.
std::uint64_t share(std::uint64_t budget, std::uint64_t pictures, std::uint64_t all) {
  return static_cast<std::uint64_t>(static_cast<double>(budget) * static_cast<double>(pictures) /
                                    static_cast<double>(all));
}

}  // namespace

bool holds_folders(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::error_code ignored;
    if (entry.is_directory(ignored) && !entry.path().filename().string().starts_with(".")) return true;
  }
  return false;
}

DataSplits open_image_folder(const DataOptions& options) {
  const std::uint32_t side = options.image_size.value_or(kDefaultSide);
  ClassFolder train = open_folder(options.train_data);
  std::optional<ClassFolder> val;
  if (options.val_data) {
    check_folder(*options.val_data, "--val-data");
    val = open_folder(*options.val_data);
  }
  const std::uint64_t pictures = train.size() + (val ? val->size() : 0);
  const CachePlan cache = plan_cache(options, train, pictures, side);
  if (!cache.note.empty()) log_info(cache.note);

  DataSplits splits;
  splits.cache_budget = cache.bytes;
  splits.cache_whole = cache.whole_bytes;
  splits.class_names = train.classes();
  const auto classes = static_cast<std::uint32_t>(train.classes().size());
  const Labels labels = own_labels(train);
  const std::uint64_t val_share = val ? share(cache.bytes, val->size(), pictures) : 0;
  const Labels val_labels = val ? match_classes(train, *val) : labels;
  const auto source =
      std::make_shared<PictureSource>(std::move(train), cache.kind, cache.bytes - val_share, cache.at_once);
  const auto augmented = std::make_shared<ImageFolderDataset>(source, side, options.augment, labels, classes);
  if (val) {
    const auto val_source =
        std::make_shared<PictureSource>(std::move(*val), cache.kind, val_share, cache.at_once);
    splits.train = augmented;
    splits.val = std::make_shared<ImageFolderDataset>(val_source, side, Augment::kNone, val_labels, classes);
  } else {
    split(options, augmented,
          std::make_shared<ImageFolderDataset>(source, side, Augment::kNone, labels, classes), splits);
  }
  splits.info.task = "image";
  splits.info.train_size = splits.train->size();
  splits.info.val_size = splits.val->size();
  splits.info.classes = classes;
  splits.info.tensors = splits.train->tensors();
  splits.info.normalization = photograph_normalization();
  return splits;
}

}  // namespace feedline
