#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/engine/trainer.hpp>
#include <feedline/metrics/stage_range.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

namespace feedline {

void BadRows::add(const Slot& batch) {
  const SlotHeader& header = batch.header();
  skipped += header.planned - header.count;
  std::uint64_t row = 0;
  for (const RowNote& note : batch.notes()) {
    const bool shown = row++ < header.count;
    if (note.bad_id == RowNote::kNone) continue;
    ids[static_cast<std::size_t>(header.split)].insert(note.bad_id);
    if (shown) ++replaced;
  }
}

Trainer::Trainer(Learner& learner, BatchReceiver& receiver, const BatchSchedule& schedule,
                 const TrainSettings& options, Progress& progress, std::function<bool()> stop,
                 TrainReport done)
    : learner_(learner),
      receiver_(receiver),
      schedule_(schedule),
      options_(options),
      progress_(progress),
      stop_(std::move(stop)),
      report_(std::move(done)),
      pending_{report_.samples, report_.sample_digest, report_.bad},
      watch_(options.precision == "fp16"),
      noted_steps_(report_.steps),
      epoch_first_step_(schedule.steps_before(schedule.first_epoch())) {
  report_.epochs = std::min(report_.epochs, schedule.first_epoch());  // an epoch that was cut short goes on
}

void Trainer::run() {
  try {
    run_all();
  } catch (...) {
    try {
      note_results(true);
    } catch (const std::exception&) {  // usually the same failure again
    }
    throw;
  }
  note_results(true);
  if (const auto wrong = watch_.diverged_at_end()) throw UsageError(*wrong + remedy());
}

void Trainer::run_all() {
  for (std::uint64_t index = 0; index < schedule_.size() && !stop_here(); ++index) {
    const bool train = schedule_.plan(index).info.split == Split::kTrain;
    if (train && index > 0) note_occupancy();
    const auto asked = Clock::now();
    BatchLease batch = receive(index);
    if (!batch) {
      in_step_ = false;
      if (stop_here()) return;
      throw PeerError(
          fmt::format("The stream of batches ended after {} of {} batches: the side that prepares the data "
                      "stopped without saying why. Its own messages tell more.",
                      index, schedule_.size()));
    }
    if (train) {
      train_batch(std::move(batch), Clock::now() - asked);
    } else {
      validate_batch(std::move(batch), asked);
    }
    if (after_batch_) after_batch_(index + 1);
  }
}

BatchLease Trainer::receive(std::uint64_t index) {
  const std::size_t ready = receiver_.ready();
  if (lane_ != nullptr) lane_->set(gauge::kReady, ready);
  const StageRange range(lane_, ready > 0 ? stage::kTakeBatch : stage::kStall, index);
  return receiver_.receive();
}

/// Returns whether the run ends here because of a stop request; never in the middle of a step.
bool Trainer::stop_here() {
  if (in_step_ || !stop_()) return false;
  report_.stopped = true;
  receiver_.close();
  return true;
}

void Trainer::save_now() {
  note_results(true);
  if (saver_ != nullptr) saving([&] { saver_->save_now(learner_, report_); });
}

/// Returns advice for losses that are not finite, and names the newest checkpoint.
std::string Trainer::remedy() const {
  std::string text = fmt::format(
      " Try a lower --lr, such as {:g}, or more --warmup-steps; a model of your own (--model) may also "
      "divide by 0 or take its logarithm.",
      std::min(options_.lr / 10, 1e-3));
  if (saver_ == nullptr) return text;
  if (!saver_->newest()) return text + " No checkpoint was written.";
  return text + fmt::format(" The newest checkpoint, {}, is finite: --resume auto goes on from it.",
                            *saver_->newest());
}

/// Saves a checkpoint, unless the model holds values that are not finite: then it throws.
template <typename Work>
void Trainer::saving(const Work& work) {
  try {
    work();
  } catch (const NotFiniteError& error) {
    throw UsageError(
        fmt::format("Training has diverged: after step {} the model holds values that are not finite, in {} "
                    "(learning rate {:.3g}). It is not saved.",
                    report_.steps, error.what(), rate_of(report_.steps)) +
        remedy());
  }
}

/// Returns the learning rate of a finished step, counted from 1.
double Trainer::rate_of(std::uint64_t step) const noexcept {
  return learning_rate(options_.lr, step > 0 ? step - 1 : 0, schedule_.total_steps(), options_.warmup_steps);
}

void Trainer::note_occupancy() {
  const double share = static_cast<double>(receiver_.ready()) / static_cast<double>(receiver_.depth());
  report_.occupancy_sum += share;
  report_.occupancy_min = std::min(report_.occupancy_min, share);
  ++report_.occupancy_count;
}

std::optional<BatchResult> Trainer::learn(const Slot& batch, std::uint64_t step_samples) {
  const StageRange range(lane_, stage::kForwardBackward);
  const StopLimit::Work work(limit_, "optimizer step {}", report_.steps + 1);
  return learner_.accumulate(batch, step_samples);
}

void Trainer::optimize() {
  const StageRange range(lane_, stage::kOptimizer);
  const StopLimit::Work work(limit_, "optimizer step {}", report_.steps + 1);
  learner_.step(learning_rate(options_.lr, report_.steps, schedule_.total_steps(), options_.warmup_steps));
}

/// Begins an epoch, unless it is the one that an earlier part of the run had begun.
void Trainer::begin_epoch(std::uint32_t epoch) {
  if (report_.epoch.epoch == epoch) return;
  report_.epoch = {.epoch = epoch,
                   .steps_before = report_.steps,
                   .samples_before = report_.samples,
                   .wall_before = report_.timer.wall_s(),
                   .wait_before = report_.timer.data_wait_s()};
}

void Trainer::train_batch(BatchLease batch, Clock::duration waited) {
  const auto begin = Clock::now();
  begin_epoch(batch->header().epoch);
  if (!report_.first_step) report_.first_step = begin;
  const SlotHeader& header = batch->header();
  StageRange range(lane_, stage::kStep, batch.sequence(), header.count);
  const std::uint32_t epoch = header.epoch;
  const bool ends_step = schedule_.ends_step(epoch, header.batch);
  const bool last = header.last_of_split != 0;

  // Skipped samples do not count in the mean.
  const std::uint32_t skipped = header.planned - header.count;
  std::optional<BatchResult> result = BatchResult{};
  if (!in_step_ && !ends_step) learner_.begin_step();
  in_step_ = !ends_step;
  if (header.count > 0) result = learn(*batch, schedule_.step_samples(epoch, header.batch) - skipped);
  pending_.samples += header.count;
  for (const std::uint64_t id : batch->sample_ids()) pending_.digest.add(epoch, id);
  pending_.bad.add(*batch);
  batch.release();

  if (ends_step) optimize();
  under_way_.push_back({ends_step, waited, begin, Clock::now(), result});
  range.end();
  note_results(last);
  if (ends_step) end_step(epoch);
  if (last && schedule_.val_batches() == 0) end_epoch(epoch);
}

/// Notes the results of batches, in order, as far as they are there; with `all`, waits for the rest.
void Trainer::note_results(bool all) {
  while (!under_way_.empty()) {
    UnderWay& batch = under_way_.front();
    if (!batch.result) {
      const StopLimit::Work work(limit_, "optimizer step {}, or one before it,", report_.steps + 1);
      batch.result = learner_.finished(all);
    }
    if (!batch.result) return;
    note(batch);
    under_way_.erase(under_way_.begin());
  }
}

/// Notes one batch. Its times come from the device's own clock where the device works asynchronously, since
/// the host's calls show little then, and else from the host's clock.
void Trainer::note(const UnderWay& batch) {
  if (const auto& time = batch.result->time) {
    report_.timer.add_batch(time->idle, time->work);
  } else if (!by_device_) {
    report_.timer.add_batch(batch.waited, batch.begin, batch.end);
  }
  by_device_ |= batch.result->time.has_value();
  if (const auto loss = batch.result->loss) step_loss_ = step_loss_.value_or(0.0f) + *loss;
  if (!batch.ends_step) return;
  ++noted_steps_;
  if (const auto loss = std::exchange(step_loss_, std::nullopt)) {
    report_.loss_digest.add(*loss);
    report_.epoch.loss += static_cast<double>(*loss);
    ++report_.epoch.losses;
    if (!report_.first_loss) report_.first_loss = loss;
    report_.last_loss = loss;
    watch_.note(*loss, noted_steps_, rate_of(noted_steps_));
  }
}

void Trainer::end_step(std::uint32_t epoch) {
  ++report_.steps;
  report_.samples = pending_.samples;
  report_.sample_digest = pending_.digest;
  if (!report_.bad.same_counts(pending_.bad)) report_.bad = pending_.bad;
  progress_.update(progress_state(epoch));
  if (const auto wrong = watch_.diverged()) throw UsageError(*wrong + remedy());
  if (saver_ == nullptr || !saver_->due(report_)) return;
  note_results(true);
  saving([&] { saver_->after_step(learner_, report_); });
}

void Trainer::validate_batch(BatchLease batch, Clock::time_point asked) {
  note_results(true);
  const SlotHeader& header = batch->header();
  StageRange range(lane_, stage::kValidation, batch.sequence(), header.count);
  const std::uint32_t epoch = header.epoch;
  const bool last = header.last_of_split != 0;
  if (header.count > 0) {
    const StopLimit::Work work(limit_, "a validation step of epoch {}", epoch + std::uint64_t{1});
    learner_.evaluate(*batch);
  }
  pending_.bad.add(*batch);
  batch.release();
  if (last) report_.val = learner_.finish_evaluation();
  if (last) note_validation(epoch);
  report_.timer.add_validation(Clock::now() - asked);
  range.end();
  if (last) end_epoch(epoch);
}

void Trainer::note_validation(std::uint32_t epoch) {
  std::string wrong;
  const auto add = [&wrong](const std::string& name, double value) {
    if (!std::isfinite(value))
      wrong += fmt::format("{}{} {}", wrong.empty() ? "" : ", ", name,
                           std::isnan(value) ? std::abs(value) : value);
  };
  if (report_.val.loss) add("loss", *report_.val.loss);
  for (const auto& [name, value] : report_.val.metrics) add(name, value);
  if (!wrong.empty())
    log_warning(fmt::format("Epoch {}: the validation's figures are not finite ({}); it counts for nothing.",
                            epoch + 1, wrong));
}

EpochFigures Trainer::figures_of(std::uint32_t epoch) const {
  const EpochSums& sums = report_.epoch;
  EpochFigures figures;
  figures.epoch = epoch + 1;
  figures.steps = report_.steps - sums.steps_before;
  figures.samples = report_.samples - sums.samples_before;
  if (sums.losses > 0) figures.train_loss = sums.loss / static_cast<double>(sums.losses);
  figures.learning_rate = learning_rate(options_.lr, std::max<std::uint64_t>(report_.steps, 1) - 1,
                                        schedule_.total_steps(), options_.warmup_steps);
  if (schedule_.val_batches() > 0) {
    figures.val_loss = report_.val.loss;
    figures.val = report_.val.metrics;
  }
  figures.seconds = report_.timer.wall_s() - sums.wall_before;
  figures.data_wait_s = report_.timer.data_wait_s() - sums.wait_before;
  return figures;
}

void Trainer::end_epoch(std::uint32_t epoch) {
  if (after_epoch_) after_epoch_(figures_of(epoch));
  std::map<std::string, double> validation = report_.val.metrics;
  if (report_.val.loss) validation["loss"] = *report_.val.loss;
  progress_.end_epoch(progress_state(epoch), validation);
  ++report_.epochs;
  if (!report_.bad.same_counts(pending_.bad)) report_.bad = pending_.bad;
  epoch_first_step_ = report_.steps;
  if (saver_ != nullptr) saving([&] { saver_->after_epoch(learner_, report_); });
  report_.timer.begin_epoch();
}

ProgressState Trainer::progress_state(std::uint32_t epoch) const {
  const StepTimer& timer = report_.timer;
  const double wall = std::max(timer.wall_s(), 1e-9);
  const auto steps = static_cast<double>(std::max<std::uint64_t>(report_.steps, 1));
  const auto left = static_cast<double>(schedule_.total_steps() - report_.steps);

  ProgressState state;
  state.epoch = epoch;
  state.epochs = schedule_.epochs();
  state.step = report_.steps - epoch_first_step_;
  state.steps = schedule_.steps(epoch);
  state.samples_per_s = static_cast<double>(report_.samples) / wall;
  state.loss = report_.last_loss;
  state.data_wait_share = timer.data_wait_s() / wall;
  state.buffer_ready = receiver_.ready();
  state.buffer_size = receiver_.depth();
  state.seconds_left = left * wall / steps;
  if (report_.epochs > 0)
    state.seconds_left += (schedule_.epochs() - report_.epochs) * timer.val_s() / report_.epochs;
  return state;
}

}  // namespace feedline
