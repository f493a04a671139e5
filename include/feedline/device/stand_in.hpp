#pragma once

namespace feedline {

inline constexpr int kMostStandIns = 8;

/// Returns how many stand-ins replace the GPUs of this process: the value of the variable
/// FEEDLINE_STAND_IN_GPUS, or 0 without it. A run on stand-ins is the same as on GPUs, including the links
/// between them, except that threads do the work in plain memory. It is for tests of whole runs on machines
/// without a GPU. A model cannot train on a stand-in; only a timed consumer (--synthetic-step-ms) can use
/// batches there. Throws UsageError for an invalid value.
int stand_in_gpus();

}  // namespace feedline
