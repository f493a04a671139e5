#pragma once

#include <feedline/data/open_data.hpp>

#include <filesystem>
#include <span>

namespace feedline {

/// Returns whether `folder` has sub-folders that are not hidden.
bool holds_folders(const std::filesystem::path& folder);

/// Opens a folder of pictures, with one sub-folder per class. Throws DataError, UsageError.
DataSplits open_image_folder(const DataOptions& options);

/// See open_labelled().
DataSplits open_labelled_pictures(const DataOptions& options, const DataInfo& trained);

/// See open_files().
DatasetPtr open_picture_files(std::span<const std::filesystem::path> files, const DataOptions& options,
                              const DataInfo& trained);

}  // namespace feedline
