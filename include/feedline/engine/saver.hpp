#pragma once

#include <feedline/checkpoint/checkpoint_writer.hpp>
#include <feedline/common/clock.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/engine/run_state.hpp>
#include <feedline/metrics/trace.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace feedline {

/// When checkpoints are written, and how many are kept.
struct SaveOptions {
  std::uint64_t every_steps = 0;  ///< Steps between checkpoints; 0: not by steps
  double every_minutes = 0;       ///< Minutes between checkpoints; 0: not by time
  std::size_t keep = 3;
  std::function<void(std::uint64_t)> before_save;  ///< See CheckpointWriter
  std::vector<CheckpointPart> parts;               ///< Parts of every checkpoint besides the learner's
  TraceLane* lane = nullptr;                       ///< Lane of the training thread
  TraceLane* writer_lane = nullptr;                ///< Lane of the writing thread
};

/// Saves a run as it proceeds: decides when a checkpoint is due, takes the snapshot between two steps, and
/// has it written in the background. Belongs to the training thread.
class Saver {
 public:
  /// `basis` is the state to be saved, without the report; with `saved`, its report is that of a checkpoint
  /// that `folder` already holds. `folder` must outlive the saver.
  Saver(CheckpointFolder& folder, const SaveOptions& options, RunState basis, bool saved);

  /// Whether `after_step` would save now: the report must then be complete.
  bool due(const TrainReport& report) const;

  // The functions that save throw NotFiniteError, and then write nothing.

  /// Call after every optimizer step: saves when a checkpoint is due. Never waits for the disk: while one
  /// checkpoint is being written, the next is postponed. Records in the report how long training stood still.
  void after_step(Learner& learner, TrainReport& report);

  /// Call after every epoch, validation included: saves. Blocks while another checkpoint is being written.
  /// When the best checkpoint has been removed, this one becomes the best, with a warning.
  void after_epoch(Learner& learner, TrainReport& report);

  /// Saves the current state of the run, unless it is already saved. Blocks until it is on the disk.
  void save_now(Learner& learner, TrainReport& report);

  /// The name of the newest checkpoint that was handed to the writer.
  const std::optional<std::string>& newest() const noexcept { return saved_; }

  /// Blocks until all checkpoints are written. Warns when the best one is gone by then.
  SaveStats finish();

 private:
  void save(Learner& learner, TrainReport& report, bool best);
  bool best_is_gone() const;
  CheckpointName name_of(const TrainReport& report) const;
  bool saved(const TrainReport& report) const { return saved_ && *saved_ == name_of(report).text(); }

  const CheckpointFolder& folder_;
  SaveOptions options_;
  RunState state_;
  CheckpointWriter writer_;
  std::optional<std::string> saved_;
  std::optional<std::uint64_t> epoch_end_;  ///< Steps at which an epoch has just ended
  std::uint64_t last_steps_;
  Clock::time_point last_time_ = Clock::now();
};

}  // namespace feedline
