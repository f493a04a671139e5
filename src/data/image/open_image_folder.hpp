#pragma once

#include <feedline/data/open_data.hpp>

#include <filesystem>

namespace feedline {

/// Whether `folder` has sub-folders that are not hidden.
bool holds_folders(const std::filesystem::path& folder);

/// Opens a folder of pictures, a folder a class. Throws DataError, UsageError.
DataSplits open_image_folder(const DataOptions& options);

}  // namespace feedline
