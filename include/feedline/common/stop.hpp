#pragma once

namespace feedline {

/// Whether somebody asked the run to stop. Set by the signal handlers of `install_stop_signals`.
bool stop_requested() noexcept;

/// SIGTERM, SIGUSR1 and SIGINT ask for a stop after the current step (SIGINT twice ends at once).
/// Handlers only set a flag and count up an eventfd. Call once, before threads start.
void install_stop_signals();

/// A descriptor that can be read from as soon as a stop was asked for; nobody reads it. -1 before
/// `install_stop_signals`.
int stop_descriptor() noexcept;

}  // namespace feedline
