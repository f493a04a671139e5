#pragma once

#include <atomic>

namespace feedline {

/// Whether somebody asked the run to stop. Set by the signal handlers of `install_stop_signals`.
bool stop_requested() noexcept;

/// SIGTERM, SIGUSR1 and SIGINT ask for a stop after the current step (SIGINT twice ends at once).
/// Handlers only set a flag. Call once, before threads start.
void install_stop_signals();

}  // namespace feedline
