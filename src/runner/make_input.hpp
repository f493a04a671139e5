#pragma once

#include "session.hpp"

#include <feedline/pipeline/input_pipeline.hpp>

#include <memory>

namespace feedline {

/// Returns the options of the workers of this rank.
PrefetchOptions prefetch_options(const Session& session);

/// Returns the options of the bad samples that data rank `data_rank` finds. `go_on`: their list is continued.
/// The list lies in the folder of checkpoints, or else beside the summary if that is a regular file. Each
/// data rank has its own.
BadSampleOptions bad_sample_options(const Options& options, int data_rank, bool go_on);

/// Makes the input side of a rank that prepares data, with the faults of the fault plan. The session must
/// outlive it.
std::unique_ptr<InputPipeline> make_input(const Session& session);

}  // namespace feedline
