#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Memory that may still be taken, and what limits it: "/sys/fs/cgroup/job/memory.max is 2.0 GiB".
struct MemoryRoom {
  std::uint64_t bytes = 0;
  std::string limit;
};

/// The least of what the machine has available, what is left under each cgroup's limit (v1 or v2), and what
/// is left under RLIMIT_AS and RLIMIT_DATA. `root` is where /proc and /sys are looked for.
MemoryRoom memory_room(const std::filesystem::path& root = "/");

/// Bytes that this process may still take: the least of what the machine has available, what is left under
/// its cgroup's limit (v1 or v2), and what is left under RLIMIT_AS and RLIMIT_DATA. `root` is where /proc and
/// /sys are looked for; tests point it at a folder of their own.
std::uint64_t available_memory(const std::filesystem::path& root = "/");

/// Most resident memory this process has had, in bytes.
std::uint64_t peak_rss();

/// Resident memory now, in bytes.
std::uint64_t current_rss();

/// Cores this process may run on, at least 1: its affinity and its cgroup's CPU quota, the smaller.
int usable_cores(const std::filesystem::path& root = "/");

/// Raises this process's limit on open files, as far as it may, for `wanted` of them; returns what it is
/// then.
std::uint64_t allow_open_files(std::uint64_t wanted);

/// Open MPI binds each of two ranks to one core unless told otherwise, and the workers with it. When this
/// process was so bound by the launcher and not on the user's word, widens it to every core its cgroup
/// allows; must run before any thread is started. Returns the number of cores gained.
int release_default_binding();

/// Seconds since this process was started by the kernel: before `main`, so loading the libraries counts too.
double process_age_seconds();

/// CPU time that this process has used, user and system, in seconds.
double process_cpu_seconds();

}  // namespace feedline
