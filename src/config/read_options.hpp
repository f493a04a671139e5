#pragma once

#include "flag_values.hpp"

#include <feedline/config/options.hpp>

namespace feedline::config {

/// Each flag's value, validated by itself. Throws UsageError.
Options read_options(const FlagValues& values);

/// What flags must not be given together, and what must be given; `trains`: it needs data to train on. Throws
/// UsageError.
void check_together(const FlagValues& values, bool trains = true);

}  // namespace feedline::config
