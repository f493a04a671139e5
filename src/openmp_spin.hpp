#pragma once

namespace feedline {

/// Starts this program anew, once, with a limit on how long OpenMP threads spin before they sleep; returns
/// when there is nothing to do, or when that fails, which only costs speed. Call before anything is started.
///
/// libgomp, under torch, spins for milliseconds by default, on cores that data workers or another rank may
/// need: training with two threads then runs at a tenth of its speed. It reads the limit from the environment
/// when it is loaded, before any code of ours runs, hence the new start. What the user has set stays.
void limit_openmp_spinning(char** argv);

}  // namespace feedline
