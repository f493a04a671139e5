#pragma once

#include "session.hpp"

namespace feedline {

/// Starts a run in this order: agrees on flags, roles and devices; opens the data; sizes the buffer; connects
/// the ranks. Collective; blocks. Throws Error: the rank that failed throws its own error, the others throw
/// RemoteError. The timeline must outlive the session.
Session start_up(World& world, const Options& options, Timeline& timeline);

}  // namespace feedline
