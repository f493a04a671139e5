#pragma once

#include "data_news.hpp"
#include "roles.hpp"

#include <feedline/comm/world.hpp>
#include <feedline/config/options.hpp>

namespace feedline {

/// Threads, and processes, that this rank starts from here on.
int threads_needed(const Options& options, const Roles& roles, int rank, int workers, bool on_gpu);

/// Files that this rank has open at most.
int files_needed(const Options& options, const Roles& roles, int rank, int workers);

/// Whether all ranks can have what they need at the same time. Collective; throws UsageError that names the
/// limit in the way.
void try_needs(World& world, const Options& options, const Roles& roles, int workers, bool on_gpu);

/// Warns, on the rank that trains, when so little memory is left for the model that the kernel may end the
/// run without a word: of a rank that is alone nobody is left to say why.
void warn_of_little_memory(const Roles& roles, int rank);

}  // namespace feedline
