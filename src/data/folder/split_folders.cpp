#include "split_folders.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/philox.hpp>
#include <feedline/data/sampler.hpp>
#include <feedline/data/subset.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

namespace feedline {

ClassFolder open_class_folder(const std::filesystem::path& path, const FileKind& kind) {
  ClassFolder folder = ClassFolder::open(path, default_index_folder(), kind);
  const auto& [hidden, other_types, unreadable] = folder.left_out();
  log_info(fmt::format("{}: {} {}, classes: {}{}.", path.string(), folder.size(), kind.many,
                       folder.classes().size(),
                       folder.from_index() ? " (from the index of an earlier run)" : ""));
  if (hidden + other_types + unreadable > 0) {
    log_info(fmt::format("Left out in {}: {} hidden, {} of other types, {} folders that cannot be read.",
                         path.string(), hidden, other_types, unreadable));
  }
  return folder;
}

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
