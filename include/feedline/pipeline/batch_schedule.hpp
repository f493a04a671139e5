#pragma once

#include <feedline/batch/slot.hpp>

#include <cstdint>
#include <vector>

namespace feedline {

/// The samples whose batches have one shape, and how many of them a batch holds.
struct ShapeGroup {
  std::uint32_t rows = 0;
  std::uint64_t train = 0;
  std::uint64_t val = 0;
};

/// What decides which batches a run has.
struct ScheduleOptions {
  std::vector<ShapeGroup> groups;  ///< by shape; a sample fits into its own shape and all after it
  std::uint64_t seed = 0;          ///< of the order of batches, where there is more than one shape
  std::uint32_t epochs = 1;
  std::uint32_t grad_accum = 1;  ///< batches an optimizer step; an epoch's last step may have fewer
  std::uint64_t max_steps = 0;   ///< optimizer steps in all; 0: no limit
  bool drop_last = false;        ///< leave an epoch's short training batch out
};

/// One batch of the run: what it is and the positions of its samples in the order of its epoch and split.
struct BatchPlan {
  BatchInfo info;
  std::uint64_t first_position = 0;
};

/// Where a run stands between two optimizer steps.
struct Position {
  std::uint64_t steps = 0;   ///< optimizer steps done
  std::uint32_t epochs = 0;  ///< epochs ended, validation included
};

/// All batches of a run, as a pure function of their number: per epoch the training batches, then the
/// validation batches. A run cut short by `max_steps` still ends with a validation. A run that was
/// interrupted and goes on has those batches that were left, numbered anew from 0.
///
/// With several shapes, positions count the samples of the first shape's group, then those of the next. Each
/// shape has full batches only; what is left over of a group goes into the first batch of the next shape,
/// and the one short batch is the last shape's and an epoch's last, or with `drop_last` not there at all. In
/// training, shapes come in random order, but the run begins with the largest, which shows at once whether
/// memory suffices.
class BatchSchedule {
 public:
  /// All batches that are left at `done`. Throws UsageError when `drop_last` leaves none.
  explicit BatchSchedule(const ScheduleOptions& options, const Position& done = {});

  const ScheduleOptions& options() const noexcept { return options_; }

  /// Of this whole schedule, the batches of one of several that prepare them in turns: `number`, `number` +
  /// `of`, and so on, numbered anew from 0. All else stays that of the whole.
  BatchSchedule part(std::uint64_t number, std::uint64_t of) const;

  /// Batches that are left.
  std::uint64_t size() const noexcept;

  /// Batch number `index` of those that are left; `info.sequence` is `index`.
  BatchPlan plan(std::uint64_t index) const noexcept;

  /// The first epoch that has batches left.
  std::uint32_t first_epoch() const noexcept;

  std::uint32_t epochs() const noexcept { return epochs_; }

  /// Optimizer steps of that epoch; of the whole run, also those that are done; before that epoch begins.
  std::uint64_t steps(std::uint32_t epoch) const noexcept;
  std::uint64_t total_steps() const noexcept { return total_steps_; }
  std::uint64_t steps_before(std::uint32_t epoch) const noexcept;

  std::uint64_t train_batches(std::uint32_t epoch) const noexcept;
  std::uint64_t val_batches() const noexcept { return val_.batches; }

  /// Samples of the optimizer step that training batch `batch` of `epoch` belongs to.
  std::uint64_t step_samples(std::uint32_t epoch, std::uint32_t batch) const noexcept;

  /// Whether the optimizer steps after training batch `batch` of `epoch`.
  bool ends_step(std::uint32_t epoch, std::uint32_t batch) const noexcept;

 private:
  /// All batches of one epoch of a split, put down shape after shape.
  struct Row {
    struct Part {
      std::uint32_t rows = 0;
      std::uint64_t first_batch = 0;
      std::uint64_t first_position = 0;
    };

    std::vector<Part> parts;
    std::uint64_t size = 0;  ///< samples
    std::uint64_t batches = 0;

    std::uint32_t shape_of(std::uint64_t batch) const noexcept;
    std::uint64_t first_of(std::uint64_t batch) const noexcept;
    std::uint32_t count_of(std::uint64_t batch) const noexcept;
  };

  static Row make_row(const std::vector<ShapeGroup>& groups, std::uint64_t ShapeGroup::*size, bool drop_last);
  std::uint64_t number_of(const Position& done) const noexcept;
  std::uint64_t in_row(std::uint32_t epoch, std::uint64_t batch) const noexcept;

  ScheduleOptions options_;
  std::uint32_t epochs_ = 0;  ///< epochs that are begun
  Row train_, val_;
  std::uint64_t last_batches_ = 0;  ///< training batches of the last epoch
  std::uint64_t total_steps_ = 0;
  std::uint64_t size_ = 0;              ///< batches of the whole run
  std::uint64_t first_ = 0;             ///< of those, how many are done
  std::uint64_t turn_ = 0, turns_ = 1;  ///< of those that are left, see part
};

}  // namespace feedline
