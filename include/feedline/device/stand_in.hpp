#pragma once

namespace feedline {

inline constexpr int kMostStandIns = 8;

/// How many stand-ins this process has for GPUs, in place of those that there are: what the variable
/// FEEDLINE_STAND_IN_GPUS says, 0 without it. A run over stand-ins is all that it is over GPUs, the links
/// between them included, but that threads do the work, in plain memory: for tests of whole runs where there
/// is no GPU. A model cannot be trained on one, only a timed consumer (--synthetic-step-ms) uses batches
/// there. Throws UsageError.
int stand_in_gpus();

}  // namespace feedline
