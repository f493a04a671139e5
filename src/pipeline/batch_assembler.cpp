#include <feedline/common/errors.hpp>
#include <feedline/metrics/stage_range.hpp>
#include <feedline/pipeline/batch_assembler.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace feedline {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

}  // namespace

BatchAssembler::BatchAssembler(const BatchSchedule& schedule, BatchSender& sender, std::uint64_t first,
                               std::function<void(const Slot&)> before_publish)
    : schedule_(schedule),
      sender_(sender),
      open_(sender.depth()),
      first_(first),
      before_publish_(std::move(before_publish)),
      next_ticket_(first * sender.spec().capacity()),
      published_(first) {
  ensure(schedule.options().buckets.size() == sender.spec().shapes(),
         "batches of other shapes than the channel's");
  for (std::size_t shape = 0; shape < sender.spec().shapes(); ++shape)
    ensure(schedule.options().buckets[shape].rows <= sender.spec().layout(shape).capacity(),
           "batches larger than the channel's slots");
  for (Open& open : open_) open.dropped.resize(sender.spec().capacity());
}

std::optional<Claim> BatchAssembler::claim(TraceLane* lane) {
  const std::uint32_t rows = sender_.spec().capacity();
  for (;;) {
    const std::uint64_t ticket = next_ticket_.fetch_add(1, std::memory_order_relaxed);
    const std::uint64_t sequence = ticket / rows;
    const auto row = static_cast<std::uint32_t>(ticket % rows);
    if (sequence >= schedule_.size()) return std::nullopt;
    const BatchPlan plan = schedule_.plan(sequence);
    if (row >= plan.info.count) continue;  // a short batch has no such row
    return take(plan, row, lane);
  }
}

std::optional<Claim> BatchAssembler::take(const BatchPlan& plan, std::uint32_t row, TraceLane* lane) {
  const bool open = row == 0 ? begin_batch(plan, lane) : wait_until_open(plan.info.sequence, lane);
  if (!open) return std::nullopt;
  return Claim{plan, row, open_batch(plan.info.sequence).slot};
}

bool BatchAssembler::begin_batch(const BatchPlan& plan, TraceLane* lane) {
  // Two workers may hold the first rows of two batches: the later one waits for its turn to acquire.
  const std::uint64_t sequence = plan.info.sequence;
  if (sequence > first_ && !wait_until_open(sequence - 1, lane)) return false;
  std::optional<Slot> slot;
  try {
    const StageRange range(lane, stage::kFreeSlot, sequence);
    slot = sender_.acquire(sequence);
  } catch (...) {
    cancel();
    throw;
  }
  if (!slot) {
    cancel();
    return false;
  }
  Open& open = open_batch(sequence);
  slot->begin(plan.info);
  open.slot = *slot;
  open.done.store(false, std::memory_order_relaxed);
  if (open.has_dropped.exchange(false, std::memory_order_relaxed))
    std::fill(open.dropped.begin(), open.dropped.end(), std::uint8_t{0});
  open.missing.store(plan.info.count, std::memory_order_relaxed);
  // Exchanged, not stored, so that a `cancel` in between is not overwritten.
  std::uint64_t before = open.opened.load(std::memory_order_acquire);
  if (before == kNever ||
      !open.opened.compare_exchange_strong(before, sequence + 1, std::memory_order_acq_rel))
    return false;
  open.opened.notify_all();
  return true;
}

bool BatchAssembler::wait_until_open(std::uint64_t sequence, TraceLane* lane) {
  Open& open = open_batch(sequence);
  std::uint64_t opened = open.opened.load(std::memory_order_acquire);
  if (opened < sequence + 1) {
    const StageRange range(lane, stage::kOpenSlot, sequence);
    while (opened < sequence + 1) {
      open.opened.wait(opened, std::memory_order_acquire);
      opened = open.opened.load(std::memory_order_acquire);
    }
  }
  return !cancelled_.load(std::memory_order_acquire);
}

void BatchAssembler::complete(const Claim& claim, bool kept, TraceLane* lane) {
  Open& open = open_batch(claim.plan.info.sequence);
  if (!kept) {
    open.dropped[claim.row] = 1;
    open.has_dropped.store(true, std::memory_order_relaxed);
  }
  if (open.missing.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  const StageRange range(lane, stage::kPublish, claim.plan.info.sequence);
  if (open.has_dropped.load(std::memory_order_relaxed)) claim.slot.drop_rows(open.dropped);
  claim.slot.seal(sender_.checks());
  open.done.store(true, std::memory_order_release);
  publish_in_order(lane);
}

void BatchAssembler::publish_in_order(TraceLane* lane) {
  const std::lock_guard lock(publishing_);
  for (;;) {
    const std::uint64_t next = published_.load(std::memory_order_relaxed);
    Open& open = open_batch(next);
    if (next == schedule_.size() || open.opened.load(std::memory_order_acquire) != next + 1 ||
        !open.done.exchange(false, std::memory_order_acq_rel)) {
      return;
    }
    const bool idle = sender_.waiting() == 0;
    idle_publishes_.store(idle ? idle_publishes_.load(std::memory_order_relaxed) + 1 : 0,
                          std::memory_order_relaxed);
    if (before_publish_) before_publish_(open.slot);
    sender_.publish(next);
    if (lane != nullptr) lane->set(gauge::kInRing, sender_.waiting());
    published_.store(next + 1, std::memory_order_release);
  }
}

void BatchAssembler::cancel() noexcept {
  cancelled_.store(true, std::memory_order_release);
  for (Open& open : open_) {
    open.opened.store(kNever, std::memory_order_release);
    open.opened.notify_all();
  }
  sender_.cancel();
}

}  // namespace feedline
