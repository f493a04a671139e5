#pragma once

#include "outcome.hpp"

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <filesystem>
#include <optional>

namespace feedline {

/// Notes the figures of the data side in `outcome`, and logs the remarks of the data sets.
void note_input(Outcome& outcome, const Prefetcher& prefetcher, const DataSplits& data,
                const BadSamples& bad);

/// Logs the data sets' remarks about samples that are used as they are.
void tell_remarks(const DataSplits& data);

/// Returns the file that lists the bad samples. It lies in the folder of checkpoints, or else beside the
/// summary if that is a regular file. Each data rank has its own file.
std::optional<std::filesystem::path> bad_samples_list(const Options& options, int data_rank);

}  // namespace feedline
