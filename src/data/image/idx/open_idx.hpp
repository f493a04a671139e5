#pragma once

#include <feedline/data/open_data.hpp>

namespace feedline {

/// Returns whether the folder of the training data holds IDX files.
bool holds_idx_files(const DataOptions& options);

/// Opens the IDX files. Throws DataError, UsageError.
DataSplits open_idx(const DataOptions& options);

/// See open_labelled().
DataSplits open_labelled_idx(const DataOptions& options, const DataInfo& trained);

}  // namespace feedline
