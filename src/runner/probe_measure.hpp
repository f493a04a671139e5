#pragma once

#include "predict.hpp"

#include <feedline/config/options.hpp>

namespace feedline {

/// Measures the figures of `ProbeFigures` with the data and the model of `options`. Blocks for about ten
/// seconds. Throws Error.
ProbeFigures measure(const Options& options);

}  // namespace feedline
