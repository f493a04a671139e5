#pragma once

#include "outcome.hpp"

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <filesystem>
#include <optional>

namespace feedline {

/// Notes what the data side did, and tells what it remarked.
void note_input(Outcome& outcome, const Prefetcher& prefetcher, const DataSplits& data,
                const BadSamples& bad);

/// Tells what the sets remarked about samples that are used as they are.
void tell_remarks(const DataSplits& data);

/// The file that lists the bad samples: among the checkpoints, else beside the summary, where that is a file.
/// Each data rank has its own.
std::optional<std::filesystem::path> bad_samples_list(const Options& options, int data_rank);

}  // namespace feedline
