#include "split_folders.hpp"

#include "class_names.hpp"
#include "folder_parts.hpp"
#include "name_forms.hpp"
#include "shared_folders.hpp"
#include "text_lists.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/philox.hpp>
#include <feedline/common/text.hpp>
#include <feedline/data/class_list.hpp>
#include <feedline/data/permutation.hpp>
#include <feedline/data/subset.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>

namespace feedline {

namespace {

namespace fs = std::filesystem;

void warn_of_look_alikes(const ClassFolder& folder) {
  const auto found = find_look_alikes(folder.classes());
  if (!found) return;
  log_warning(fmt::format(
      "{} has two classes {} that look the same and differ in their bytes only (composed and decomposed "
      "letters, NFC and NFD). They are two classes; rename one if they are meant to be one.",
      printable(folder.root().string()), printable(found->first)));
}

/// What to do about a folder with one class.
std::string one_class_remedy(const ClassFolder& folder, const FileKind& kind) {
  const std::string below =
      common_folder(folder.classes()[0], folder.relative_path(0), folder.relative_path(folder.size() - 1));
  if (folder.holds_folders_only())
    return fmt::format("The folders in it may be the classes: use --train-data {}",
                       printable((folder.root() / below).string()));
  const auto lists = &kind == &recording_files() ? text_lists(folder.root()) : std::vector<std::string>();
  if (!lists.empty())
    return fmt::format(
        "For text to speech the list of what is said must be called metadata.csv, a line `name|text` for "
        "each "
        "recording; here is {}",
        fmt::join(lists, ", "));
  return fmt::format("Put the {} of each class into a folder of their own, as in {}", kind.many,
                     printable((folder.root() / kind.example).string()));
}

}  // namespace

ClassFolder open_training_folder(const fs::path& path, const FileKind& kind) {
  ClassFolder folder = open_class_folder(path, kind);
  if (count_class_folders(folder) > 1) return folder;
  throw DataError(fmt::format("{} has {} of one class only, {:?}, so there is nothing to tell apart. {}.",
                              printable(path.string()), kind.many, folder.classes()[0],
                              one_class_remedy(folder, kind)));
}

ClassFolder open_class_folder(const std::filesystem::path& path, const FileKind& kind) {
  ClassFolder folder = ClassFolder::open(path, default_index_folder(), kind);
  const ClassFolder::LeftOut& left_out = folder.left_out();
  log_info(fmt::format("{}: {} {}, classes: {}{}.", path.string(), folder.size(), kind.many,
                       folder.classes().size(),
                       folder.from_index() ? " (from the index of an earlier run)" : ""));
  if (left_out.hidden + left_out.other_types > 0) {
    log_info(fmt::format("Left out in {}: {} hidden, {} of other types{}.", path.string(), left_out.hidden,
                         left_out.other_types, left_out.kinds.empty() ? "" : ": " + left_out.kinds));
  }
  warn_of_look_alikes(folder);
  warn_of_shared_classes(folder);
  return folder;
}

Labels match_classes(const ClassFolder& train, const ClassFolder& val) {
  const auto& known = train.classes();
  Labels labels;
  for (const std::string& name : val.classes()) {
    const auto at = std::lower_bound(known.begin(), known.end(), name);
    if (at == known.end() || *at != name) {
      const bool looks_known = std::any_of(known.begin(), known.end(), [&](const std::string& other) {
        return composed_name(other) == composed_name(name);
      });
      throw DataError(fmt::format(
          "--val-data {} has a class '{}' that the training data {} lacks. {}",
          printable(val.root().string()), printable(name), printable(train.root().string()),
          looks_known
              ? "It has one that looks the same and is written in other bytes (composed or decomposed "
                "letters, NFC or NFD): rename one of the two."
              : "Give folders of the same classes."));
    }
    labels.push_back(static_cast<std::uint32_t>(at - known.begin()));
  }
  return labels;
}

Labels match_classes(const std::string& trained, const ClassFolder& val) {
  std::map<std::string, std::uint32_t> known;
  for (std::string& name : listed_names(trained))
    known.emplace(std::move(name), static_cast<std::uint32_t>(known.size()));
  Labels labels;
  for (const std::string& name : val.classes()) {
    const auto found = known.find(listed_names(class_list({&name, 1})).front());
    if (found == known.end()) {
      std::string list = trained;
      std::replace(list.begin(), list.end(), '\n', ' ');
      throw DataError(
          fmt::format("--val-data {} has a class '{}' that the model was not trained on. It knows: {}",
                      printable(val.root().string()), printable(name), list));
    }
    labels.push_back(found->second);
  }
  return labels;
}

Labels own_labels(const ClassFolder& folder) {
  Labels labels(folder.classes().size());
  std::iota(labels.begin(), labels.end(), 0U);
  return labels;
}

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

std::uint64_t share(std::uint64_t budget, std::uint64_t part, std::uint64_t all) {
  return static_cast<std::uint64_t>(static_cast<double>(budget) * static_cast<double>(part) /
                                    static_cast<double>(all));
}

}  // namespace feedline
