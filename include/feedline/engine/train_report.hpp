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

/// What came of bad samples in the batches that were trained on or evaluated.
struct BadRows {
  std::uint64_t replaced = 0;                  ///< rows that showed another sample
  std::uint64_t skipped = 0;                   ///< rows that batches lacked
  std::array<std::set<std::uint64_t>, 2> ids;  ///< the bad samples, by split

  void add(const Slot& batch);
  bool same_counts(const BadRows& other) const noexcept {
    return replaced == other.replaced && skipped == other.skipped;
  }
};

/// The epoch under way: what it began with, and the losses of its steps.
struct EpochSums {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::uint32_t epoch = kNone;  ///< from 0
  std::uint64_t steps_before = 0, samples_before = 0;
  double wall_before = 0, wait_before = 0;  ///< seconds
  double loss = 0;                          ///< sum
  std::uint64_t losses = 0;
};

/// What a training run did, kept up to date while it goes, so that it can be told also when it ends early.
/// Between two optimizer steps it is, with the learner's state, all that a run needs to go on.
struct TrainReport {
  std::uint32_t epochs = 0;                    ///< finished, validation included
  std::uint64_t steps = 0;                     ///< of the optimizer
  std::uint64_t samples = 0;                   ///< that went into those steps
  std::optional<float> first_loss, last_loss;  ///< of a step: the mean over its samples
  ValResult val;                               ///< of the last epoch
  SampleDigest sample_digest;
  LossDigest loss_digest;
  BadRows bad;
  StepTimer timer;
  EpochSums epoch;
  std::optional<Clock::time_point> first_step;  ///< when its work began, in this process
  double occupancy_sum = 0;  ///< of ready/depth before each training batch but the run's first
  double occupancy_min = 1;
  std::uint64_t occupancy_count = 0;
  bool stopped = false;
};

}  // namespace feedline
