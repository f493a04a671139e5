#pragma once

#include "flag_values.hpp"

#include <feedline/config/options.hpp>

namespace feedline::config {

/// Returns the options with the value of each flag, which is validated by itself. Throws UsageError.
Options read_options(const FlagValues& values);

/// Checks that no flags are given that exclude each other, and that the required flags are given. `trains`:
/// the command needs training data. Throws UsageError.
void check_together(const FlagValues& values, bool trains = true);

}  // namespace feedline::config
