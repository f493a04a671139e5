#pragma once

#include <feedline/data/open_data.hpp>

#include <string>
#include <string_view>

namespace feedline {

/// What a folder is read as, and why.
struct TaskGuess {
  std::string_view task;  ///< "image", "audio", "speech"; empty: nothing that can be read
  std::string reason;     ///< for the user; empty: `--task` says so
};

/// The task of `options`, or where that is auto what --train-data holds. Throws DataError when recordings
/// with a list of texts of another name could only be taken for classes, and UsageError when the folder holds
/// nothing for the task that was asked for.
TaskGuess guess_task(const DataOptions& options);

}  // namespace feedline
