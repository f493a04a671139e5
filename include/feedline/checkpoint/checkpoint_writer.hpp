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

/// One checkpoint to write.
struct SaveJob {
  std::string name;
  std::vector<CheckpointPart> parts;  ///< Parts of a snapshot, which does not change any more
  bool best = false;                  ///< Whether it has the best validation so far
};

/// The results of saving.
struct SaveStats {
  std::uint64_t written = 0;
  std::uint64_t failed = 0;
  bool last_failed = false;
  std::string trouble;  ///< Message of the last failure
};

/// Writes checkpoints in its own thread, one after the other, and removes old ones after each. A save that
/// fails is reported and counted, and training goes on.
class CheckpointWriter {
 public:
  struct Options {
    std::size_t keep = 3;
    std::optional<std::string> best;                 ///< Name of the best so far, which is never removed
    std::function<void(std::uint64_t)> before_save;  ///< Callback with the save's number, from 1; may throw
    TraceLane* lane = nullptr;                       ///< Lane of the writing thread; must outlive the writer
  };

  /// `folder` must outlive the writer.
  CheckpointWriter(CheckpointFolder& folder, Options options);
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  /// Blocks until the submitted checkpoint is written.
  ~CheckpointWriter();

  /// Returns whether a checkpoint is being written. Any thread may call it.
  bool busy() const;

  /// Submits a checkpoint. Blocks while another one is being written.
  void submit(SaveJob job);

  /// Blocks until no checkpoint is being written.
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
