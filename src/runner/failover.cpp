#include "failover.hpp"

#include "input_report.hpp"
#include "make_input.hpp"
#include "open_datasets.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/thread_limits.hpp>

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <utility>

namespace feedline {

void Failover::arm(Work work, std::shared_ptr<ChannelControl> channel) {
  const std::lock_guard lock(mutex_);
  work_.emplace(std::move(work));
  channel_ = std::move(channel);
}

void Failover::disarm() {
  const std::lock_guard lock(mutex_);
  if (accepted_) return;
  work_.reset();
  channel_.reset();
}

bool Failover::armed() {
  const std::lock_guard lock(mutex_);
  return work_.has_value();
}

bool Failover::accept(const std::string& message) {
  const std::lock_guard lock(mutex_);
  if (!work_) return false;
  std::unique_ptr<RingSender> sender = channel_->take_over();
  const ChannelView now = channel_->view();
  if (!sender && !now.finished) return false;
  if (!sender) {
    log_warning(message + " It had prepared all there was: this rank ends the run alone.");
    accepted_.store(true);
    return true;
  }
  log_warning(
      fmt::format("{} This rank {} from batch {} on; {} batches are still there.", message,
                  work_->is_only ? "goes on alone, in buffered mode," : "prepares what that one would have,",
                  now.published, now.published - now.released));
  accepted_.store(true);
  auto work = std::make_shared<std::unique_ptr<RingSender>>(std::move(sender));
  try {
    thread_ = std::thread([this, work] { run(std::move(*work)); });
  } catch (const std::exception& error) {
    const auto limit = limit_reached(error);
    (*work)->fail({limit ? limit->code() : ExitCode::kInternal, limit ? limit->what() : error.what()});
  }
  return true;
}

void Failover::run(std::unique_ptr<RingSender> sender) {
  Work& work = *work_;
  capture(outcome_, [&] {
    const DataSplits data = open_datasets(work.options, work.faults);
    if (data.info.train_size != work.info.train_size || data.info.val_size != work.info.val_size)
      throw DataError("The data has changed since the run began: it cannot be gone on with.");
    work.prefetch.first = channel_->view().published;
    InputPipeline input(data, work.schedule, *sender,
                        {work.prefetch, bad_sample_options(work.options, work.data_rank, true)});
    input.start();
    capture(outcome_, [&] {
      input.wait();
      sender->drain();
    });
    note_input(outcome_, input);
    outcome_.link = sender->stats();
  });
  if (outcome_.code != ExitCode::kDone) sender->fail({outcome_.code, outcome_.message});
}

void Failover::finish(Outcome& outcome) {
  if (!thread_.joinable()) return;
  thread_.join();
  outcome.input += outcome_.input;
  outcome.link.batches += outcome_.link.batches;
  outcome.link.bytes += outcome_.link.bytes;
  if (outcome_.code != ExitCode::kDone &&
      outcome.reported_by_peer) {  // told by the thread, which is of this rank
    outcome.code = outcome_.code;
    outcome.message = outcome_.message;
  }
}

Failover::~Failover() {
  disarm();
  if (thread_.joinable()) thread_.join();
}

}  // namespace feedline
