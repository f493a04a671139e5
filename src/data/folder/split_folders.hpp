#pragma once

#include <feedline/data/class_folder.hpp>
#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

using Labels = std::vector<std::uint32_t>;

/// Lists the files of `kind`, and says how many there are and what was left out.
ClassFolder open_class_folder(const std::filesystem::path& path, const FileKind& kind);

/// The same for a folder to train on. Throws DataError when it has one class only.
ClassFolder open_training_folder(const std::filesystem::path& path, const FileKind& kind);

/// What the classes of the validation folder are called in training. Throws DataError for one that training
/// lacks.
Labels match_classes(const ClassFolder& train, const ClassFolder& val);

/// What the classes of a folder are called in a model that was trained on those of `trained`, see class_list.
/// Throws DataError for one that it does not know.
Labels match_classes(const std::string& trained, const ClassFolder& val);

/// Each class as itself.
Labels own_labels(const ClassFolder& folder);

/// Holds a random part of the training data out for validation; the part is never augmented.
void split(const DataOptions& options, const DatasetPtr& augmented, const DatasetPtr& plain,
           DataSplits& splits);

/// The part of `budget` for `part` of `all` files.
std::uint64_t share(std::uint64_t budget, std::uint64_t part, std::uint64_t all);

}  // namespace feedline
