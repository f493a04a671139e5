#pragma once

#include "predict.hpp"

#include <feedline/config/options.hpp>

namespace feedline {

/// Measures what `ProbeFigures` holds, with the data and the model of `options`. Blocks for some ten seconds.
/// Throws Error.
ProbeFigures measure(const Options& options);

}  // namespace feedline
