#pragma once

#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <signal.h>

#include <array>

namespace feedline {

/// The signals that request a stop of the run.
inline constexpr std::array kStopSignals = {SIGTERM, SIGUSR1, SIGINT, SIGHUP};

/// Returns whether a stop of the run has been requested, by a signal (`install_stop_signals`) or by
/// `request_stop`.
bool stop_requested() noexcept;

/// Requests a stop, as when another process has received the request. Any thread may call it, after
/// `install_stop_signals`.
void request_stop() noexcept;

/// Makes SIGTERM, SIGUSR1, SIGHUP and SIGINT request a stop after the current step, including those held
/// until now. A second SIGINT ends the process at once, and under `nohup` SIGHUP stays ignored. SIGPIPE is
/// ignored, since the reader of the output may go away. SIGXFSZ is ignored, so that a limit on file sizes
/// (ulimit -f) fails the write, as a full disk does. Handlers only set a flag and increment an eventfd. Call
/// once, before threads start.
void install_stop_signals();

/// Blocks the stop signals, also across an exec, until they are released or handlers are installed.
void hold_stop_signals() noexcept;
void release_stop_signals() noexcept;

/// Returns a descriptor that can be read from while a stop signal is held; a signal that is read from it no
/// longer waits. The descriptor is invalid when it cannot be made.
UniqueFd held_stop_signals() noexcept;

/// Returns a descriptor that becomes readable once a stop is requested and must not be read. It is -1 before
/// `install_stop_signals`.
int stop_descriptor() noexcept;

/// Ends the process with `code` if it is still running `seconds` later. Needs no thread.
void end_process_in(unsigned seconds, ExitCode code) noexcept;

}  // namespace feedline
