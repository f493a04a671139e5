#pragma once

#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <signal.h>

#include <array>

namespace feedline {

/// The signals that ask a run to stop.
inline constexpr std::array kStopSignals = {SIGTERM, SIGUSR1, SIGINT, SIGHUP};

/// Whether somebody asked the run to stop. Set by the signal handlers of `install_stop_signals`, and by
/// `request_stop`.
bool stop_requested() noexcept;

/// Asks for a stop, as another process that was asked for it does. Any thread, after `install_stop_signals`.
void request_stop() noexcept;

/// SIGTERM, SIGUSR1, SIGHUP and SIGINT ask for a stop after the current step (SIGINT twice ends at once),
/// those that were held until now as well; under `nohup` SIGHUP stays ignored. SIGPIPE is ignored: who reads
/// the output may leave. SIGXFSZ is ignored: a limit on the size of files (ulimit -f) fails the write, as a
/// full disk does. Handlers only set a flag and count up an eventfd. Call once, before threads start.
void install_stop_signals();

/// Has the stop signals wait, also across an exec, until they are released or there are handlers.
void hold_stop_signals() noexcept;
void release_stop_signals() noexcept;

/// A descriptor that can be read from while a stop signal is held; what is read from it no longer waits.
/// Nothing when it cannot be made.
UniqueFd held_stop_signals() noexcept;

/// A descriptor that can be read from as soon as a stop was asked for; nobody reads it. -1 before
/// `install_stop_signals`.
int stop_descriptor() noexcept;

/// Ends the process with that code when it is still there so many seconds later. Needs no thread.
void end_process_in(unsigned seconds, ExitCode code) noexcept;

}  // namespace feedline
