#include "open_image_folder.hpp"

#include "cache_plan.hpp"
#include "folder/folder_checks.hpp"
#include "folder/shared_folders.hpp"
#include "folder/split_folders.hpp"
#include "image_folder_dataset.hpp"

#include <feedline/common/log.hpp>
#include <feedline/data/class_folder.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace feedline {
namespace {

constexpr std::uint32_t kDefaultSide = 224;

std::uint32_t side_of(const DataInfo& trained) {
  return static_cast<std::uint32_t>(trained.tensors.front().shape.back());
}

/// Not cached, since each is read once.
std::shared_ptr<const PictureSource> read_once(const ClassFolder& folder) {
  return std::make_shared<PictureSource>(folder.files(), CacheKind::kNone, 0);
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
  const ClassFolder train = open_training_folder(options.train_data, picture_files());
  std::optional<ClassFolder> val;
  if (options.val_data) {
    check_folder(*options.val_data, "--val-data");
    val = open_class_folder(*options.val_data, picture_files());
    warn_of_trained_on(train, *val);
  }
  const std::uint64_t pictures = train.size() + (val ? val->size() : 0);
  const CachePlan cache = plan_cache(options, *train.files(), pictures, side);
  if (!cache.note.empty()) log_info(cache.note);

  DataSplits splits;
  splits.cache_budget = cache.bytes;
  splits.cache_whole = cache.whole_bytes;
  splits.class_names = train.classes();
  const auto classes = static_cast<std::uint32_t>(train.classes().size());
  const FileLabels labels(train.file_classes(), own_labels(train));
  const FileLabels val_labels = val ? FileLabels(val->file_classes(), match_classes(train, *val)) : labels;
  const std::uint64_t val_share = val ? share(cache.bytes, val->size(), pictures) : 0;
  const auto source =
      std::make_shared<PictureSource>(train.files(), cache.kind, cache.bytes - val_share, cache.at_once);
  const auto augmented = std::make_shared<ImageFolderDataset>(source, side, options.augment, labels, classes);
  if (val) {
    const auto val_source =
        std::make_shared<PictureSource>(val->files(), cache.kind, val_share, cache.at_once);
    splits.train = augmented;
    splits.val = std::make_shared<ImageFolderDataset>(val_source, side, Augment::kNone, val_labels, classes);
  } else {
    split(options, augmented,
          std::make_shared<ImageFolderDataset>(source, side, Augment::kNone, labels, classes), splits);
  }
  splits.info.train_size = splits.train->size();
  splits.info.val_size = splits.val->size();
  splits.info.classes = classes;
  splits.info.tensors = splits.train->tensors();
  splits.info.normalization = photograph_normalization();
  return splits;
}

DataSplits open_labelled_pictures(const DataOptions& options, const DataInfo& trained) {
  const ClassFolder folder = open_class_folder(*options.val_data, picture_files());
  FileLabels labels(folder.file_classes(), match_classes(trained.class_names, folder));
  DataSplits splits;
  splits.val = std::make_shared<ImageFolderDataset>(read_once(folder), side_of(trained), Augment::kNone,
                                                    std::move(labels), trained.classes);
  splits.info = trained;
  return splits;
}

DatasetPtr open_picture_files(std::span<const std::filesystem::path> files, const DataOptions&,
                              const DataInfo& trained) {
  const ClassFolder folder = ClassFolder::of_files(files, picture_files());
  return std::make_shared<ImageFolderDataset>(read_once(folder), side_of(trained), Augment::kNone,
                                              FileLabels(folder.file_classes(), {0}), trained.classes);
}

}  // namespace feedline
