#pragma once

#include <feedline/comm/mpi_environment.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

namespace feedline {

/// The whole life of `feedline train`, from the parsed flags to the exit code. Tells the user what goes wrong
/// and throws nothing. After the loss of a peer it ends the process itself: MPI can no longer be left in an
/// orderly way.
ExitCode run_train(const Options& options, const Launch& launch);

}  // namespace feedline
