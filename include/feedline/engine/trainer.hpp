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

/// The training loop: receives batches, steps the learner, evaluates, reports. Knows neither MPI nor torch.
class Trainer {
 public:
  /// All references must outlive the trainer. `stop` is asked before every optimizer step, and during
  /// validation. `done`: what an earlier part of the run did, for a schedule of the batches that are left.
  Trainer(Learner& learner, BatchReceiver& receiver, const BatchSchedule& schedule,
          const TrainOptions& options, Progress& progress, std::function<bool()> stop, TrainReport done = {});

  /// Checkpoints are written through `saver`, which must outlive the trainer. Before `run`.
  void save_to(Saver& saver) noexcept { saver_ = &saver; }

  /// What the loop does is shown on that lane, which must outlive the trainer. Before `run`.
  void show_on(TraceLane* lane) noexcept { lane_ = lane; }

  /// The learner's calls are work under that limit, which must outlive the trainer. Before `run`.
  void limit_by(StopLimit* limit) noexcept { limit_ = limit; }

  /// Has `after_batch(n)` called when the n-th batch is consumed, from 1. Before `run`.
  void after_each_batch(std::function<void(std::uint64_t)> after_batch) {
    after_batch_ = std::move(after_batch);
  }

  /// Has `after_epoch` called with what each epoch did, before it is saved. Before `run`.
  void after_each_epoch(std::function<void(const EpochFigures&)> after_epoch) {
    after_epoch_ = std::move(after_epoch);
  }

  /// Runs through all batches of the schedule, or to a stop (then `report().stopped`, and the receiver is
  /// closed); what a step or a validation had received by then is forgotten. Blocks. Throws PeerError when
  /// the stream ends too early, and what the receiver and the learner throw; the report stays valid. Call
  /// once.
  void run();

  const TrainReport& report() const noexcept { return report_; }

  /// Saves where the run stands, also after `run` has thrown PeerError. Blocks until it is on the disk.
  void save_now();

 private:
  /// What has gone into the optimizer step that is under way; they are those of the run.
  struct Pending {
    std::uint64_t samples = 0;
    SampleDigest digest;
    BadRows bad;
  };

  /// A batch whose result is not noted yet.
  struct UnderWay {
    bool ends_step = false;
    Clock::duration waited{};
    Clock::time_point begin, end;       ///< of the calls to the learner
    std::optional<BatchResult> result;  ///< if it is there
  };

  void run_all();
  bool stop_here();

  std::optional<Slot> receive(std::uint64_t index);
  void note_occupancy();
  std::optional<BatchResult> learn(const Slot& batch, std::uint64_t step_samples);
  void optimize();
  void begin_epoch(std::uint32_t epoch);
  EpochFigures figures_of(std::uint32_t epoch) const;
  void train_batch(const Slot& batch, Clock::duration waited);
  void validate_batch(const Slot& batch, Clock::time_point asked);
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
  const TrainOptions& options_;
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
  std::uint64_t noted_steps_ = 0;  ///< whose losses are noted
  std::vector<UnderWay>
      under_way_;  ///< a few, the oldest first; none but with a learner whose results come late
  std::optional<float> step_loss_;  ///< of the batches that are noted, of a step that is not yet
  bool by_device_ = false;          ///< times are those of the device
  bool in_step_ = false;            ///< a batch of the step under way has been learned from
  std::uint64_t epoch_first_step_ = 0;
};

}  // namespace feedline
