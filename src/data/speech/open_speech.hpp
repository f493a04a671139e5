#pragma once

#include <feedline/data/open_data.hpp>

namespace feedline {

/// Recordings with their texts (see holds_speech) as data of the task "speech": in shapes fitted to their
/// lengths, or in one shape when `static_shapes` says so. Prints the shapes and how much of them is padding.
/// Throws DataError, UsageError.
DataSplits open_speech(const DataOptions& options);

/// See open_labelled().
DataSplits open_labelled_speech(const DataOptions& options, const DataInfo& trained);

}  // namespace feedline
