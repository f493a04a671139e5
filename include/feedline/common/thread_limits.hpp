#pragma once

#include <feedline/common/errors.hpp>

#include <condition_variable>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace feedline {

/// Describes the tightest limit on threads and processes: "pids.max of /sys/fs/cgroup/pids/job is 12, of
/// which 11 are taken". `root` is the folder that holds /proc and /sys.
std::string describe_thread_limit(const std::filesystem::path& root = "/");

/// Starts idle threads that live as long as the object, to test whether the system allows them. Libraries
/// that start threads themselves may hang or end the process when they cannot, so this is tried first. Where
/// several processes share one limit, all of them must hold their threads at the same time.
class ThreadTrial {
 public:
  ThreadTrial() = default;
  ThreadTrial(const ThreadTrial&) = delete;
  ThreadTrial& operator=(const ThreadTrial&) = delete;
  ~ThreadTrial();

  /// Starts `count` threads and blocks until they are started. Throws a UsageError that names the number of
  /// threads needed and the limit that prevents them.
  void start(int count);

 private:
  void wait();
  void end() noexcept;

  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

/// Returns the error to report when a system limit on threads, memory or open files caused `error`: it names
/// the limit, its value and the remedy. Returns std::nullopt for other failures.
std::optional<Error> limit_reached(const std::exception& error);

}  // namespace feedline
