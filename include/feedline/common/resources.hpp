#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Memory that may still be allocated, and its limit in words: "/sys/fs/cgroup/job/memory.max is 2.0 GiB".
struct MemoryRoom {
  std::uint64_t bytes = 0;
  std::string limit;
};

/// Returns the smallest of the machine's available memory and the memory left under each cgroup's limit (v1
/// or v2), under RLIMIT_AS and under RLIMIT_DATA. `root` is the folder that holds /proc and /sys.
MemoryRoom memory_room(const std::filesystem::path& root = "/");

/// Returns the bytes that this process may still allocate, as `memory_room` does. Tests point `root` at a
/// folder of their own.
std::uint64_t available_memory(const std::filesystem::path& root = "/");

/// Returns the peak resident memory of this process, in bytes.
std::uint64_t peak_rss();

/// Returns the current resident memory of this process, in bytes.
std::uint64_t current_rss();

/// Returns the number of cores this process may run on, at least 1: the smaller of its affinity and its
/// cgroup's CPU quota.
int usable_cores(const std::filesystem::path& root = "/");

/// Raises this process's limit on open files to `wanted`, or as far as allowed. Returns the resulting limit.
std::uint64_t allow_open_files(std::uint64_t wanted);

/// Undoes Open MPI's default binding, which ties each of two ranks and its workers to one core. If the
/// launcher has bound this process and the user has not requested a binding, the process may then use every
/// core that its cgroup allows. Must run before any thread is started. Returns the number of cores gained.
int release_default_binding();

/// Returns the seconds since the kernel started this process, which is before `main`: loading the libraries
/// counts too.
double process_age_seconds();

/// Returns the CPU time that this process has used, user and system, in seconds.
double process_cpu_seconds();

}  // namespace feedline
