#include <feedline/common/log.hpp>
#include <feedline/engine/saver.hpp>
#include <feedline/metrics/stage_range.hpp>

#include <fmt/format.h>

#include <span>
#include <utility>

namespace feedline {
namespace {

CheckpointWriter::Options writer_options(const SaveOptions& options, const RunState& basis) {
  CheckpointWriter::Options writer;
  writer.keep = options.keep;
  if (basis.best) writer.best = basis.best->checkpoint;
  writer.before_save = options.before_save;
  writer.lane = options.writer_lane;
  return writer;
}

}  // namespace

Saver::Saver(CheckpointFolder& folder, const SaveOptions& options, RunState basis, bool saved)
    : folder_(folder),
      options_(options),
      state_(std::move(basis)),
      writer_(folder, writer_options(options, state_)),
      last_steps_(state_.report.steps) {
  if (state_.report.epochs > 0) epoch_end_ = state_.report.steps;
  if (saved) saved_ = name_of(state_.report).text();
}

CheckpointName Saver::name_of(const TrainReport& report) const {
  return {report.steps, epoch_end_ == report.steps ? report.epochs : 0};
}

bool Saver::due(const TrainReport& report) const {
  const bool by_steps = options_.every_steps > 0 && report.steps - last_steps_ >= options_.every_steps;
  const bool by_time = options_.every_minutes > 0 && seconds_since(last_time_) >= options_.every_minutes * 60;
  return (by_steps || by_time) && !writer_.busy();
}

void Saver::after_step(Learner& learner, TrainReport& report) {
  if (due(report)) save(learner, report, false);
}

void Saver::after_epoch(Learner& learner, TrainReport& report) {
  epoch_end_ = report.steps;
  const auto found = score(report.val);
  if (found && !writer_.busy() && best_is_gone()) {
    log_warning(fmt::format("The best checkpoint so far, {}, is not in {}, so 'best' begins anew with {}.",
                            state_.best->checkpoint, folder_.path().string(), name_of(report).text()));
    state_.best.reset();
  }
  const bool best = found && (!state_.best || *found > state_.best->score);
  if (best) state_.best = BestScore{name_of(report).text(), *found};
  save(learner, report, best);
}

void Saver::save_now(Learner& learner, TrainReport& report) {
  writer_.wait();
  if (!saved(report) || writer_.stats().last_failed) save(learner, report, false);
  const auto begin = Clock::now();
  const StageRange range(options_.lane, stage::kCheckpointStall, report.steps);
  writer_.wait();
  report.timer.add_checkpoint(Clock::now() - begin);
}

SaveStats Saver::finish() {
  writer_.wait();
  if (best_is_gone())
    log_warning(fmt::format("The best checkpoint, {}, is not in {}: nothing is called 'best' there.",
                            state_.best->checkpoint, folder_.path().string()));
  return writer_.stats();
}

bool Saver::best_is_gone() const {
  return state_.best && !folder_.holds(state_.best->checkpoint);
}

void Saver::save(Learner& learner, TrainReport& report, bool best) {
  const auto begin = Clock::now();
  const StageRange range(options_.lane, stage::kCheckpointStall, report.steps);
  SaveJob job{name_of(report).text(), learner.snapshot(), best};
  state_.report = report;
  job.parts.insert(job.parts.end(), options_.parts.begin(), options_.parts.end());
  job.parts.push_back({RunState::kFile, [text = to_text(state_)](const ByteSink& sink) {
                         sink(std::as_bytes(std::span(text)));
                       }});
  saved_ = job.name;
  writer_.submit(std::move(job));
  last_steps_ = report.steps;
  last_time_ = Clock::now();
  report.timer.add_checkpoint(last_time_ - begin);
}

}  // namespace feedline
