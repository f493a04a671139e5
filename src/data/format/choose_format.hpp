#pragma once

#include "data_format.hpp"

#include <feedline/data/open_data.hpp>

#include <string>

namespace feedline {

/// The format that a folder is read in, and the reason.
struct ChosenFormat {
  const DataFormat* format;
  std::string reason;  ///< Reason for the user; empty when `--task` names the task
};

/// Returns the format of --train-data: that of `--task`, or for `auto` the first that recognises the folder.
/// Throws a DataError when there is none, or when the folder could be meant in two ways, and a UsageError
/// when the folder holds nothing for the requested task.
ChosenFormat choose_format(const DataOptions& options);

}  // namespace feedline
