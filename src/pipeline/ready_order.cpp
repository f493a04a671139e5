#include <feedline/pipeline/ready_order.hpp>

#include <algorithm>

namespace feedline {

ReadyOrder::ReadyOrder(const BatchSchedule& schedule, std::uint64_t window, std::uint64_t first)
    : schedule_(schedule), window_(window), first_sequence_(first), next_sequence_(first) {}

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
  if (++next_row_ == sample.plan.info.count) {
    next_row_ = 0;
    ++next_sequence_;
  }
  return sample;
}

ReadyOrder::Segment& ReadyOrder::segment_of(const BatchPlan& plan) {
  const std::uint64_t first = plan.info.sequence - plan.info.batch;
  for (Segment& segment : segments_) {
    if (segment.first == first) return segment;
  }
  // Where a run goes on in the middle of an epoch, the first batches of that epoch are none of its own.
  const bool cut = plan.info.sequence < first_sequence_ + plan.info.batch;
  return segments_.emplace_back(Segment{first, cut ? first_sequence_ : first, 0});
}

ReadyOrder::Place ReadyOrder::finish(const Sample& sample) {
  const std::lock_guard lock(mutex_);
  Segment& segment = segment_of(sample.plan);
  const Place place{schedule_.plan(segment.sequence), segment.row};
  if (++segment.row == place.plan.info.count) {
    segment.row = 0;
    ++segment.sequence;
    if (place.plan.info.last_of_split) {
      std::swap(segment, segments_.back());
      segments_.pop_back();
    }
  }
  std::erase(under_way_, sample.ticket);
  changed_.notify_all();
  return place;
}

void ReadyOrder::cancel() noexcept {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  changed_.notify_all();
}

}  // namespace feedline
