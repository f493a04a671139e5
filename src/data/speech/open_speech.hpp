#pragma once

#include <feedline/data/open_data.hpp>

namespace feedline {

/// Opens recordings with their texts (see holds_speech): in buckets fitted to their lengths, or in one bucket
/// if `static_shapes` is set. Logs the shapes and the part of them that is padding. Throws DataError,
/// UsageError.
DataSplits open_speech(const DataOptions& options);

/// See open_labelled().
DataSplits open_labelled_speech(const DataOptions& options, const DataInfo& trained);

}  // namespace feedline
