#include <feedline/common/divide_up.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/data/permutation.hpp>
#include <feedline/pipeline/batch_schedule.hpp>

#include <algorithm>

namespace feedline {

std::uint32_t BatchSchedule::EpochBatches::bucket_of(std::uint64_t batch) const noexcept {
  std::size_t bucket = parts.size() - 1;
  while (parts[bucket].first_batch > batch) --bucket;
  return static_cast<std::uint32_t>(bucket);
}

std::uint64_t BatchSchedule::EpochBatches::first_of(std::uint64_t batch) const noexcept {
  const Part& part = parts[bucket_of(batch)];
  return part.first_position + (batch - part.first_batch) * part.rows;
}

std::uint32_t BatchSchedule::EpochBatches::count_of(std::uint64_t batch) const noexcept {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(parts[bucket_of(batch)].rows, size - first_of(batch)));
}

BatchSchedule::EpochBatches BatchSchedule::batches_of(const std::vector<BucketCounts>& buckets,
                                                      std::uint64_t BucketCounts::*size, bool drop_last) {
  EpochBatches all;
  std::uint64_t position = 0;
  for (const BucketCounts& bucket : buckets) {
    ensure(bucket.rows > 0, "a batch without rows");
    all.parts.push_back({bucket.rows, all.batches, position});
    all.size += bucket.*size;
    const bool last = &bucket == &buckets.back();
    const std::uint64_t left = all.size - position;
    const std::uint64_t batches =
        last && !drop_last ? divide_up<std::uint64_t>(left, bucket.rows) : left / bucket.rows;
    all.batches += batches;
    position += batches * bucket.rows;
  }
  return all;
}

BatchSchedule::BatchSchedule(const ScheduleOptions& options, const Position& done)
    : options_(options),
      train_(batches_of(options.buckets, &BucketCounts::train, options.drop_last)),
      val_(batches_of(options.buckets, &BucketCounts::val, false)) {
  ensure(train_.size > 0 && options.epochs > 0 && options.grad_accum > 0, "an empty schedule");
  if (train_.batches == 0)
    throw UsageError(
        "--drop-last leaves nothing to train on: no batch is whole. Use a smaller --batch-size.");
  const std::uint64_t full_steps = steps_before(1);
  epochs_ = options.epochs;
  last_batches_ = train_.batches;
  total_steps_ = full_steps * epochs_;
  if (options.max_steps > 0 && options.max_steps < total_steps_) {
    total_steps_ = options.max_steps;
    epochs_ = static_cast<std::uint32_t>(divide_up(total_steps_, full_steps));
    const std::uint64_t last_steps = total_steps_ - full_steps * (epochs_ - 1);
    last_batches_ = std::min(train_.batches, last_steps * options.grad_accum);
  }
  size_ = (epochs_ - 1) * (train_.batches + val_.batches) + last_batches_ + val_.batches;
  first_ = std::min(number_of(done), size_);
}

/// Returns which batch of EpochBatches the `batch`-th batch of that epoch's training is.
std::uint64_t BatchSchedule::shuffled(std::uint32_t epoch, std::uint64_t batch) const noexcept {
  const std::uint64_t last = train_.batches - (options_.drop_last ? 0 : 1);  // those before it are shuffled
  if (!options_.shuffle || train_.parts.size() == 1 || batch >= last) return batch;
  const Permutation order(last, options_.seed, epoch, RandomPurpose::kBatchOrder);
  if (epoch > 0) return order(batch);
  const std::uint64_t largest = last - 1;  // swapped with the first
  if (batch == 0) return largest;
  const std::uint64_t drawn = order(batch);
  return drawn == largest ? order(0) : drawn;
}

/// Returns the number of the first batch that is not done.
std::uint64_t BatchSchedule::number_of(const Position& done) const noexcept {
  const std::uint64_t per_epoch = train_.batches + val_.batches;
  if (done.steps >= total_steps_) return done.epochs >= epochs_ ? size_ : size_ - val_.batches;
  const std::uint64_t full_steps = steps_before(1);
  const std::uint64_t epoch = done.steps / full_steps, step = done.steps % full_steps;
  if (step == 0 && epoch > done.epochs) return epoch * per_epoch - val_.batches;
  return epoch * per_epoch + step * options_.grad_accum;
}

BatchSchedule BatchSchedule::part(std::uint64_t number, std::uint64_t of) const {
  ensure(turns_ == 1 && number < of, "no such part of a schedule");
  BatchSchedule part = *this;
  part.turn_ = number;
  part.turns_ = of;
  return part;
}

std::uint64_t BatchSchedule::size() const noexcept {
  const std::uint64_t left = size_ - first_;
  return left > turn_ ? divide_up(left - turn_, turns_) : 0;
}

std::uint32_t BatchSchedule::first_epoch() const noexcept {
  return size() > 0 ? plan(0).info.epoch : epochs_;
}

std::uint64_t BatchSchedule::steps_before(std::uint32_t epoch) const noexcept {
  return epoch * divide_up<std::uint64_t>(train_.batches, options_.grad_accum);
}

std::uint64_t BatchSchedule::train_batches(std::uint32_t epoch) const noexcept {
  return epoch + 1 == epochs_ ? last_batches_ : train_.batches;
}

std::uint64_t BatchSchedule::steps(std::uint32_t epoch) const noexcept {
  return divide_up<std::uint64_t>(train_batches(epoch), options_.grad_accum);
}

BatchPlan BatchSchedule::plan(std::uint64_t index) const noexcept {
  const std::uint64_t number = first_ + turn_ + index * turns_;
  const std::uint64_t per_epoch = train_.batches + val_.batches;
  const auto epoch = static_cast<std::uint32_t>(std::min<std::uint64_t>(number / per_epoch, epochs_ - 1));
  const std::uint64_t within = number - epoch * per_epoch;
  const bool train = within < train_batches(epoch);
  const std::uint64_t batch = train ? within : within - train_batches(epoch);
  const EpochBatches& all = train ? train_ : val_;
  const std::uint64_t at = train ? shuffled(epoch, batch) : batch;

  BatchPlan plan;
  plan.first_position = all.first_of(at);
  plan.info.split = train ? Split::kTrain : Split::kVal;
  plan.info.last_of_split = batch + 1 == (train ? train_batches(epoch) : val_.batches);
  plan.info.sequence = index;
  plan.info.epoch = epoch;
  plan.info.batch = static_cast<std::uint32_t>(batch);
  plan.info.count = all.count_of(at);
  plan.info.bucket = all.bucket_of(at);
  return plan;
}

std::uint64_t BatchSchedule::step_samples(std::uint32_t epoch, std::uint32_t batch) const noexcept {
  const std::uint64_t first = batch / options_.grad_accum * std::uint64_t{options_.grad_accum};
  const std::uint64_t last = std::min(first + options_.grad_accum, train_batches(epoch));
  std::uint64_t samples = 0;
  for (std::uint64_t i = first; i < last; ++i) samples += train_.count_of(shuffled(epoch, i));
  return samples;
}

bool BatchSchedule::ends_step(std::uint32_t epoch, std::uint32_t batch) const noexcept {
  return (batch + 1) % options_.grad_accum == 0 || batch + 1 == train_batches(epoch);
}

}  // namespace feedline
