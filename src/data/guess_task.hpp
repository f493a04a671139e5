#pragma once

#include <feedline/data/open_data.hpp>

#include <string>
#include <string_view>

namespace feedline {

/// The task that a folder is read for, and the reason.
struct TaskGuess {
  std::string_view task;  ///< "image", "audio" or "speech"; empty if nothing in the folder can be read
  std::string reason;     ///< Reason for the user; empty if `--task` names the task
};

/// Returns the task of `options`, or for `auto` the task that fits the contents of --train-data. Throws a
/// DataError when there are recordings with a list of texts of another name, which could only be taken for
/// classes, and a UsageError when the folder holds nothing for the requested task.
TaskGuess guess_task(const DataOptions& options);

}  // namespace feedline
