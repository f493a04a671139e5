#pragma once

#include <feedline/config/options.hpp>

#include <string>

namespace feedline {

/// Warns once of all given flags that change nothing for the task of the data; does nothing if there are
/// none.
void warn_of_idle_flags(const Options& options, Task task);

}  // namespace feedline
