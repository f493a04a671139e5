#pragma once

#include <feedline/metrics/progress.hpp>

#include <cstddef>
#include <map>
#include <string>

namespace feedline {

/// The moving line, at most `columns` wide: the buffer, then the loss, then the rest give way.
std::string moving_line(const ProgressState& state, std::size_t columns);

/// The same for a log, in words.
std::string plain_line(const ProgressState& state);

/// What an epoch leaves behind, in both forms.
std::string epoch_line(const ProgressState& state, const std::map<std::string, double>& validation);

}  // namespace feedline
