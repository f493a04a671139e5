#pragma once

#include <feedline/data/file_kind.hpp>
#include <feedline/data/open_data.hpp>

#include <filesystem>
#include <span>

namespace feedline {

/// Opens the labelled data of `options.val_data` for a model that is already trained. All of it is the
/// validation set, never augmented; `info` is `trained` with the sizes and the buckets of this data. Classes
/// are matched by name, texts are encoded with the model's symbols, spectrograms have the model's settings;
/// the training data is not needed. Throws DataError like open_data(), or when the data does not fit the
/// model.
DataSplits open_labelled(const DataOptions& options, const DataInfo& trained);

/// Throws DataError for a model that cannot classify single files: one of speech, or of IDX files.
void check_tells_files_apart(const DataInfo& trained);

/// Returns the kind of the files that such a model classifies. Throws DataError for a model that cannot.
const FileKind& file_kind_of(const DataInfo& trained);

/// Opens pictures or recordings without labels, for a model that classifies: sample i is `files[i]`, and
/// every label is 0. Files are opened when they are loaded. Throws DataError when the model is for other
/// data.
DatasetPtr open_files(std::span<const std::filesystem::path> files, const DataOptions& options,
                      const DataInfo& trained);

}  // namespace feedline
