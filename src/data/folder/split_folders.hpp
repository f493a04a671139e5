#pragma once

#include <feedline/data/class_folder.hpp>
#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

using Labels = std::vector<std::uint32_t>;

/// Lists the files of `kind`, and logs how many there are and how many were left out.
ClassFolder open_class_folder(const std::filesystem::path& path, const FileKind& kind);

/// Opens a folder to train on in the same way. Throws a DataError when it has only one class.
ClassFolder open_training_folder(const std::filesystem::path& path, const FileKind& kind);

/// Returns the labels that the classes of the validation folder have in training. Throws a DataError for a
/// class that training lacks.
Labels match_classes(const ClassFolder& train, const ClassFolder& val);

/// Returns the labels that the classes of a folder have in a model that was trained on the classes of
/// `trained`, see class_list(). Throws a DataError for a class that the model does not know.
Labels match_classes(const std::string& trained, const ClassFolder& val);

/// Returns the labels of the folder's own classes, in order.
Labels own_labels(const ClassFolder& folder);

/// Holds out a random part of the training data for validation; that part is never augmented.
void split(const DataOptions& options, const DatasetPtr& augmented, const DatasetPtr& plain,
           DataSplits& splits);

/// Returns the share of `budget` for `part` of `all` files.
std::uint64_t share(std::uint64_t budget, std::uint64_t part, std::uint64_t all);

}  // namespace feedline
