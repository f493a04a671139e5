#pragma once

#include <feedline/data/open_data.hpp>

#include <filesystem>
#include <span>

namespace feedline {

/// Opens the labelled data of `options.val_data` for a model that is trained already. All of it is the
/// validation set, never augmented; `info` is `trained` with the sizes and the shapes of batches of this
/// data. Classes are matched by name, texts are read with the model's symbols, spectrograms are the model's:
/// nothing of the data that it was trained on is needed. Throws DataError: as open_data(), or data that does
/// not go with the model.
DataSplits open_labelled(const DataOptions& options, const DataInfo& trained);

/// Pictures or recordings without labels, for a model that tells classes apart: sample i is `files[i]`, and
/// every label is 0. Files are opened when they are loaded. Throws DataError when the model is for other
/// data.
DatasetPtr open_files(std::span<const std::filesystem::path> files, const DataOptions& options,
                      const DataInfo& trained);

}  // namespace feedline
