#pragma once

#include <string>
#include <vector>

namespace feedline {

/// Describes the threads of process `pid`, with one line for all threads in the same state: "3 x feedline: S
/// (sleeping) in futex_wait_queue < do_futex". The source is /proc; the result is empty when /proc cannot be
/// read. For messages about processes that hang.
std::vector<std::string> describe_threads(int pid);

}  // namespace feedline
