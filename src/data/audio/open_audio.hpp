#pragma once

#include <feedline/data/open_data.hpp>

namespace feedline {

/// Class folders of recordings as data of the task "audio": clips of `clip_seconds`. Throws DataError,
/// UsageError.
DataSplits open_audio(const DataOptions& options);

}  // namespace feedline
