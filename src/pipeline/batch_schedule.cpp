#include <feedline/common/errors.hpp>
#include <feedline/pipeline/batch_schedule.hpp>

#include <algorithm>

namespace feedline {
namespace {

std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) {
  return (value + by - 1) / by;
}

}  // namespace

BatchSchedule::BatchSchedule(const ScheduleOptions& options, const Position& done) : options_(options) {
  ensure(options.train_size > 0 && options.batch_size > 0 && options.epochs > 0 && options.grad_accum > 0,
         "an empty schedule");
  full_batches_ = divide_up(options.train_size, options.batch_size);
  val_batches_ = divide_up(options.val_size, options.batch_size);
  const std::uint64_t full_steps = steps_before(1);
  epochs_ = options.epochs;
  last_batches_ = full_batches_;
  total_steps_ = full_steps * epochs_;
  if (options.max_steps > 0 && options.max_steps < total_steps_) {
    total_steps_ = options.max_steps;
    epochs_ = static_cast<std::uint32_t>(divide_up(total_steps_, full_steps));
    const std::uint64_t last_steps = total_steps_ - full_steps * (epochs_ - 1);
    last_batches_ = std::min(full_batches_, last_steps * options.grad_accum);
  }
  size_ = (epochs_ - 1) * (full_batches_ + val_batches_) + last_batches_ + val_batches_;
  first_ = std::min(number_of(done), size_);
}

/// Of the first batch that is not done.
std::uint64_t BatchSchedule::number_of(const Position& done) const noexcept {
  const std::uint64_t per_epoch = full_batches_ + val_batches_;
  if (done.steps >= total_steps_) return done.epochs >= epochs_ ? size_ : size_ - val_batches_;
  const std::uint64_t full_steps = steps_before(1);
  const std::uint64_t epoch = done.steps / full_steps, step = done.steps % full_steps;
  if (step == 0 && epoch > done.epochs) return epoch * per_epoch - val_batches_;
  return epoch * per_epoch + step * options_.grad_accum;
}

std::uint32_t BatchSchedule::first_epoch() const noexcept {
  return size() > 0 ? plan(0).info.epoch : epochs_;
}

std::uint64_t BatchSchedule::steps_before(std::uint32_t epoch) const noexcept {
  return epoch * divide_up(full_batches_, options_.grad_accum);
}

std::uint64_t BatchSchedule::train_batches(std::uint32_t epoch) const noexcept {
  return epoch + 1 == epochs_ ? last_batches_ : full_batches_;
}

std::uint64_t BatchSchedule::steps(std::uint32_t epoch) const noexcept {
  return divide_up(train_batches(epoch), options_.grad_accum);
}

BatchPlan BatchSchedule::plan(std::uint64_t index) const noexcept {
  const std::uint64_t number = first_ + index;
  const std::uint64_t per_epoch = full_batches_ + val_batches_;
  const auto epoch = static_cast<std::uint32_t>(std::min<std::uint64_t>(number / per_epoch, epochs_ - 1));
  const std::uint64_t within = number - epoch * per_epoch;
  const bool train = within < train_batches(epoch);
  const std::uint64_t batch = train ? within : within - train_batches(epoch);
  const std::uint64_t first = batch * options_.batch_size;
  const std::uint64_t size = train ? options_.train_size : options_.val_size;

  BatchPlan plan;
  plan.first_position = first;
  plan.info.split = train ? Split::kTrain : Split::kVal;
  plan.info.last_of_split = batch + 1 == (train ? train_batches(epoch) : val_batches_);
  plan.info.sequence = index;
  plan.info.epoch = epoch;
  plan.info.batch = static_cast<std::uint32_t>(batch);
  plan.info.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(options_.batch_size, size - first));
  return plan;
}

std::uint64_t BatchSchedule::step_samples(std::uint32_t epoch, std::uint32_t batch) const noexcept {
  const std::uint64_t first = batch / options_.grad_accum * std::uint64_t{options_.grad_accum};
  const std::uint64_t last = std::min(first + options_.grad_accum, train_batches(epoch));
  return std::min(last * options_.batch_size, options_.train_size) - first * options_.batch_size;
}

bool BatchSchedule::ends_step(std::uint32_t epoch, std::uint32_t batch) const noexcept {
  return (batch + 1) % options_.grad_accum == 0 || batch + 1 == train_batches(epoch);
}

}  // namespace feedline
