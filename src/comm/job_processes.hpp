#pragma once

#include <string>
#include <vector>

namespace feedline {

/// A process of this node that belongs to a job: a process that the launcher started, or a child of one.
struct JobProcess {
  int pid = 0;
  int parent = 0;
  int rank = 0;
};

/// Returns the processes of the job with that name (PMIX_NAMESPACE in their environment) that this process
/// may inspect. A process in the middle of an exec may be missing.
std::vector<JobProcess> processes_of_job(const std::string& job);

/// Returns the state of a process: R, S, D, T ... as in proc(5), and Z also for a process that is gone.
char process_state(int pid);

}  // namespace feedline
