#pragma once

#include "outcome.hpp"

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <filesystem>
#include <optional>

namespace feedline {

/// Notes what the data side did.
void note_input(Outcome& outcome, const Prefetcher& prefetcher, const DataSplits& data);

/// The file that lists the bad samples: among the checkpoints, else beside the summary, where that is a file.
std::optional<std::filesystem::path> bad_samples_list(const Options& options);

}  // namespace feedline
