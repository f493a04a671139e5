#pragma once

#include <feedline/data/open_data.hpp>

#include <filesystem>
#include <span>

namespace feedline {

/// Opens class folders of recordings as data of the task "audio": clips of `clip_seconds`. Throws DataError,
/// UsageError.
DataSplits open_audio(const DataOptions& options);

/// See open_labelled().
DataSplits open_labelled_audio(const DataOptions& options, const DataInfo& trained);

/// See open_files().
DatasetPtr open_recording_files(std::span<const std::filesystem::path> files, const DataOptions& options,
                                const DataInfo& trained);

}  // namespace feedline
