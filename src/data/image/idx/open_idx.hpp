#pragma once

#include <feedline/data/open_data.hpp>

namespace feedline {

/// Whether the folder of the training data holds IDX files.
bool holds_idx_files(const DataOptions& options);

/// Opens them. Throws DataError, UsageError.
DataSplits open_idx(const DataOptions& options);

}  // namespace feedline
