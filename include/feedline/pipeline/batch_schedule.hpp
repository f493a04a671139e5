#pragma once

#include <feedline/batch/slot.hpp>

#include <cstdint>
#include <vector>

namespace feedline {

/// A bucket: the samples whose batches have one shape, and how many of them a batch holds.
struct BucketCounts {
  std::uint32_t rows = 0;
  std::uint64_t train = 0;
  std::uint64_t val = 0;
};

/// The settings that determine the batches of a run.
struct ScheduleOptions {
  std::vector<BucketCounts> buckets;  ///< Buckets; a sample fits into its own and all after it
  std::uint64_t seed = 0;             ///< Seed of the order of batches, where there are several buckets
  std::uint32_t epochs = 1;
  std::uint32_t grad_accum = 1;  ///< Batches per optimizer step; an epoch's last step may have fewer
  std::uint64_t max_steps = 0;   ///< Optimizer steps in total; 0: no limit
  bool drop_last = false;        ///< Leave out the short training batch of an epoch
  bool shuffle = true;           ///< Training batches of several buckets come in random order
};

/// One batch of the run: its description and the position of its first sample in the order of its epoch and
/// split.
struct BatchPlan {
  BatchInfo info;
  std::uint64_t first_position = 0;
};

/// The state of a run between two optimizer steps.
struct Position {
  std::uint64_t steps = 0;   ///< Optimizer steps done
  std::uint32_t epochs = 0;  ///< Epochs ended, validation included
};

/// All batches of a run, as a pure function of their sequence: in each epoch the training batches, then the
/// validation batches. A run cut short by `max_steps` still ends with a validation. A resumed run has the
/// batches that were left, numbered from 0 again.
///
/// With several buckets, positions count the samples of the first bucket, then those of the next. Each bucket
/// has full batches only; samples left over go into the first batch of the next bucket. The one short batch
/// is the last bucket's and the last of the epoch, or is left out with `drop_last`. In training, buckets come
/// in random order, but a run begins with the largest, which shows at once whether memory suffices.
class BatchSchedule {
 public:
  /// Makes the schedule of all batches that are left at `done`. Throws UsageError when `drop_last` leaves
  /// none.
  explicit BatchSchedule(const ScheduleOptions& options, const Position& done = {});

  const ScheduleOptions& options() const noexcept { return options_; }

  /// The share of feed `number` among `of` feeds that prepare the batches in turn: batches `number`, `number`
  /// + `of`, and so on, numbered from 0 again. Everything else stays as in the whole schedule.
  BatchSchedule part(std::uint64_t number, std::uint64_t of) const;

  /// The number of batches left.
  std::uint64_t size() const noexcept;

  /// Batch number `index` of those left; `info.sequence` is `index`.
  BatchPlan plan(std::uint64_t index) const noexcept;

  /// The first epoch that has batches left.
  std::uint32_t first_epoch() const noexcept;

  std::uint32_t epochs() const noexcept { return epochs_; }

  /// Optimizer steps: of that epoch; of the whole run, including those already done; before that epoch
  /// begins.
  std::uint64_t steps(std::uint32_t epoch) const noexcept;
  std::uint64_t total_steps() const noexcept { return total_steps_; }
  std::uint64_t steps_before(std::uint32_t epoch) const noexcept;

  std::uint64_t train_batches(std::uint32_t epoch) const noexcept;
  std::uint64_t val_batches() const noexcept { return val_.batches; }

  /// The number of samples in the optimizer step that training batch `batch` of `epoch` belongs to.
  std::uint64_t step_samples(std::uint32_t epoch, std::uint32_t batch) const noexcept;

  /// Whether the optimizer steps after training batch `batch` of `epoch`.
  bool ends_step(std::uint32_t epoch, std::uint32_t batch) const noexcept;

 private:
  /// All batches of one epoch of a split, bucket by bucket.
  struct EpochBatches {
    struct Part {
      std::uint32_t rows = 0;  ///< Rows of each batch
      std::uint64_t first_batch = 0;
      std::uint64_t first_position = 0;
    };

    std::vector<Part> parts;
    std::uint64_t size = 0;  ///< Number of samples
    std::uint64_t batches = 0;

    std::uint32_t bucket_of(std::uint64_t batch) const noexcept;
    std::uint64_t first_of(std::uint64_t batch) const noexcept;
    std::uint32_t count_of(std::uint64_t batch) const noexcept;
  };

  static EpochBatches batches_of(const std::vector<BucketCounts>& buckets, std::uint64_t BucketCounts::*size,
                                 bool drop_last);
  std::uint64_t number_of(const Position& done) const noexcept;
  std::uint64_t shuffled(std::uint32_t epoch, std::uint64_t batch) const noexcept;

  ScheduleOptions options_;
  std::uint32_t epochs_ = 0;  ///< Epochs that are begun
  EpochBatches train_, val_;
  std::uint64_t last_batches_ = 0;  ///< Training batches of the last epoch
  std::uint64_t total_steps_ = 0;
  std::uint64_t size_ = 0;              ///< Batches of the whole run
  std::uint64_t first_ = 0;             ///< Batches, of `size_`, that are done
  std::uint64_t turn_ = 0, turns_ = 1;  ///< Share of the batches left; see part
};

}  // namespace feedline
