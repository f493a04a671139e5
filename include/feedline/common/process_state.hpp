#pragma once

#include <string>
#include <vector>

namespace feedline {

/// What the threads of process `pid` are doing, a line for all that do the same: "3 x feedline: S (sleeping)
/// in futex_wait_queue < do_futex". From /proc; empty when it cannot be read. For messages about processes
/// that hang.
std::vector<std::string> describe_threads(int pid);

}  // namespace feedline
