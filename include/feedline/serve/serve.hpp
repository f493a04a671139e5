#pragma once

#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

namespace feedline {

/// Prepares batches for the program at the other end of the socket, which uses them in place. Reports errors
/// to that program, and ends this process when that program closes the socket, asks for the end or ends.
/// Throws UsageError when there is no such socket, PeerError when the first message cannot be read.
ExitCode run_serve(const ServeCommand& command);

}  // namespace feedline
