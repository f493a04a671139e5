#pragma once

#include <feedline/data/open_data.hpp>

#include <filesystem>

namespace feedline {

/// Whether there are recordings in the class folders of `folder`, and no pictures before them.
bool holds_recordings(const std::filesystem::path& folder);

/// Class folders of recordings as data of the task "audio": clips of `clip_seconds`. Throws DataError,
/// UsageError.
DataSplits open_audio(const DataOptions& options);

}  // namespace feedline
