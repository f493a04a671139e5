#pragma once

#include "input_plan.hpp"
#include "roles.hpp"

#include <feedline/comm/world.hpp>
#include <feedline/config/options.hpp>

namespace feedline {

/// Returns the number of threads and processes that this rank starts from now on.
int threads_needed(const Options& options, const Roles& roles, int rank, int workers, bool on_gpu);

/// Returns the largest number of files that this rank has open at the same time.
int files_needed(const Options& options, const Roles& roles, int rank, int workers);

/// Checks that all ranks can have the threads and files that they need at the same time. Collective; throws a
/// UsageError that names the limit in the way.
void try_needs(World& world, const Options& options, const Roles& roles, int workers, bool on_gpu);

/// Warns, on the model rank, when so little memory is left for the model that the kernel may end the run
/// without a message: no other process is left to explain the end of a single rank.
void warn_of_little_memory(const Roles& roles, int rank);

}  // namespace feedline
