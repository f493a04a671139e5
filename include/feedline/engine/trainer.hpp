#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/metrics/progress.hpp>
#include <feedline/metrics/step_timer.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/transport/channel.hpp>

#include <cstdint>
#include <functional>
#include <optional>

namespace feedline {

/// What a training run did, kept up to date while it goes, so that it can be told also when it ends early.
struct TrainReport {
  std::uint32_t epochs = 0;                    ///< finished, validation included
  std::uint64_t steps = 0;                     ///< of the optimizer
  std::uint64_t samples = 0;                   ///< that went into those steps
  std::optional<float> first_loss, last_loss;  ///< of a step: the mean over its samples
  ValResult val;                               ///< of the last epoch
  SampleDigest sample_digest;
  LossDigest loss_digest;
  StepTimer timer;
  std::optional<Clock::time_point> first_step;  ///< when its work began
  double occupancy_sum = 0;  ///< of ready/depth before each training batch but the run's first
  double occupancy_min = 1;
  std::uint64_t occupancy_count = 0;
  bool stopped = false;
};

/// The training loop: receives batches, steps the learner, evaluates, reports. Knows neither MPI nor torch.
class Trainer {
 public:
  /// All references must outlive the trainer. `stop` is asked after every optimizer step.
  Trainer(Learner& learner, BatchReceiver& receiver, const BatchSchedule& schedule,
          const TrainOptions& options, Progress& progress, std::function<bool()> stop);

  /// Runs through all batches of the schedule, or to a stop (then `report().stopped`, and the receiver is
  /// closed). Blocks. Throws PeerError when the stream ends too early, and what the receiver and the learner
  /// throw; the report stays valid. Call once.
  void run();

  const TrainReport& report() const noexcept { return report_; }

 private:
  /// What has gone into the optimizer step that is under way; `samples` and `digest` are those of the run.
  struct Pending {
    std::optional<float> loss;
    std::uint64_t samples = 0;
    SampleDigest digest;
  };

  void note_occupancy();
  void train_batch(const Slot& batch, Clock::duration waited);
  void validate_batch(const Slot& batch, Clock::time_point asked);
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
  Pending pending_;
  std::uint64_t epoch_first_step_ = 0;
};

}  // namespace feedline
