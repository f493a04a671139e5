#pragma once

#include <feedline/metrics/progress.hpp>

#include <cstddef>
#include <map>
#include <string>

namespace feedline {

/// Returns the updating line, at most `columns` wide. When space is short, the buffer is left out first, then
/// the loss, then the other figures.
std::string moving_line(const ProgressState& state, std::size_t columns);

/// Returns the line for a log, in words.
std::string plain_line(const ProgressState& state);

/// Returns the final line of an epoch, for the terminal and the log.
std::string epoch_line(const ProgressState& state, const std::map<std::string, double>& validation);

}  // namespace feedline
