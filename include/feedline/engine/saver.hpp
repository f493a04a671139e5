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

/// When checkpoints are written, and how many stay.
struct SaveOptions {
  std::uint64_t every_steps = 0;  ///< 0: not by steps
  double every_minutes = 0;       ///< 0: not by time
  std::size_t keep = 3;
  std::function<void(std::uint64_t)> before_save;  ///< see CheckpointWriter
  std::vector<CheckpointPart> parts;               ///< what every checkpoint holds besides the learner's
  TraceLane* lane = nullptr;                       ///< of the thread that trains
  TraceLane* writer_lane = nullptr;                ///< for the thread that writes
};

/// Saves a run as it goes: decides when a checkpoint is due, takes the snapshot between two steps, and has it
/// written in the background. Belongs to the thread that trains.
class Saver {
 public:
  /// `basis`: all of the states to be saved but the report; with `saved`, its report is that of a checkpoint
  /// which `folder` has already. `folder` must outlive the saver.
  Saver(CheckpointFolder& folder, const SaveOptions& options, RunState basis, bool saved);

  /// Whether `after_step` would save now: the report must then be complete.
  bool due(const TrainReport& report) const;

  // What saves throws NotFiniteError, and then nothing is written.

  /// After every optimizer step: saves when it is time to. Never waits for the disk: while one checkpoint is
  /// being written, the next is put off. Notes in the report how long training stood still.
  void after_step(Learner& learner, TrainReport& report);

  /// After every epoch, validation included: saves. Blocks while another checkpoint is being written. When
  /// somebody has removed the best one, this is the best of those that are left, with a warning.
  void after_epoch(Learner& learner, TrainReport& report);

  /// Saves where the run stands, unless that is done. Blocks until it is on the disk.
  void save_now(Learner& learner, TrainReport& report);

  /// The name of the newest that was handed over to be written.
  const std::optional<std::string>& newest() const noexcept { return saved_; }

  /// Blocks until all are written. Warns when the best one is gone by then.
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
  std::optional<std::uint64_t> epoch_end_;  ///< the steps at which an epoch has just ended
  std::uint64_t last_steps_;
  Clock::time_point last_time_ = Clock::now();
};

}  // namespace feedline
