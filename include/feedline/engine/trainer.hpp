#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/common/stop_limit.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/engine/loss_watch.hpp>
#include <feedline/engine/saver.hpp>
#include <feedline/engine/train_report.hpp>
#include <feedline/metrics/history.hpp>
#include <feedline/metrics/progress.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/transport/channel.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace feedline {

/// The training loop: receives batches, steps the learner, evaluates, reports. Independent of MPI and torch.
class Trainer {
 public:
  /// All references must outlive the trainer. `stop` is called before every optimizer step and during
  /// validation. `done` is the report of an earlier part of the run, for a schedule of the batches that are
  /// left.
  Trainer(Learner& learner, BatchReceiver& receiver, const BatchSchedule& schedule,
          const TrainSettings& options, Progress& progress, std::function<bool()> stop,
          TrainReport done = {});

  /// Writes checkpoints through `saver`, which must outlive the trainer. Before `run`.
  void save_to(Saver& saver) noexcept { saver_ = &saver; }

  /// Shows the loop's stages on `lane`, which must outlive the trainer. Before `run`.
  void show_on(TraceLane* lane) noexcept { lane_ = lane; }

  /// Runs the learner's calls as work under `limit`, which must outlive the trainer. Before `run`.
  void limit_by(StopLimit* limit) noexcept { limit_ = limit; }

  /// Sets `after_batch`, called with n when the n-th batch, from 1, is consumed. Before `run`.
  void after_each_batch(std::function<void(std::uint64_t)> after_batch) {
    after_batch_ = std::move(after_batch);
  }

  /// Sets `after_epoch`, called with the figures of each epoch before it is saved. Before `run`.
  void after_each_epoch(std::function<void(const EpochFigures&)> after_epoch) {
    after_epoch_ = std::move(after_epoch);
  }

  /// Runs through all batches of the schedule, or until a stop (`report().stopped` is then set and the
  /// receiver closed); batches of an incomplete step or validation are then discarded. Blocks. Throws
  /// PeerError when the stream ends too early, and the errors of the receiver and the learner; the report
  /// stays valid. Call once.
  void run();

  const TrainReport& report() const noexcept { return report_; }

  /// Saves the current state of the run, also after `run` has thrown PeerError. Blocks until it is on the
  /// disk.
  void save_now();

 private:
  /// The run's totals including the current optimizer step, which the report does not include yet.
  struct Pending {
    std::uint64_t samples = 0;
    SampleDigest digest;
    BadRows bad;
  };

  /// A batch whose result is not recorded yet.
  struct UnderWay {
    bool ends_step = false;
    Clock::duration waited{};
    Clock::time_point begin, end;       ///< Times of the calls to the learner
    std::optional<BatchResult> result;  ///< Result, if available
  };

  void run_all();
  bool stop_here();

  BatchLease receive(std::uint64_t index);
  void note_occupancy();
  std::optional<BatchResult> learn(const Slot& batch, std::uint64_t step_samples);
  void optimize();
  void begin_epoch(std::uint32_t epoch);
  EpochFigures figures_of(std::uint32_t epoch) const;
  void train_batch(BatchLease batch, Clock::duration waited);
  void validate_batch(BatchLease batch, Clock::time_point asked);
  void note_results(bool all);
  void note(const UnderWay& batch);
  double rate_of(std::uint64_t step) const noexcept;
  template <typename Work>
  void saving(const Work& work);
  std::string remedy() const;
  void note_validation(std::uint32_t epoch);
  void end_step(std::uint32_t epoch);
  void end_epoch(std::uint32_t epoch);
  ProgressState progress_state(std::uint32_t epoch) const;

  Learner& learner_;
  BatchReceiver& receiver_;
  const BatchSchedule& schedule_;
  const TrainSettings& options_;
  Progress& progress_;
  std::function<bool()> stop_;
  TrainReport report_;
  std::function<void(std::uint64_t)> after_batch_;
  std::function<void(const EpochFigures&)> after_epoch_;
  Saver* saver_ = nullptr;
  TraceLane* lane_ = nullptr;
  StopLimit* limit_ = nullptr;
  Pending pending_;
  LossWatch watch_;
  std::uint64_t noted_steps_ = 0;  ///< Steps whose losses are recorded
  std::vector<UnderWay>
      under_way_;  ///< A few batches, oldest first; empty unless the learner's results come late
  std::optional<float> step_loss_;  ///< Loss of the recorded batches of a step not yet recorded
  bool by_device_ = false;          ///< Times are those of the device
  bool in_step_ = false;            ///< A batch of the current step has been learned from
  std::uint64_t epoch_first_step_ = 0;
};

}  // namespace feedline
