#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/metrics/step_timer.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <set>

namespace feedline {

/// The effect of bad samples on the batches that were trained on or evaluated.
struct BadRows {
  std::uint64_t replaced = 0;                  ///< Rows that showed another sample
  std::uint64_t skipped = 0;                   ///< Rows that batches lacked
  std::array<std::set<std::uint64_t>, 2> ids;  ///< Bad samples, by split

  void add(const Slot& batch);
  bool same_counts(const BadRows& other) const noexcept {
    return replaced == other.replaced && skipped == other.skipped;
  }
};

/// The current epoch: the totals at its start, and the losses of its steps.
struct EpochSums {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::uint32_t epoch = kNone;  ///< Number from 0
  std::uint64_t steps_before = 0, samples_before = 0;
  double wall_before = 0, wait_before = 0;  ///< Seconds before the epoch
  double loss = 0;                          ///< Sum of losses
  std::uint64_t losses = 0;
};

/// The results of a training run, kept up to date as it proceeds, so that they can be reported even when it
/// ends early. Between two optimizer steps it is, with the learner's state, all that a run needs to continue.
struct TrainReport {
  std::uint32_t epochs = 0;                    ///< Epochs finished, validation included
  std::uint64_t steps = 0;                     ///< Steps of the optimizer
  std::uint64_t samples = 0;                   ///< Samples in those steps
  std::optional<float> first_loss, last_loss;  ///< Losses of a step: the mean over its samples
  ValResult val;                               ///< Figures of the last epoch
  SampleDigest sample_digest;
  LossDigest loss_digest;
  BadRows bad;
  StepTimer timer;
  EpochSums epoch;
  std::optional<Clock::time_point> first_step;  ///< Start of its work, in this process
  double occupancy_sum = 0;  ///< Sum of ready/depth before each training batch except the run's first
  double occupancy_min = 1;
  std::uint64_t occupancy_count = 0;
  bool stopped = false;
};

}  // namespace feedline
