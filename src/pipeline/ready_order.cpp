#include <feedline/pipeline/ready_order.hpp>

#include <algorithm>

namespace feedline {

ReadyOrder::ReadyOrder(const BatchSchedule& schedule, std::uint64_t window, std::uint64_t first)
    : schedule_(schedule), window_(window), next_sequence_(first) {}

bool ReadyOrder::window_used_up() const {
  const auto oldest = std::min_element(under_way_.begin(), under_way_.end());
  return oldest != under_way_.end() && next_ticket_ - *oldest > window_;
}

std::optional<ReadyOrder::Sample> ReadyOrder::claim() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return cancelled_ || !window_used_up(); });
  if (cancelled_ || next_sequence_ >= schedule_.size()) return std::nullopt;
  const Sample sample{schedule_.plan(next_sequence_), next_row_, next_ticket_++};
  under_way_.push_back(sample.ticket);
  open_segment(sample.plan);
  if (++next_row_ == sample.plan.info.count) {
    next_row_ = 0;
    ++next_sequence_;
  }
  return sample;
}

/// Opens a segment if the sample is the first of its epoch and split.
void ReadyOrder::open_segment(const BatchPlan& plan) {
  if (!segments_.empty() && segments_.back().is_of(plan)) return;
  if (!segments_.empty()) segments_.back().end = plan.info.sequence;
  std::erase_if(segments_, [](const Segment& segment) { return segment.over(); });
  segments_.push_back({plan.info.epoch, plan.info.split, plan.info.sequence, 0});
}

ReadyOrder::Segment& ReadyOrder::segment_of(const BatchPlan& plan) {
  return *std::ranges::find_if(segments_, [&](const Segment& segment) { return segment.is_of(plan); });
}

ReadyOrder::Row ReadyOrder::finish(const Sample& sample) {
  const std::lock_guard lock(mutex_);
  Segment& segment = segment_of(sample.plan);
  const Row row{schedule_.plan(segment.sequence), segment.row};
  if (++segment.row == row.plan.info.count) {
    segment.row = 0;
    ++segment.sequence;
  }
  std::erase_if(segments_, [](const Segment& each) { return each.over(); });
  std::erase(under_way_, sample.ticket);
  changed_.notify_all();
  return row;
}

void ReadyOrder::cancel() noexcept {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  changed_.notify_all();
}

}  // namespace feedline
