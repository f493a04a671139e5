#pragma once

#include <feedline/checkpoint/checkpoint_folder.hpp>
#include <feedline/metrics/trace.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace feedline {

/// One checkpoint to be written.
struct SaveJob {
  std::string name;
  std::vector<CheckpointPart> parts;  ///< of a snapshot: nobody changes what they write
  bool best = false;                  ///< the best validation so far
};

/// How saving went.
struct SaveStats {
  std::uint64_t written = 0;
  std::uint64_t failed = 0;
  bool last_failed = false;
  std::string trouble;  ///< of the last failure
};

/// Writes checkpoints in a thread of its own, one after the other, then removes old ones. A save that fails
/// is told and counted, and training goes on.
class CheckpointWriter {
 public:
  struct Options {
    std::size_t keep = 3;
    std::optional<std::string> best;                 ///< the name of the best so far, never removed
    std::function<void(std::uint64_t)> before_save;  ///< called with the save's number, from 1; may throw
    TraceLane* lane = nullptr;                       ///< for the thread that writes; must outlive the writer
  };

  /// `folder` must outlive the writer.
  CheckpointWriter(CheckpointFolder& folder, Options options);
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  /// Blocks until what was submitted is written.
  ~CheckpointWriter();

  /// Whether one is being written. Any thread.
  bool busy() const;

  /// Hands one over; blocks while another is being written.
  void submit(SaveJob job);

  /// Blocks until nothing is being written.
  void wait();

  SaveStats stats() const;

 private:
  void run() noexcept;
  void save(const SaveJob& job) noexcept;
  void note(const std::optional<std::string>& trouble);

  CheckpointFolder& folder_;
  Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<SaveJob> job_;
  bool over_ = false;
  SaveStats stats_;
  std::thread thread_;
};

}  // namespace feedline
