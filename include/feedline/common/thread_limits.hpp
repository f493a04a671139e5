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

/// The limit on threads and processes that leaves least, in words: "pids.max of /sys/fs/cgroup/pids/job is
/// 12, of which 11 are taken". `root` is where /proc and /sys are looked for.
std::string describe_thread_limit(const std::filesystem::path& root = "/");

/// So many threads, for as long as the object lives, that do nothing: whether they can be had. Libraries that
/// start threads themselves may hang or end the process when they cannot, so it is tried before they do. Of
/// several processes under one limit all must hold theirs at the same time.
class ThreadTrial {
 public:
  ThreadTrial() = default;
  ThreadTrial(const ThreadTrial&) = delete;
  ThreadTrial& operator=(const ThreadTrial&) = delete;
  ~ThreadTrial();

  /// Throws UsageError, which says how many there are to be and which limit is in the way. Blocks for the
  /// time that it takes to start them.
  void start(int count);

 private:
  void wait();
  void end() noexcept;

  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

/// What a failure says that comes from a limit of the system on threads, memory or open files: the limit, its
/// value, the remedy. Nothing for others.
std::optional<Error> limit_reached(const std::exception& error);

}  // namespace feedline
