#pragma once

#include <string>
#include <vector>

namespace feedline {

/// A process of this node that belongs to a job: one that the launcher started, or a child of it.
struct JobProcess {
  int pid = 0;
  int parent = 0;
  int rank = 0;
};

/// The processes of the job of that name (PMIX_NAMESPACE in their environment) that this one may look at. One
/// that is just being replaced by exec may be missing.
std::vector<JobProcess> processes_of_job(const std::string& job);

/// R, S, D, T ... as in proc(5); Z also for a process that is gone.
char process_state(int pid);

}  // namespace feedline
